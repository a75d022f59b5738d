import configparser

config = configparser.ConfigParser()
config.read('dwh.cfg')
s3, arn = config['S3'], config['IAM_ROLE']['ARN']

create_table_queries = [
    "CREATE TABLE IF NOT EXISTS staging_events (artist varchar, auth varchar, first_name varchar, gender varchar, "
    "item_in_session int, last_name varchar, length float, level varchar, location varchar, method varchar, page varchar, "
    "registration float, session_id int, song varchar, status int, ts bigint, user_agent varchar, user_id varchar)",
    "CREATE TABLE IF NOT EXISTS staging_songs (num_songs int, artist_id varchar, artist_latitude float, "
    "artist_longitude float, artist_location varchar, artist_name varchar, song_id varchar, title varchar, "
    "duration float, year int)",
    "CREATE TABLE IF NOT EXISTS songplays (songplay_id int IDENTITY(0,1), start_time timestamp, user_id int, level varchar, "
    "song_id varchar, artist_id varchar, session_id int, location varchar, user_agent varchar)",
    "CREATE TABLE IF NOT EXISTS users (user_id int PRIMARY KEY, first_name varchar, last_name varchar, gender varchar, "
    "level varchar)",
    "CREATE TABLE IF NOT EXISTS songs (song_id varchar PRIMARY KEY, title varchar, artist_id varchar, year int, duration float)",
    "CREATE TABLE IF NOT EXISTS artists (artist_id varchar PRIMARY KEY, name varchar, location varchar, latitude float, "
    "longitude float)",
    "CREATE TABLE IF NOT EXISTS time (start_time timestamp PRIMARY KEY, hour int, day int, week int, month int, year int, "
    "weekday int)",
]

copy_table_queries = [
    f"COPY staging_events FROM '{s3['LOG_DATA']}' IAM_ROLE '{arn}' REGION 'us-west-2' JSON '{s3['LOG_JSONPATH']}'",
    f"COPY staging_songs FROM '{s3['SONG_DATA']}' IAM_ROLE '{arn}' REGION 'us-west-2' JSON 'auto'",
]

insert_table_queries = [
    # users: only new ones
    """
    INSERT INTO users
    SELECT DISTINCT user_id::int, first_name, last_name, gender, level FROM staging_events
    WHERE page = 'NextSong' AND user_id <> '' AND user_id::int NOT IN (SELECT user_id FROM users)
    """,
    # songs: only new ones
    """
    INSERT INTO songs
    SELECT DISTINCT s.song_id, s.title, s.artist_id, s.year, s.duration FROM staging_songs s
    LEFT JOIN songs ON s.song_id = songs.song_id
    WHERE songs.song_id IS NULL
    """,
    # artists: all, the primary key keeps them unique (?)
    """
    INSERT INTO artists
    SELECT DISTINCT artist_id, artist_name, artist_location, artist_latitude, artist_longitude FROM staging_songs
    """,
    """
    INSERT INTO time
    SELECT DISTINCT timestamp 'epoch' + ts/1000 * interval '1 second' AS start_time, EXTRACT(HOUR FROM start_time),
           EXTRACT(DAY FROM start_time), EXTRACT(WEEK FROM start_time), EXTRACT(MONTH FROM start_time),
           EXTRACT(YEAR FROM start_time), EXTRACT(WEEKDAY FROM start_time)
    FROM staging_events WHERE page = 'NextSong'
    """,
    """
    INSERT INTO songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
    SELECT timestamp 'epoch' + ts/1000 * interval '1 second', user_id::int, level, song_id, artist_id, session_id,
           location, user_agent
    FROM staging_events LEFT JOIN staging_songs ON song = title AND artist = artist_name
    WHERE page = 'NextSong'
    """,
]
