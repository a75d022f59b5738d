import configparser

config = configparser.ConfigParser()
config.read('dwh.cfg')

tables = ['staging_events', 'staging_songs', 'songplays', 'users', 'songs', 'artists', 'time']
drop_table_queries = [f'DROP TABLE IF EXISTS {table};' for table in tables]

create_table_queries = [
"""CREATE TABLE IF NOT EXISTS staging_events (
 artist varchar(max), auth varchar(max), firstName varchar(max), gender char, itemInSession int, lastName varchar(max),
 length float4, level varchar(max), location varchar(max), method varchar(max), page varchar(max), registration float8,
 sessionId int, song varchar(max), status int, ts bigint, userAgent varchar(max), userId int);""",
"""CREATE TABLE IF NOT EXISTS staging_songs (
 num_songs int, artist_id varchar(max), artist_latitude float8, artist_longitude float8, artist_location varchar(max),
 artist_name varchar(max), song_id varchar(max), title varchar(max), duration float4, year int);""",
"""CREATE TABLE IF NOT EXISTS songplays (songplay_id int identity(0,1), start_time timestamp, user_id int, level varchar,
 song_id varchar, artist_id varchar, session_id int, location varchar, user_agent varchar(max));""",
"""CREATE TABLE IF NOT EXISTS users (user_id int, first_name varchar, last_name varchar, gender char, level varchar);""",
"""CREATE TABLE IF NOT EXISTS songs (song_id varchar, title varchar(max), artist_id varchar, year int, duration float4);""",
"""CREATE TABLE IF NOT EXISTS artists (artist_id varchar, name varchar(max), location varchar(max), lattitude float8,
 longitude float8);""",
"""CREATE TABLE IF NOT EXISTS time (start_time timestamp, hour int, day int, week int, month int, year int, weekday int);""",
]

copy_table_queries = [
    "COPY staging_events FROM '{LOG_DATA}' IAM_ROLE '{role}' JSON '{LOG_JSONPATH}' REGION 'us-west-2';",
    "COPY staging_songs FROM '{SONG_DATA}' IAM_ROLE '{role}' JSON 'auto' REGION 'us-west-2';",
]
copy_table_queries = [
    query.format(role=config['IAM_ROLE']['ARN'], LOG_DATA=config['S3']['LOG_DATA'],
                 SONG_DATA=config['S3']['SONG_DATA'], LOG_JSONPATH=config['S3']['LOG_JSONPATH'])
    for query in copy_table_queries
]

songplay_table_insert = """
INSERT INTO songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
SELECT DISTINCT timestamp 'epoch' + se.ts/1000 * interval '1 second' AS played_at, se.userId, se.level, ss.song_id,
       ss.artist_id, se.sessionId, se.location, se.userAgent
FROM staging_events se, staging_songs ss
WHERE se.page = 'NextSong'
  AND se.song = ss.title
  AND se.artist = ss.artist_name
  AND NOT EXISTS (SELECT 1 FROM songplays sp
                   WHERE sp.start_time = timestamp 'epoch' + se.ts/1000 * interval '1 second'
                     AND sp.user_id = se.userId AND sp.session_id = se.sessionId);
"""

# both levels of a user come in with the first run, none with the second
user_table_insert = """
INSERT INTO users
SELECT DISTINCT userId, firstName, lastName, gender, level
FROM staging_events
WHERE page = 'NextSong' AND userId NOT IN (SELECT DISTINCT user_id FROM users);
"""

song_table_insert = """
INSERT INTO songs
SELECT DISTINCT ss.song_id, ss.title, ss.artist_id, ss.year, ss.duration
FROM staging_songs ss LEFT JOIN songs s ON s.song_id = ss.song_id
WHERE s.song_id IS NULL;
"""

artist_table_insert = """
INSERT INTO artists
SELECT DISTINCT artist_id, artist_name, artist_location, artist_latitude, artist_longitude FROM staging_songs
EXCEPT
SELECT * FROM artists;
"""

time_table_insert = """
INSERT INTO time
SELECT DISTINCT timestamp 'epoch' + ts/1000 * interval '1 second' AS t, extract(hour from t), extract(day from t),
       extract(week from t), extract(month from t), extract(year from t), extract(weekday from t)
FROM staging_events
WHERE page = 'NextSong' AND t NOT IN (SELECT start_time FROM time);
"""

insert_table_queries = [songplay_table_insert, user_table_insert, song_table_insert, artist_table_insert, time_table_insert]
