from weather import connect

connection = connect()
with connection, connection.cursor() as cursor:
    cursor.execute('create schema if not exists weather')
    cursor.execute('drop table if exists weather.readings, weather.stations, weather.daily, weather.station_days')
    cursor.execute('''
        create table weather.readings (
            station varchar(3) not null encode bytedict,
            measured_at timestamp not null encode az64,
            celsius double precision encode raw,
            rain_mm real,
            humidity smallint,
            ok boolean,
            primary key (station, measured_at)
        ) diststyle key distkey (station) compound sortkey (station, measured_at)''')
    cursor.execute('create table weather.stations (station varchar(3), name varchar(40), country char(2), height int, since date)')
    cursor.execute('''
        create table weather.daily (
            station varchar(3), day date, coldest double precision, warmest double precision, fahrenheit decimal(5,1),
            rain decimal(8,2), frost boolean)''')
connection.close()
