import configparser
import psycopg2

TABLES = dict(
    staging_trips='''vendor int2, pickup timestamp, dropoff timestamp, passengers int, distance numeric(6,2), from_zone int, to_zone int,
                     payment_type int, fare numeric(8,2), tip numeric(8,2), note varchar(40)''',
    zones='zone_id int, borough varchar(20), zone varchar(40)',
    trips='''trip_id bigint identity(1000, 10), pickup timestamp, minutes int, pickup_zone varchar(40), dropoff_zone varchar(40),
             payment varchar(10), total numeric(9,2), primary key (trip_id)''',
    hourly='pickup_hour int2, trips int, total numeric(12,2)',
    rejected='filename varchar(256), line bigint, colname varchar(127), reason varchar(100)',
)


def connect():
    config = configparser.ConfigParser(interpolation=None)
    config.read('dwh.cfg')
    return config, psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))


if __name__ == '__main__':
    _, conn = connect()
    with conn.cursor() as cur:
        for table, columns in TABLES.items():
            cur.execute(f'DROP TABLE IF EXISTS {table}; CREATE TABLE {table} ({columns});')
    conn.commit()
