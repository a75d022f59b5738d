from db import get_config

config = get_config()

LOG_DATA = config.get("S3", "LOG_DATA")
LOG_JSONPATH = config.get("S3", "LOG_JSONPATH")
SONG_DATA = config.get("S3", "SONG_DATA")
ROLE = config.get("DWH", "DWH_ROLE_ARN")

# DROP TABLES
drop_staging_events = "DROP TABLE IF EXISTS events_staging;"
drop_staging_songs = "DROP TABLE IF EXISTS songs_staging;"
drop_songplays = "DROP TABLE IF EXISTS fact_songplays;"
drop_users = "DROP TABLE IF EXISTS dim_users;"
drop_songs = "DROP TABLE IF EXISTS dim_songs;"
drop_artists = "DROP TABLE IF EXISTS dim_artists;"
drop_time = "DROP TABLE IF EXISTS dim_time;"

# CREATE TABLES
create_staging_events = """
CREATE TABLE events_staging (
    artist          TEXT,
    auth            TEXT,
    first_name      TEXT,
    gender          TEXT,
    item_in_session INT,
    last_name       TEXT,
    length          DOUBLE PRECISION,
    level           TEXT,
    location        TEXT,
    method          TEXT,
    page            TEXT,
    registration    TEXT,
    session_id      INT,
    song            TEXT,
    status          INT,
    ts              TIMESTAMP,
    user_agent      TEXT,
    user_id         TEXT
);
"""

create_staging_songs = """
CREATE TABLE songs_staging (
    artist_id        TEXT,
    artist_latitude  DOUBLE PRECISION,
    artist_location  TEXT,
    artist_longitude DOUBLE PRECISION,
    artist_name      TEXT,
    duration         DOUBLE PRECISION,
    num_songs        INT,
    song_id          TEXT,
    title            TEXT,
    year             INT
);
"""

create_songplays = """
CREATE TABLE fact_songplays (
    songplay_id INT IDENTITY(0, 1) NOT NULL,
    start_time  TIMESTAMP NOT NULL,
    user_id     TEXT NOT NULL,
    level       TEXT,
    song_id     TEXT,
    artist_id   TEXT,
    session_id  INT,
    location    TEXT,
    user_agent  TEXT,
    PRIMARY KEY (songplay_id)
);
"""

create_users = """
CREATE TABLE dim_users (
    user_id    TEXT NOT NULL,
    first_name TEXT,
    last_name  TEXT,
    gender     TEXT,
    level      TEXT,
    PRIMARY KEY (user_id)
);
"""

create_songs = """
CREATE TABLE dim_songs (
    song_id   TEXT NOT NULL,
    title     TEXT,
    artist_id TEXT,
    year      INT,
    duration  DOUBLE PRECISION,
    PRIMARY KEY (song_id)
);
"""

create_artists = """
CREATE TABLE dim_artists (
    artist_id TEXT NOT NULL,
    name      TEXT,
    location  TEXT,
    latitude  DOUBLE PRECISION,
    longitude DOUBLE PRECISION,
    PRIMARY KEY (artist_id)
);
"""

create_time = """
CREATE TABLE dim_time (
    start_time TIMESTAMP NOT NULL,
    hour       INT,
    day        INT,
    week       INT,
    month      INT,
    year       INT,
    weekday    INT,
    PRIMARY KEY (start_time)
);
"""

# COPY
copy_events = """
COPY events_staging FROM {}
CREDENTIALS 'aws_iam_role={}'
REGION 'us-west-2'
TIMEFORMAT AS 'epochmillisecs'
FORMAT AS JSON {};
""".format(LOG_DATA, ROLE, LOG_JSONPATH)

copy_songs = """
COPY songs_staging FROM {}
CREDENTIALS 'aws_iam_role={}'
REGION 'us-west-2'
FORMAT AS JSON 'auto';
""".format(SONG_DATA, ROLE)

# INSERT
insert_songplays = """
INSERT INTO fact_songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
SELECT e.ts, e.user_id, e.level, s.song_id, s.artist_id, e.session_id, e.location, e.user_agent
FROM events_staging e
LEFT JOIN songs_staging s
       ON e.song = s.title AND e.artist = s.artist_name AND e.length = s.duration
WHERE e.page = 'NextSong';
"""

insert_users = """
INSERT INTO dim_users (user_id, first_name, last_name, gender, level)
SELECT DISTINCT user_id, first_name, last_name, gender, level
FROM events_staging;
"""

insert_songs = """
INSERT INTO dim_songs (song_id, title, artist_id, year, duration)
SELECT DISTINCT song_id, title, artist_id, year, duration
FROM songs_staging
WHERE song_id IS NOT NULL;
"""

insert_artists = """
INSERT INTO dim_artists (artist_id, name, location, latitude, longitude)
SELECT artist_id, MAX(artist_name), MAX(artist_location), MAX(artist_latitude), MAX(artist_longitude)
FROM songs_staging
GROUP BY artist_id;
"""

insert_time = """
INSERT INTO dim_time (start_time, hour, day, week, month, year, weekday)
SELECT DISTINCT ts,
       EXTRACT(hour FROM ts), EXTRACT(day FROM ts), EXTRACT(week FROM ts),
       EXTRACT(month FROM ts), EXTRACT(year FROM ts), EXTRACT(dayofweek FROM ts)
FROM events_staging;
"""

drop_table_queries = [drop_staging_events, drop_staging_songs, drop_songplays, drop_users, drop_songs,
                      drop_artists, drop_time]
create_table_queries = [create_staging_events, create_staging_songs, create_songplays, create_users,
                        create_songs, create_artists, create_time]
copy_table_queries = [copy_events, copy_songs]
insert_table_queries = [insert_songplays, insert_users, insert_songs, insert_artists, insert_time]
