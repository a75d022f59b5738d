import json

with open('dwh.json') as f:
    config = json.load(f)

create_table_queries = [
    "CREATE TABLE staging_events (artist text, auth text, firstName text, gender text, itemInSession int, lastName text, "
    "length float, level text, location text, method text, page text, registration float, sessionId int, song text, "
    "status int, ts bigint, userAgent text, userId int)",
    "CREATE TABLE staging_songs (num_songs int, artist_id text, artist_latitude float, artist_longitude float, "
    "artist_location text, artist_name text, song_id text, title text, duration float, year int)",
    # works on my Postgres
    "CREATE TABLE songplays (songplay_id SERIAL PRIMARY KEY, start_time timestamp, user_id int, level text, song_id text, "
    "artist_id text, session_id int, location text, user_agent text)",
    # second try
    "CREATE TABLE songplays (songplay_id int IDENTITY(0,1) PRIMARY KEY, start_time timestamp, user_id int, level text, "
    "song_id text, artist_id text, session_id int, location text, user_agent text)",
    "CREATE TABLE users (user_id int PRIMARY KEY, first_name text, last_name text, gender text, level text)",
    "CREATE TABLE songs (song_id text PRIMARY KEY, title text, artist_id text, year int, duration float)",
    "CREATE TABLE artists (artist_id text PRIMARY KEY, name text, location text, latitude float, longitude float)",
    "CREATE TABLE time (start_time timestamp PRIMARY KEY, hour int, day int, week int, month int, year int, weekday int,)",
    "CREATE TABLE time (start_time timestamp PRIMARY KEY, hour int, day int, week int, month int, year int, weekday int)",
    "CREATE TABLE time (start_time timestamp PRIMARY KEY)",
]

copy_table_queries = [
    "COPY staging_events FROM '{}' IAM_ROLE '{}' JSON '{}'".format(config['s3']['logs'], config['role'], config['s3']['paths']),
    "COPY staging_songs FROM '{}' IAM_ROLE '{}' JSON 'auto'".format(config['s3']['songs'], config['role']),
    "COPY staging_song FROM '{}' IAM_ROLE '{}' JSON 'auto'".format(config['s3']['songs'], config['role']),
    "COPY staging_songs FROM '{}' IAM_ROLE '{}' JSON 'auto'".format('s3://udacity-dend/songs-data', config['role']),
]

insert_table_queries = [
    """INSERT INTO users (user_id, first_name, last_name, gender, level)
       SELECT userId, firstName, lastName, gender, level FROM staging_events WHERE page = 'NextSong'
       ON CONFLICT (user_id) DO UPDATE SET level = EXCLUDED.level""",
    """INSERT INTO users (user_id, first_name, last_name, gender, level)
       SELECT userId, MIN(firstName), MIN(lastName), MIN(gender), MAX(level) FROM staging_events WHERE page = 'NextSong'
       GROUP BY userId""",
    "INSERT INTO songs SELECT song_id, title, artist_id, year FROM staging_songs",
    """INSERT INTO artists SELECT DISTINCT ON (artist_id) artist_id, artist_name, artist_location, artist_latitude,
       artist_longitude FROM staging_songs""",
    """INSERT INTO artists SELECT artist_id, MIN(artist_name), MIN(artist_location), MIN(artist_latitude),
       MIN(artist_longitude) FROM staging_songs GROUP BY artist_id""",
    """INSERT INTO songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
       SELECT to_timestamp(ts / 1000), userId, level, song_id, artist_id, sessionId, location, userAgent
       FROM staging_events LEFT JOIN staging_songs ON song = title AND artist = artist_name WHERE page = 'NextSong'""",
    """INSERT INTO songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
       SELECT timestamp 'epoch' + ts / 1000 * interval '1 second', userId, level, song_id, artist_id, sessionId, location,
       userAgent FROM staging_events LEFT JOIN staging_songs ON song = title AND artist = artist_name
       WHERE page = 'NextSong'""",
    """INSERT INTO time SELECT DISTINCT start_time, EXTRACT(hour FROM start_time), EXTRACT(day FROM start_time),
       EXTRACT(week FROM start_time), EXTRACT(month FROM start_time), EXTRACT(year FROM start_time),
       EXTRACT(dow FROM start_time) FROM songplays""",
]
