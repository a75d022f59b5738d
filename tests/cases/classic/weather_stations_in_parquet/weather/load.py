import datetime
import sys

from weather import LAKE, ROLE, connect


def days(first, count=2):
    for n in range(count):
        yield datetime.date.fromisoformat(first) + datetime.timedelta(n)


def main(first):
    connection = connect()
    with connection, connection.cursor() as cursor:
        cursor.execute(f"copy weather.stations from '{LAKE}/stations.csv' iam_role '{ROLE}' delimiter ';' ignoreheader 1 csv quote '\\''")
        for day in days(first):
            cursor.execute(f"copy weather.readings from '{LAKE}/readings/date={day}/' iam_role '{ROLE}' format as parquet")
    with connection, connection.cursor() as cursor:
        cursor.execute('''
            insert into weather.daily
            select station, trunc(measured_at), min(celsius), max(celsius),
                   max(celsius)::decimal(4,1) * 9 / 5 + 32, sum(coalesce(rain_mm, 0)), bool_or(celsius < 0)
            from weather.readings
            group by 1, 2''')
        cursor.execute('''
            create table weather.station_days as
            select s.*, d.day, d.warmest - d.coldest as span
            from weather.stations s inner join weather.daily d on d.station = s.station''')
        cursor.execute('select name, day, coldest, warmest from weather.station_days join weather.daily using (station, day) order by 1, 2')
        for name, day, coldest, warmest in cursor:
            print(f'{name:20} {day:%d.%m.%Y} {coldest:6.1f} {warmest:6.1f}')
    connection.close()


main(*sys.argv[1:])
