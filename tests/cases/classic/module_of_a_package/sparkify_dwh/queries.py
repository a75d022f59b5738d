from .conf import parser

_s3, _arn = parser["S3"], parser["IAM_ROLE"]["ARN"]

TABLES = {
    "staging_events": """
        artist TEXT, auth TEXT, first_name TEXT, gender TEXT, item_in_session INT, last_name TEXT, length FLOAT8,
        level TEXT, location TEXT, method TEXT, page TEXT, registration FLOAT8, session_id INT, song TEXT,
        status INT, ts BIGINT, user_agent TEXT, user_id INT
    """,
    "staging_songs": """
        song_id TEXT PRIMARY KEY, artist_id TEXT, artist_latitude FLOAT8, artist_location TEXT,
        artist_longitude FLOAT8, artist_name TEXT, duration FLOAT8, num_songs INT, title TEXT, year INT
    """,
    "d_user": "user_id INT SORTKEY, first_name TEXT, last_name TEXT, gender TEXT, level TEXT",
    "d_artist": "artist_id TEXT SORTKEY, name TEXT, location TEXT, lattitude FLOAT8, longitude FLOAT8",
    "d_song": "song_id TEXT SORTKEY, title TEXT, artist_id TEXT, year INT, duration FLOAT8",
    "d_time": "start_time TIMESTAMP SORTKEY, hour INT, day INT, week INT, month INT, year INT, weekday TEXT",
    "f_songplay": """
        songplay_id BIGINT IDENTITY, start_time TIMESTAMP SORTKEY, user_id INT, level TEXT, song_id TEXT DISTKEY,
        artist_id TEXT, session_id INT, location TEXT, user_agent TEXT
    """,
}

COPIES = [
    f"COPY staging_events FROM '{_s3['LOG_DATA']}' WITH CREDENTIALS AS 'aws_iam_role={_arn}' "
    f"JSON AS '{_s3['LOG_JSONPATH']}' REGION AS 'us-west-2'",
    f"COPY staging_songs FROM '{_s3['SONG_DATA']}' WITH CREDENTIALS AS 'aws_iam_role={_arn}' "
    "JSON AS 'auto' REGION AS 'us-west-2' TRUNCATECOLUMNS",
]

INSERTS = [
    """
    INSERT INTO d_user
    SELECT s.user_id, s.first_name, s.last_name, s.gender, s.level
    FROM staging_events s
    JOIN (SELECT user_id, MAX(ts) AS ts FROM staging_events WHERE page = 'NextSong' GROUP BY user_id) m
      ON s.user_id = m.user_id AND s.ts = m.ts
    WHERE s.page = 'NextSong'
    GROUP BY 1, 2, 3, 4, 5
    """,
    """
    INSERT INTO d_artist
    SELECT artist_id, artist_name, artist_location, artist_latitude, artist_longitude
    FROM staging_songs
    GROUP BY artist_id, artist_name, artist_location, artist_latitude, artist_longitude
    """,
    "INSERT INTO d_song SELECT song_id, title, artist_id, year, duration FROM staging_songs WHERE year <> 0",
    """
    INSERT INTO d_time
    WITH times AS (
        SELECT DISTINCT '1970-01-01'::date + ts/1000 * interval '1 second' AS start_time
        FROM staging_events
        WHERE page = 'NextSong'
    )
    SELECT start_time, date_part(hour, start_time), date_part(day, start_time), date_part(week, start_time),
           date_part(month, start_time), date_part(year, start_time), to_char(start_time, 'Dy')
    FROM times
    """,
    """
    INSERT INTO f_songplay (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
    SELECT '1970-01-01'::date + ts/1000 * interval '1 second', user_id, level, song_id, artist_id, session_id,
           location, user_agent
    FROM staging_events e
    JOIN staging_songs s ON lower(e.song) = lower(s.title) AND lower(e.artist) = lower(s.artist_name)
    WHERE page = 'NextSong'
    """,
]
