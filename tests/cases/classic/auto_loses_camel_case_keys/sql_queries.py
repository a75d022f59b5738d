import configparser

config = configparser.ConfigParser()
config.read('dl.cfg')

staging_events_table_create= ("""
CREATE TABLE IF NOT EXISTS staging_events(
    artist VARCHAR, auth VARCHAR, firstName VARCHAR, gender VARCHAR(1), itemInSession INTEGER, lastName VARCHAR,
    length FLOAT, level VARCHAR, location VARCHAR, method VARCHAR, page VARCHAR, registration BIGINT,
    sessionId INTEGER, song VARCHAR, status INTEGER, ts BIGINT, userAgent VARCHAR, userId VARCHAR)
""")

staging_songs_table_create = ("""
CREATE TABLE IF NOT EXISTS staging_songs(
    num_songs INTEGER, artist_id VARCHAR, artist_latitude FLOAT, artist_longitude FLOAT, artist_location VARCHAR,
    artist_name VARCHAR, song_id VARCHAR, title VARCHAR, duration FLOAT, year INTEGER)
""")

songplay_table_create = ("""
CREATE TABLE IF NOT EXISTS songplays(
    songplay_id INTEGER IDENTITY(0,1) PRIMARY KEY, start_time TIMESTAMP, user_id VARCHAR, level VARCHAR,
    song_id VARCHAR, artist_id VARCHAR, session_id INTEGER, location VARCHAR, user_agent VARCHAR)
""")

user_table_create = ("""
CREATE TABLE IF NOT EXISTS users(user_id VARCHAR, first_name VARCHAR, last_name VARCHAR, gender VARCHAR(1), level VARCHAR)
""")

song_table_create = ("""
CREATE TABLE IF NOT EXISTS songs(song_id VARCHAR, title VARCHAR, artist_id VARCHAR, year INTEGER, duration FLOAT)
""")

artist_table_create = ("""
CREATE TABLE IF NOT EXISTS artists(artist_id VARCHAR, name VARCHAR, location VARCHAR, latitude FLOAT, longitude FLOAT)
""")

time_table_create = ("""
CREATE TABLE IF NOT EXISTS time(start_time TIMESTAMP, hour INTEGER, day INTEGER, week INTEGER, month INTEGER, year INTEGER, weekday INTEGER)
""")

# TODO: user_id is always empty, ask in the forum
copy = """
    COPY {} FROM {}
    CREDENTIALS 'aws_iam_role={}'
    FORMAT AS JSON 'auto'
    REGION 'us-west-2';
"""
role = config['IAM_ROLE']['ARN'].strip("'")
staging_events_copy = copy.format('staging_events', config['S3']['LOG_DATA'], role)
staging_songs_copy = copy.format('staging_songs', config['S3']['SONG_DATA'], role)

songplay_table_insert = ("""
INSERT INTO songplays(start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
SELECT TIMESTAMP 'epoch' + ts/1000 * INTERVAL '1 second', userId, level, song_id, artist_id, sessionId, location, userAgent
FROM staging_events LEFT JOIN staging_songs ON song = title AND artist = artist_name
WHERE page = 'NextSong'
""")

user_table_insert = ("""
INSERT INTO users SELECT DISTINCT userId, firstName, lastName, gender, level FROM staging_events WHERE page = 'NextSong'
""")

song_table_insert = ("""
INSERT INTO songs SELECT song_id, title, artist_id, year, duration FROM staging_songs
""")

artist_table_insert = ("""
INSERT INTO artists SELECT DISTINCT artist_id, artist_name, artist_location, artist_latitude, artist_longitude FROM staging_songs
""")

time_table_insert = ("""
INSERT INTO time
SELECT DISTINCT start_time, EXTRACT(hour FROM start_time), EXTRACT(day FROM start_time), EXTRACT(week FROM start_time),
       EXTRACT(month FROM start_time), EXTRACT(year FROM start_time), EXTRACT(dow FROM start_time)
FROM songplays
""")

create_table_queries = [staging_events_table_create, staging_songs_table_create, songplay_table_create, user_table_create, song_table_create, artist_table_create, time_table_create]
copy_table_queries = [staging_events_copy, staging_songs_copy]
insert_table_queries = [songplay_table_insert, user_table_insert, song_table_insert, artist_table_insert, time_table_insert]
