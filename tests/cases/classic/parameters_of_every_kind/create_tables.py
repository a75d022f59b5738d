import configparser

import psycopg2
from psycopg2 import sql

TABLES = {
    'staging_events': '''artist varchar, auth varchar, "firstName" varchar, gender varchar, "itemInSession" int,
        "lastName" varchar, length float, level varchar, location varchar, method varchar, page varchar, registration float,
        "sessionId" int, song varchar, status int, ts bigint, "userAgent" varchar, "userId" int''',
    'songplays': 'songplay_id int identity, start_time timestamp, user_id int, level varchar, session_id int, user_agent varchar',
    'time': 'start_time timestamp, hour int, day int, week int, month int, year int, weekday int',
    'browsers': 'name varchar(20), pattern varchar(20), plays int',
    'days': 'day date, weekend boolean, plays int',
    'runs': 'started timestamp, month char(7), inserted int, comment varchar',
}


def connect():
    config = configparser.ConfigParser()
    config.read('dwh.cfg')
    return psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))


if __name__ == '__main__':
    conn = connect()
    cur = conn.cursor()
    for name, columns in TABLES.items():
        cur.execute(sql.SQL('DROP TABLE IF EXISTS {}').format(sql.Identifier(name)))
        cur.execute(sql.SQL('CREATE TABLE {} ({})').format(sql.Identifier(name), sql.SQL(columns)))
    conn.commit()
    conn.close()
