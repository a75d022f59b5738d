import configparser


# CONFIG
config = configparser.ConfigParser()
config.read('dwh.cfg')

# DROP TABLES

staging_events_table_drop = "DROP TABLE IF EXISTS staging_events_table"
staging_songs_table_drop = "DROP TABLE IF EXISTS staging_songs_table;"
songplay_table_drop = "drop table if exists songplays_table"
user_table_drop = "DROP table if exists users_table ;"
song_table_drop = "DROP TABLE IF EXISTS songs_table"
artist_table_drop = "DROP TABLE IF EXISTS artists_table"
time_table_drop = "DROP TABLE IF EXISTS time_table"
first_table_drop = "DROP TABLE IF EXISTS first_hundred; -- the whole month's first"

# CREATE TABLES

staging_events_table_create= ("""
CREATE TABLE IF NOT EXISTS staging_events_table (
      artist          VARCHAR  -- the artist's name
    , auth            VARCHAR
    , first_name      VARCHAR
    , gender          CHAR (1)
    , item_in_session INTEGER
    , last_name       VARCHAR
    , length          FLOAT
    , level           VARCHAR
    , location        VARCHAR
    , method          VARCHAR
    , page            VARCHAR /* 'NextSong' is what we're after; the rest isn't */
    , registration    BIGINT
    , session_id      INTEGER
    , song            VARCHAR
    , status          INTEGER
    , ts              BIGINT
    , user_agent      TEXT
    , user_id         INTEGER
);
""")

staging_songs_table_create = ("""
CREATE TABLE IF NOT EXISTS staging_songs_table
(
    num_songs INTEGER, artist_id VARCHAR, artist_latitude FLOAT, artist_longitude FLOAT, artist_location TEXT,
    artist_name VARCHAR (255), song_id VARCHAR, title VARCHAR (255), duration FLOAT, year INTEGER
)
""")

songplay_table_create = ("""
CREATE TABLE IF NOT EXISTS songplays_table (songplay_id INTEGER IDENTITY (1, 1) PRIMARY KEY, clock TIME, user_id INTEGER NOT NULL,
level VARCHAR, song_id VARCHAR, artist_id VARCHAR, session_id INTEGER, location VARCHAR, user_agent TEXT)
""")

user_table_create = ("""
CREATE TABLE IF NOT EXISTS users_table (user_id INTEGER PRIMARY KEY, first_name VARCHAR NOT NULL, last_name VARCHAR NOT NULL,
gender CHAR (1), level VARCHAR)
""")

song_table_create = ("""
CREATE TABLE IF NOT EXISTS songs_table (song_id VARCHAR PRIMARY KEY, title VARCHAR (255), artist_id VARCHAR, year INTEGER, duration FLOAT)
""")

artist_table_create = ("""
CREATE TABLE IF NOT EXISTS artists_table (artist_id VARCHAR PRIMARY KEY, name VARCHAR (255), location TEXT, latitude FLOAT, longitude FLOAT)
""")

time_table_create = ("""
CREATE TABLE IF NOT EXISTS time_table (start_time TIMESTAMP PRIMARY KEY, hour INTEGER, day INTEGER, week INTEGER, month INTEGER,
year INTEGER, weekday INTEGER, clock TIME)
""")

first_table_create = "CREATE TABLE IF NOT EXISTS first_hundred (start_time TIMESTAMP, song VARCHAR)"

# STAGING TABLES

staging_events_copy = ("""COPY staging_events_table
                          FROM '{}'
                          CREDENTIALS 'aws_iam_role={}'
                          REGION 'us-west-2'
                          JSON AS '{}'
                       """.format(config.get('S3', 'LOG_DATA'), config.get('IAM_ROLE', 'ARN'), config.get('S3', 'LOG_JSONPATH')))

staging_songs_copy = ("""COPY staging_songs_table
                         FROM '{}'
                         CREDENTIALS 'aws_iam_role={}'
                         REGION 'us-west-2'
                         JSON as 'auto'
                      """.format(config.get('S3', 'SONG_DATA'), config.get('IAM_ROLE', 'ARN')))

# FINAL TABLES

songplay_table_insert = ("""
INSERT INTO songplays_table(clock,user_id,level,song_id,artist_id,session_id,location,user_agent)(
    SELECT DISTINCT CAST(DATE_ADD('ms', se.ts, '1970-01-01') AS TIME) AS clock, (se.user_id), (se.level), ss.song_id,
           ss.artist_id, se.session_id, se.location, (se.user_agent)
    FROM staging_events_table se JOIN staging_songs_table ss ON (se.song = ss.title) AND (se.artist = ss.artist_name)
    WHERE (se.page = 'NextSong') AND (se.user_id IS NOT NULL)
)
""")

user_table_insert = ("""
INSERT INTO users_table( SELECT DISTINCT(user_id), MAX(first_name), MAX(last_name), MAX(gender), MAX(level)
                         FROM staging_events_table WHERE ((user_id IS NOT NULL)) GROUP BY (user_id) )
""")

song_table_insert = ("""
INSERT INTO songs_table (SELECT DISTINCT(song_id) AS song_id, title, artist_id, year, duration FROM staging_songs_table);
""")

artist_table_insert = ("""
INSERT INTO artists_table (artist_id, name, location, latitude, longitude)
((SELECT artist_id, MAX(artist_name) AS name, MAX(artist_location), MAX(artist_latitude), MAX(artist_longitude)
FROM staging_songs_table GROUP BY artist_id))
""")

time_table_insert = ("""
INSERT INTO time_table (
    SELECT t.ts, EXTRACT(hour FROM t.ts), EXTRACT(day FROM t.ts), EXTRACT(week FROM t.ts), EXTRACT(month FROM t.ts),
           EXTRACT(year FROM t.ts), EXTRACT(weekday FROM t.ts), t.ts::time
    FROM (SELECT DISTINCT (DATE_ADD('ms', ts, '1970-01-01')) AS ts FROM staging_events_table WHERE page = 'NextSong') AS t
)
""")

first_hundred_insert = """
insert into first_hundred (select date_add('ms', ts, '1970-01-01'), song from staging_events_table where song is not null order by ts asc limit 100);
"""

# NUMBERS OF ROWS

select_number_rows_queries = [
    'SELECT COUNT(*) AS total FROM staging_events_table', 'SELECT COUNT(*) AS total FROM staging_songs_table',
    'SELECT COUNT(*) AS total FROM songplays_table', 'SELECT COUNT(*) AS total FROM users_table',
    'SELECT COUNT(*) AS total FROM songs_table', 'SELECT COUNT(*) AS total FROM artists_table',
    'SELECT COUNT(*) AS total FROM time_table',
]

# QUERY LISTS

create_table_queries = [staging_events_table_create, staging_songs_table_create, songplay_table_create, user_table_create, song_table_create, artist_table_create, time_table_create, first_table_create]
drop_table_queries = [staging_events_table_drop, staging_songs_table_drop, songplay_table_drop, user_table_drop, song_table_drop, artist_table_drop, time_table_drop, first_table_drop]
copy_table_queries = [staging_events_copy, staging_songs_copy]
insert_table_queries = [songplay_table_insert, user_table_insert, song_table_insert, artist_table_insert, time_table_insert, first_hundred_insert]
