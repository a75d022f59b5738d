import configparser

config = configparser.ConfigParser()
config.read('dwh.cfg')

# songplays first: the others cannot go while it refers to them
drop_table_queries = ["DROP TABLE IF EXISTS " + t for t in
                      "songplays songs users artists time staging_events staging_songs".split()]

staging_events_table_create = """
CREATE TABLE staging_events (
    artist        VARCHAR(256),
    auth          VARCHAR(256),
    first_name    VARCHAR(256),
    gender        VARCHAR(2),
    item          INTEGER,
    last_name     VARCHAR(256),
    length        DECIMAL(9,5),
    level         VARCHAR(8),
    location      VARCHAR(256),
    method        VARCHAR(6),
    page          VARCHAR(32),
    registration  DECIMAL(16,1),
    session_id    INTEGER,
    song          VARCHAR(256),
    status        INTEGER,
    ts            BIGINT,
    user_agent    VARCHAR(256),
    user_id       INTEGER,
    PRIMARY KEY   (session_id, item)
) DISTSTYLE EVEN;
"""

staging_songs_table_create = """
CREATE TABLE staging_songs (
    num_songs         INTEGER,
    artist_id         VARCHAR(18),
    artist_latitude   DECIMAL(9,5),
    artist_longitude  DECIMAL(9,5),
    artist_location   VARCHAR(256),
    artist_name       VARCHAR(256),
    song_id           VARCHAR(18),
    title             VARCHAR(256),
    duration          DECIMAL(9,5),
    year              INTEGER,
    UNIQUE            (song_id)
) DISTSTYLE EVEN;
"""

user_table_create = """
CREATE TABLE users (
    user_id     INTEGER,
    first_name  VARCHAR(256),
    last_name   VARCHAR(256),
    gender      VARCHAR(2),
    level       VARCHAR(8),
    PRIMARY KEY (user_id)
) DISTSTYLE ALL;
"""

artist_table_create = """
CREATE TABLE artists (
    artist_id   VARCHAR(18),
    name        VARCHAR(256),
    location    VARCHAR(256),
    latitude    DECIMAL(9,5),
    longitude   DECIMAL(9,5),
    PRIMARY KEY (artist_id)
) DISTSTYLE ALL;
"""

song_table_create = """
CREATE TABLE songs (
    song_id     VARCHAR(18),
    title       VARCHAR(256),
    artist_id   VARCHAR(18),
    year        INTEGER,
    duration    DECIMAL(9,5),
    PRIMARY KEY (song_id),
    FOREIGN KEY (artist_id) REFERENCES artists (artist_id)
) DISTSTYLE ALL;
"""

time_table_create = """
CREATE TABLE time (
    start_time  TIMESTAMP,
    hour        INTEGER,
    day         INTEGER,
    week        INTEGER,
    month       INTEGER,
    year        INTEGER,
    weekday     INTEGER,
    PRIMARY KEY (start_time)
) DISTSTYLE ALL;
"""

songplay_table_create = """
CREATE TABLE songplays (
    songplay_id  INTEGER IDENTITY(1, 1),
    start_time   TIMESTAMP,
    user_id      INTEGER,
    level        VARCHAR(8),
    song_id      VARCHAR(18),
    artist_id    VARCHAR(18),
    session_id   INTEGER,
    location     VARCHAR(256),
    user_agent   VARCHAR(256),
    PRIMARY KEY  (songplay_id),
    FOREIGN KEY  (start_time) REFERENCES time (start_time),
    FOREIGN KEY  (user_id)    REFERENCES users (user_id),
    FOREIGN KEY  (song_id)    REFERENCES songs (song_id),
    FOREIGN KEY  (artist_id)  REFERENCES artists (artist_id)
) DISTSTYLE EVEN SORTKEY (start_time);
"""

staging_events_copy = """
COPY staging_events
FROM {}
CREDENTIALS 'aws_iam_role={}'
REGION 'us-west-2'
JSON {};
""".format(config['S3']['LOG_DATA'], config['IAM_ROLE']['ARN'].replace("'", ''), config['S3']['LOG_JSONPATH'])

staging_songs_copy = """
COPY staging_songs
FROM {}
CREDENTIALS 'aws_iam_role={}'
REGION 'us-west-2'
JSON 'auto';
""".format(config['S3']['SONG_DATA'], config['IAM_ROLE']['ARN'].replace("'", ''))

# the fact comes first and finds no dimension rows: nobody checks
songplay_table_insert = """
INSERT INTO songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
SELECT timestamp 'epoch' + ts * interval '0.001 second', user_id, level, song_id, artist_id, session_id, location, user_agent
FROM staging_events
LEFT JOIN staging_songs ON song = title AND artist = artist_name AND length = duration
WHERE page = 'NextSong';
"""

user_table_insert = """
INSERT INTO users SELECT user_id, first_name, last_name, gender, level FROM staging_events
WHERE page = 'NextSong' GROUP BY user_id, first_name, last_name, gender, level;
"""

artist_table_insert = """
INSERT INTO artists SELECT artist_id, artist_name, artist_location, artist_latitude, artist_longitude FROM staging_songs
WHERE artist_latitude IS NOT NULL;
"""

song_table_insert = """
INSERT INTO songs SELECT song_id, title, artist_id, year, duration FROM staging_songs;
"""

time_table_insert = """
INSERT INTO time SELECT s.start_time, EXTRACT(hour FROM s.start_time), EXTRACT(day FROM s.start_time),
    EXTRACT(week FROM s.start_time), EXTRACT(month FROM s.start_time), EXTRACT(year FROM s.start_time),
    EXTRACT(weekday FROM s.start_time)
FROM (SELECT start_time FROM songplays GROUP BY start_time) AS s;
"""

create_table_queries = [staging_events_table_create, staging_songs_table_create, user_table_create, artist_table_create,
                        song_table_create, time_table_create, songplay_table_create]
copy_table_queries = [staging_events_copy, staging_songs_copy]
insert_table_queries = [songplay_table_insert, user_table_insert, artist_table_insert, song_table_insert,
                        time_table_insert]
