import configparser

config = configparser.ConfigParser()
config.read('dwh.cfg')
LOG_DATA, LOG_JSONPATH, SONG_DATA = config['S3'].values()
ARN = config['IAM_ROLE']['ARN']

drop_table_queries = ["DROP TABLE IF EXISTS {}".format(name) for name in
                      ["staging_events", "staging_songs", "songplays", "users", "songs", "artists", "time"]]

create_table_queries = ["""
CREATE TABLE staging_events (
    artist VARCHAR(100), auth VARCHAR(20), firstName VARCHAR(50), gender CHAR(1), itemInSession INT,
    lastName VARCHAR(50), length FLOAT, level VARCHAR(10), location VARCHAR(100), method VARCHAR(10),
    page VARCHAR(32), registration FLOAT, sessionId INT, song VARCHAR(100), status INT, ts TIMESTAMP,
    userAgent VARCHAR(200), userId INT)
""", """
CREATE TABLE staging_songs (
    num_songs INT, artist_id VARCHAR(20), artist_latitude FLOAT, artist_longitude FLOAT, artist_location VARCHAR(100),
    artist_name VARCHAR(100), song_id VARCHAR(20), title VARCHAR(100), duration FLOAT, year INT)
""", """
CREATE TABLE songplays (
    songplay_id INT IDENTITY(0,1), start_time TIMESTAMP, user_id INT, level VARCHAR(10), song_id VARCHAR(20),
    artist_id VARCHAR(20), session_id INT, location VARCHAR(100), user_agent VARCHAR(200))
""",
    "CREATE TABLE users (user_id INT, first_name VARCHAR(50), last_name VARCHAR(50), gender CHAR(1), level VARCHAR(10))",
    "CREATE TABLE songs (song_id VARCHAR(20), title VARCHAR(100), artist_id VARCHAR(20), year INT, duration FLOAT)",
    "CREATE TABLE artists (artist_id VARCHAR(20), name VARCHAR(100), location VARCHAR(100), latitude FLOAT, longitude FLOAT)",
    "CREATE TABLE time (start_time TIMESTAMP, hour INT, day INT, week INT, month INT, year INT, weekday INT)",
]

copy_table_queries = ["""
copy staging_events from {}
    iam_role {}
    timeformat 'epochmillisecs' acceptinvchars as '^'
    truncatecolumns
    format as json {}
""".format(LOG_DATA, ARN, LOG_JSONPATH), """
copy staging_songs from {}
    iam_role {}
    acceptinvchars '^' blanksasnull
    format as json 'auto'
""".format(SONG_DATA, ARN)]

insert_table_queries = ["""
INSERT INTO songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
SELECT ts, userId, level, song_id, artist_id, sessionId, location, userAgent
FROM staging_events JOIN staging_songs ON song = title AND artist = artist_name
WHERE page = 'NextSong'
""",
    "INSERT INTO users SELECT DISTINCT userId, firstName, lastName, gender, level FROM staging_events WHERE userId IS NOT NULL",
    "INSERT INTO songs SELECT song_id, title, artist_id, year, duration FROM staging_songs",
    "INSERT INTO artists SELECT DISTINCT artist_id, artist_name, artist_location, artist_latitude, artist_longitude FROM staging_songs",
    "INSERT INTO time SELECT DISTINCT start_time, EXTRACT(hour FROM start_time), EXTRACT(day FROM start_time), "
    "EXTRACT(week FROM start_time), EXTRACT(month FROM start_time), EXTRACT(year FROM start_time), "
    "EXTRACT(dow FROM start_time) FROM songplays",
]
