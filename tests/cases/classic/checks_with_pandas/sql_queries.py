import configparser


# CONFIG
config = configparser.ConfigParser()
config.read('dwh.cfg')

LOG_DATA, LOG_JSONPATH, SONG_DATA = [config.get('S3', key) for key in ('LOG_DATA', 'LOG_JSONPATH', 'SONG_DATA')]
ARN = config.get('IAM_ROLE', 'ARN')

# DROP TABLES

staging_events_table_drop = "DROP table IF EXISTS staging_events"
staging_songs_table_drop = "DROP table IF EXISTS staging_songs"
songplay_table_drop = "DROP table IF EXISTS songplays"
user_table_drop = "DROP table IF EXISTS users"
song_table_drop = "DROP table IF EXISTS songs"
artist_table_drop = "DROP table IF EXISTS artists"
time_table_drop = "DROP table IF EXISTS time"

# CREATE TABLES

staging_events_table_create = ("""CREATE TABLE IF NOT EXISTS staging_events(
artist text,
auth text,
first_name text,
gender char(1),
item_session integer,
last_name text,
length numeric(20,5),
level text,
location text,
method text,
page text,
registration numeric(20,1),
session_id integer,
song text,
status integer,
ts bigint,
user_agent text,
user_id integer
)
""")

staging_songs_table_create = ("""CREATE TABLE IF NOT EXISTS staging_songs(
num_songs integer,
artist_id text,
artist_latitude numeric(10,6),
artist_longitude numeric(10,6),
artist_location text,
artist_name text,
song_id text,
title text,
duration numeric(20,5),
year integer
)
""")

songplay_table_create = ("""CREATE TABLE IF NOT EXISTS songplays(
songplay_id integer IDENTITY(1,1) PRIMARY KEY,
start_time timestamp NOT NULL,
user_id integer NOT NULL,
level text,
song_id text,
artist_id text,
session_id integer,
location text,
user_agent text
)
""")

user_table_create = ("""CREATE TABLE IF NOT EXISTS users(
user_id integer PRIMARY KEY,
first_name text NOT NULL,
last_name text NOT NULL,
gender char(1),
level text
)
""")

song_table_create = ("""CREATE TABLE IF NOT EXISTS songs(
song_id text PRIMARY KEY,
title text,
artist_id text,
year integer,
duration numeric(20,5)
)
""")

artist_table_create = ("""CREATE TABLE IF NOT EXISTS artists(
artist_id text PRIMARY KEY,
name text,
location text,
latitude numeric(10,6),
longitude numeric(10,6)
)
""")

time_table_create = ("""CREATE TABLE IF NOT EXISTS time(
start_time timestamp PRIMARY KEY,
hour integer,
day integer,
week integer,
month integer,
year integer,
weekday integer
)
""")

# STAGING TABLES

staging_events_copy = ("""copy staging_events
from {}
iam_role {}
json {};
""").format(LOG_DATA, ARN, LOG_JSONPATH)

staging_songs_copy = ("""copy staging_songs
from {}
iam_role {}
json 'auto';
""").format(SONG_DATA, ARN)

# FINAL TABLES

songplay_table_insert = ("""INSERT INTO songplays(start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
SELECT
timestamp 'epoch' + se.ts * interval '1 second' / 1000 as start_time,
se.user_id,
se.level,
ss.song_id,
ss.artist_id,
se.session_id,
se.location,
se.user_agent
FROM staging_events se LEFT JOIN staging_songs ss
ON se.song = ss.title
AND se.artist = ss.artist_name
AND se.length = ss.duration
WHERE page = 'NextSong'
""")

user_table_insert = ("""INSERT INTO users(user_id, first_name, last_name, gender, level)
SELECT distinct
user_id,
first_name,
last_name,
gender,
level
FROM staging_events
WHERE page = 'NextSong' AND user_id NOT IN (SELECT DISTINCT user_id FROM users)
""")

song_table_insert = ("""INSERT INTO songs(song_id, title, artist_id, year, duration)
SELECT DISTINCT song_id, title, artist_id, year, duration
FROM staging_songs
""")

artist_table_insert = ("""INSERT INTO artists(artist_id, name, location, latitude, longitude)
SELECT DISTINCT artist_id, artist_name, artist_location, artist_latitude, artist_longitude
FROM staging_songs
""")

time_table_insert = ("""INSERT INTO time(start_time, hour, day, week, month, year, weekday)
SELECT DISTINCT start_time,
extract(hour from start_time),
extract(day from start_time),
extract(week from start_time),
extract(month from start_time),
extract(year from start_time),
extract(weekday from start_time)
FROM songplays
""")

# QUERY LISTS

create_table_queries = [staging_events_table_create, staging_songs_table_create, songplay_table_create, user_table_create, song_table_create, artist_table_create, time_table_create]
drop_table_queries = [staging_events_table_drop, staging_songs_table_drop, songplay_table_drop, user_table_drop, song_table_drop, artist_table_drop, time_table_drop]
copy_table_queries = [staging_events_copy, staging_songs_copy]
insert_table_queries = [songplay_table_insert, user_table_insert, song_table_insert, artist_table_insert, time_table_insert]
