import warnings

import pandas as pd

from create_tables import connect

warnings.filterwarnings('ignore', message='pandas only supports SQLAlchemy')
pd.set_option('display.width', 160)
conn = connect()

hours = pd.read_sql('SELECT EXTRACT(hour FROM start_time) AS hour, COUNT(*) AS plays FROM songplay GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3', conn)
print(hours.to_string(index=False))

weekdays = pd.read_sql("""
    SELECT TO_CHAR(start_time, 'Dy') AS weekday, EXTRACT(dow FROM start_time) AS number, level, COUNT(*) AS plays,
           COUNT(DISTINCT user_id) AS users
    FROM songplay GROUP BY 1, 2, 3 ORDER BY 2, 3
""", conn)
print(weekdays.pivot(index=['number', 'weekday'], columns='level', values='plays'))

songs = pd.read_sql("""
    SELECT song AS "Song", artist AS "Artist", COUNT(*) AS "Plays"
    FROM songplay GROUP BY song, artist ORDER BY "Plays" DESC, song LIMIT 10
""", conn)
print(songs)

listeners = pd.read_sql("""
    SELECT u.name, u.level, plays, first_play, RANK() OVER (ORDER BY plays DESC) AS place
    FROM "user" u JOIN (SELECT user_id, COUNT(*) AS plays, MIN(start_time) AS first_play FROM songplay GROUP BY user_id) p USING (user_id)
    WHERE u.gender = %(gender)s ORDER BY place LIMIT 5
""", conn, params={'gender': 'F'}, parse_dates=['first_play'])
print(listeners)

daily = pd.read_sql_query("SELECT DATE_TRUNC('day', start_time) AS day, COUNT(*) AS plays FROM songplay GROUP BY 1", conn, index_col='day').sort_index()
print(daily.resample('W').sum())

hours.to_csv('hours.csv', index=False)
weekdays.to_csv('weekdays.csv', index=False)
songs.to_csv('songs.csv', index=False)
listeners.to_csv('listeners.csv', index=False)
daily.to_csv('daily.csv')
conn.close()
