import configparser

config = configparser.ConfigParser()
config.read('dwh.cfg')
arn, log_data, log_jsonpath, song_data = (config['IAM_ROLE']['ARN'], config['S3']['LOG_DATA'],
                                          config['S3']['LOG_JSONPATH'], config['S3']['SONG_DATA'])

drop_table_queries = [
    "SET enable_result_cache_for_session TO OFF;",
    "DROP VIEW IF EXISTS reporting.daily_plays CASCADE;",
    "DROP SCHEMA IF EXISTS reporting CASCADE;",
    "DROP TABLE IF EXISTS staging_events, staging_songs, songplays, users, songs;",
]

create_table_queries = ["""
CREATE TABLE staging_events (
    artist VARCHAR(300), auth VARCHAR(30), first_name VARCHAR(60), gender CHAR(1), item_in_session SMALLINT,
    last_name VARCHAR(60), length DOUBLE PRECISION, level VARCHAR(5), location VARCHAR(300), method VARCHAR(8),
    page VARCHAR(30), registration DOUBLE PRECISION, session_id INTEGER, song VARCHAR(300), status SMALLINT, ts BIGINT,
    user_agent VARCHAR(400), user_id INTEGER
)
BACKUP NO
DISTSTYLE EVEN;
""", """
CREATE TABLE staging_songs (
    num_songs INTEGER, artist_id VARCHAR(20), artist_latitude DOUBLE PRECISION, artist_longitude DOUBLE PRECISION,
    artist_location VARCHAR(300), artist_name VARCHAR(300), song_id VARCHAR(20), title VARCHAR(300),
    duration DOUBLE PRECISION, year SMALLINT
)
BACKUP NO
DISTSTYLE EVEN;
""", """
CREATE TABLE users (
    user_id INTEGER NOT NULL, first_name VARCHAR(60), last_name VARCHAR(60), gender CHAR(1), level VARCHAR(5)
) BACKUP YES DISTSTYLE ALL SORTKEY (user_id);
""", """
CREATE TABLE songs (
    song_id VARCHAR(20) NOT NULL, title VARCHAR(300), artist VARCHAR(300), year SMALLINT, duration DOUBLE PRECISION
) DISTSTYLE ALL SORTKEY (song_id);
""", """
CREATE TABLE songplays (
    songplay_id BIGINT IDENTITY(0, 1), start_time TIMESTAMP NOT NULL, user_id INTEGER NOT NULL, level VARCHAR(5),
    song_id VARCHAR(20), session_id INTEGER, user_agent VARCHAR(400)
) DISTSTYLE KEY DISTKEY (user_id) COMPOUND SORTKEY (start_time, user_id);
""",
    "COMMENT ON TABLE songplays IS 'one row for each song played; it''s the fact';",
    "COMMENT ON COLUMN songplays.level IS 'free or paid';",
    "CREATE SCHEMA reporting AUTHORIZATION dwhuser;",
    "GRANT USAGE ON SCHEMA reporting TO PUBLIC;",
    """
    CREATE VIEW reporting.daily_plays AS
    SELECT DATE_TRUNC('day', start_time)::date AS day, level, COUNT(*) AS plays, COUNT(DISTINCT user_id) AS listeners
    FROM public.songplays
    GROUP BY 1, 2;
    """,
    """
    CREATE OR REPLACE VIEW reporting.songs_by_decade AS
    SELECT (year / 10) * 10 AS decade, COUNT(*) AS songs, AVG(year) AS mean_year, AVG(duration) AS mean_duration
    FROM public.songs
    WHERE year > 0
    GROUP BY decade
    WITH NO SCHEMA BINDING;
    """,
    "GRANT SELECT ON ALL TABLES IN SCHEMA reporting TO PUBLIC;",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA reporting GRANT SELECT ON TABLES TO PUBLIC;",
]

copy_table_queries = [f"""
    copy staging_events from {log_data}
    iam_role {arn}
    format as json {log_jsonpath}
    statupdate on
    compupdate preset
    region as 'us-west-2';
""", f"""
    copy staging_songs from {song_data}
    iam_role {arn}
    comprows 100000
    json 'auto' statupdate off compupdate true
    region as 'us-west-2';
"""]

insert_table_queries = ["""
    INSERT INTO users
    SELECT DISTINCT user_id, first_name, last_name, gender, level FROM staging_events
    WHERE page = 'NextSong' AND user_id IS NOT NULL;
""", """
    INSERT INTO songs SELECT song_id, title, artist_name, year, duration FROM staging_songs;
""", """
    INSERT INTO songplays (start_time, user_id, level, song_id, session_id, user_agent)
    SELECT TIMESTAMP 'epoch' + (ts * INTERVAL '1 millisecond'), user_id, level, song_id, session_id, user_agent
    FROM staging_events
    LEFT JOIN staging_songs ON title = song AND artist_name = artist
    WHERE page = 'NextSong';
""",
    "ANALYZE songplays PREDICATE COLUMNS;",
    "ANALYZE users (user_id);",
    "ANALYZE;",
    "REVOKE ALL ON TABLE staging_events FROM PUBLIC;",
    "ALTER TABLE staging_songs RENAME TO staging_songs_old;",
    "TRUNCATE staging_songs_old;",
    "CREATE TABLE dashboard DISTSTYLE ALL SORTKEY (day) AS SELECT day, SUM(plays) AS plays FROM reporting.daily_plays GROUP BY 1;",
]
