import configparser


# CONFIG
config = configparser.ConfigParser()
config.read('dwh.cfg')

LOG_DATA = config.get('S3', 'LOG_DATA')
LOG_JSONPATH = config.get('S3', 'LOG_JSONPATH')
SONG_DATA = config.get('S3', 'SONG_DATA')
IAM_ROLE = config.get('IAM_ROLE', 'ARN')

# SCHEMAS
nodist_schema_drop = "DROP SCHEMA IF EXISTS nodist CASCADE;"
dist_schema_drop = "DROP SCHEMA IF EXISTS dist CASCADE;"
dist_schema_create = "CREATE SCHEMA IF NOT EXISTS dist;"
nodist_schema_create = "CREATE SCHEMA IF NOT EXISTS nodist;"

# CREATE TABLES

staging_events_table_create = ("""
SET search_path TO dist;

CREATE TABLE staging_events (
    artist        varchar,
    auth          varchar,
    firstName     varchar,
    gender        varchar(1),
    itemInSession int,
    lastName      varchar,
    length        decimal(20,8),
    level         varchar,
    location      varchar,
    method        varchar,
    page          varchar,
    registration  decimal(20,1),
    sessionId     int,
    song          varchar,
    status        int,
    ts            bigint,
    userAgent     varchar,
    userId        int)
""")

staging_songs_table_create = ("""
SET search_path TO dist;

CREATE TABLE staging_songs (
    artist_id        varchar,
    artist_latitude  decimal(20,8),
    artist_location  varchar,
    artist_longitude decimal(20,8),
    artist_name      varchar,
    duration         decimal(20,8),
    num_songs        int,
    song_id          varchar,
    title            varchar,
    year             int)
""")

star = """
SET search_path TO {schema};

CREATE TABLE users (
    user_id int PRIMARY KEY, first_name varchar, last_name varchar, gender varchar(1), level varchar) {users};

CREATE TABLE artists (
    artist_id varchar PRIMARY KEY, name varchar, location varchar, latitude decimal(20,8), longitude decimal(20,8))
    {artists};

CREATE TABLE songs (
    song_id varchar PRIMARY KEY, title varchar, artist_id varchar REFERENCES artists(artist_id), year int,
    duration decimal(20,8)) {songs};

CREATE TABLE time (
    start_time timestamp PRIMARY KEY, hour int, day int, week int, month int, year int, weekday int) {time};

CREATE TABLE songplays (
    songplay_id int IDENTITY(0,1) PRIMARY KEY, start_time timestamp NOT NULL REFERENCES time(start_time),
    user_id int NOT NULL REFERENCES users(user_id), level varchar, song_id varchar REFERENCES songs(song_id),
    artist_id varchar REFERENCES artists(artist_id), session_id int, location varchar, user_agent varchar) {songplays};
"""

dist_tables_create = star.format(schema='dist', users='diststyle all', artists='diststyle all sortkey(name)',
                                 songs='diststyle key distkey(song_id)', time='diststyle all sortkey(start_time)',
                                 songplays='distkey(song_id) interleaved sortkey(start_time, user_id)')
nodist_tables_create = star.format(schema='"nodist", public', users='', artists='', songs='', time='', songplays='')

# STAGING TABLES

staging_events_copy = ("""
    COPY dist.staging_events FROM {}
    IAM_ROLE {}
    FORMAT AS JSON {}
    REGION 'us-west-2';
""").format(LOG_DATA, IAM_ROLE, LOG_JSONPATH)

staging_songs_copy = ("""
    SET search_path TO dist;
    COPY staging_songs FROM {}
    IAM_ROLE {}
    FORMAT AS JSON 'auto'
    REGION 'us-west-2';
""").format(SONG_DATA, IAM_ROLE)

# FINAL TABLES

user_table_insert = ("""
SET search_path TO dist;

INSERT INTO users (user_id, first_name, last_name, gender, level)
SELECT DISTINCT userId, firstName, lastName, gender, level
FROM staging_events
WHERE userId IS NOT NULL
""")

artist_table_insert = ("""
INSERT INTO dist.artists
SELECT DISTINCT artist_id, artist_name, artist_location, artist_latitude, artist_longitude
FROM dist.staging_songs
""")

song_table_insert = ("""
INSERT INTO dist.songs
SELECT DISTINCT song_id, title, artist_id, year, duration
FROM staging_songs
""")

time_table_insert = ("""
INSERT INTO dist.time
SELECT ts, extract(hour from ts), extract(day from ts), extract(week from ts), extract(month from ts),
       extract(year from ts), extract(weekday from ts)
FROM (SELECT DISTINCT timestamp 'epoch' + ts/1000 * interval '1 second' AS ts FROM staging_events WHERE page = 'NextSong')
""")

songplay_table_insert = ("""
INSERT INTO dist.songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
SELECT timestamp 'epoch' + e.ts/1000 * interval '1 second', e.userId, e.level, s.song_id, s.artist_id, e.sessionId,
       e.location, e.userAgent
FROM staging_events e
JOIN staging_songs s ON e.song = s.title AND e.artist = s.artist_name
WHERE e.page = 'NextSong'
""")

# the same without keys, to compare the plans
nodist_copies = ["INSERT INTO nodist.{0} SELECT * FROM dist.{0}".format(t) for t in ('users', 'artists', 'songs', 'time')]
nodist_songplays = """
INSERT INTO nodist.songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
SELECT start_time, user_id, level, song_id, artist_id, session_id, location, user_agent FROM dist.songplays
"""

# QUERY LISTS

drop_table_queries = [nodist_schema_drop, dist_schema_drop]
create_table_queries = [dist_schema_create, nodist_schema_create, staging_events_table_create,
                        staging_songs_table_create, dist_tables_create, nodist_tables_create]
copy_table_queries = [staging_events_copy, staging_songs_copy]
insert_table_queries = [user_table_insert, artist_table_insert, song_table_insert, time_table_insert,
                        songplay_table_insert] + nodist_copies + [nodist_songplays]
