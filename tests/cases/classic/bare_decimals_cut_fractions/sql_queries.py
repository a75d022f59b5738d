import configparser

config = configparser.ConfigParser()
config.read('dwh.cfg')

# DROP TABLES

staging_events_table_drop = "DROP TABLE IF EXISTS staging_events_table"
staging_songs_table_drop = "DROP TABLE IF EXISTS staging_songs_table"
songplay_table_drop = "DROP TABLE IF EXISTS songplay_table"
user_table_drop = "DROP TABLE IF EXISTS user_table"
song_table_drop = "DROP TABLE IF EXISTS song_table"
artist_table_drop = "DROP TABLE IF EXISTS artist_table"
time_table_drop = "DROP TABLE IF EXISTS time_table"

# CREATE TABLES

staging_events_table_create = """create table staging_events_table (artist varchar, auth varchar, first_name varchar,
gender varchar, item_in_session int, last_name varchar, length numeric, level varchar, location varchar, method varchar,
page varchar, registration numeric, session_id int, song varchar, status int, ts numeric, user_agent varchar,
user_id numeric)"""

staging_songs_table_create = """create table staging_songs_table (num_songs numeric, artist_id varchar,
artist_latitude decimal, artist_longitude decimal, artist_location varchar, artist_name varchar, song_id varchar,
title varchar, duration decimal, year dec)"""

songplay_table_create = """create table songplay_table (songplay_id int identity(0,1) primary key,
start_time timestamp not null, user_id numeric not null, level varchar, song_id varchar, artist_id varchar,
session_id int, location varchar, user_agent varchar)"""

user_table_create = """create table user_table (user_id numeric primary key, first_name varchar, last_name varchar,
gender varchar, level varchar)"""

song_table_create = """create table song_table (song_id varchar primary key, title varchar, artist_id varchar,
year int, duration decimal(10,2))"""

artist_table_create = """create table artist_table (artist_id varchar primary key, name varchar, location varchar,
latitude decimal, longitude decimal)"""

time_table_create = """create table time_table (start_time timestamp primary key, hour int, day int, week int,
month int, year int, weekday int)"""

# STAGING TABLES

staging_events_copy = ("""copy staging_events_table from '{}'
    credentials 'aws_iam_role={}'
    region 'us-west-2'
    JSON '{}'
    COMPUPDATE OFF STATUPDATE OFF
""").format(config['S3']['LOG_DATA'], config['IAM_ROLE']['ARN'], config['S3']['LOG_JSONPATH'])

staging_songs_copy = ("""copy staging_songs_table from '{}'
    credentials 'aws_iam_role={}'
    region 'us-west-2'
    JSON 'auto'
    COMPUPDATE OFF STATUPDATE OFF
""").format(config['S3']['SONG_DATA'], config['IAM_ROLE']['ARN'])

# FINAL TABLES

songplay_table_insert = """insert into songplay_table (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
select timestamp 'epoch' + cast(e.ts as bigint)/1000 * interval '1 second', e.user_id, e.level, s.song_id, s.artist_id,
e.session_id, e.location, e.user_agent
from staging_events_table e
join staging_songs_table s on e.artist = s.artist_name and e.length = s.duration
where e.page = 'NextSong'"""

user_table_insert = """insert into user_table (user_id, first_name, last_name, gender, level)
select distinct user_id, first_name, last_name, gender, level from staging_events_table where page = 'NextSong'"""

song_table_insert = """insert into song_table (song_id, title, artist_id, year, duration)
select distinct song_id, title, artist_id, year, duration from staging_songs_table"""

artist_table_insert = """insert into artist_table (artist_id, name, location, latitude, longitude)
select distinct artist_id, artist_name, artist_location, artist_latitude, artist_longitude from staging_songs_table"""

time_table_insert = """insert into time_table (start_time, hour, day, week, month, year, weekday)
select distinct start_time, extract(hour from start_time), extract(day from start_time), extract(week from start_time),
extract(month from start_time), extract(year from start_time), extract(dayofweek from start_time)
from songplay_table"""

# QUERY LISTS

create_table_queries = [staging_events_table_create, staging_songs_table_create, songplay_table_create, user_table_create, song_table_create, artist_table_create, time_table_create]
drop_table_queries = [staging_events_table_drop, staging_songs_table_drop, songplay_table_drop, user_table_drop, song_table_drop, artist_table_drop, time_table_drop]
copy_table_queries = [staging_events_copy, staging_songs_copy]
insert_table_queries = [songplay_table_insert, user_table_insert, song_table_insert, artist_table_insert, time_table_insert]
