"""Figures for the analytics team, and a few checks that the load went well."""
import configparser
import warnings

import pandas as pd
import psycopg2

warnings.filterwarnings('ignore', message='pandas only supports SQLAlchemy')

config = configparser.ConfigParser()
config.read('dwh.cfg')

conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))

plays = pd.read_sql("""
    SELECT p.start_time, p.level, p.session_id, p.user_id, t.weekday, t.hour, u.gender
    FROM songplays p
    JOIN time t ON t.start_time = p.start_time
    JOIN (SELECT DISTINCT user_id, gender FROM users) u ON u.user_id = p.user_id
    ORDER BY p.start_time, p.songplay_id
""", conn, parse_dates=['start_time'])

assert plays['start_time'].dtype.kind == 'M'
assert len(plays) == plays.groupby('weekday').size().sum()
assert plays['start_time'].is_monotonic_increasing

songs = pd.read_sql('SELECT duration, year FROM songs WHERE year > %(year)s', conn, params={'year': 0})
assert songs['duration'].astype(float).between(0, 4000).all()

by_gender = plays.pivot_table(index='weekday', columns='gender', values='session_id', aggfunc='count')
print(by_gender)

busiest = plays.groupby('hour').size().sort_values(ascending=False).head(3)
with conn, conn.cursor() as cur:
    cur.execute('CREATE TABLE IF NOT EXISTS busiest_hours (hour int, plays int)')
    cur.execute('DELETE FROM busiest_hours')
    cur.executemany('INSERT INTO busiest_hours VALUES (%s, %s)', [(int(h), int(n)) for h, n in busiest.items()])
conn.close()
