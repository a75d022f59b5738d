from settings import ROLE_ARN, config

S3 = config['S3']

COPY = [
    f"""
    COPY staging_events FROM {S3['LOG_DATA']}
    IAM_ROLE {ROLE_ARN}
    FORMAT JSON {S3['LOG_JSONPATH']}
    REGION 'us-west-2'
    COMPUPDATE OFF
    """,
    f"""
    COPY staging_songs FROM {S3['SONG_DATA']}
    IAM_ROLE {ROLE_ARN}
    FORMAT JSON 'auto'
    REGION 'us-west-2'
    COMPUPDATE OFF
    """,
]

INSERT = [
    """
    INSERT INTO users
    SELECT DISTINCT userid, firstname, lastname, gender, level
    FROM staging_events
    WHERE userid IS NOT NULL AND page = 'NextSong'
    """,
    """
    INSERT INTO songs (SELECT song_id, title, artist_id, year, duration FROM staging_songs)
    """,
    """
    INSERT INTO artists
    SELECT DISTINCT artist_id, artist_name, NVL(NULLIF(artist_location, ''), 'unknown'), artist_latitude, artist_longitude
    FROM staging_songs
    """,
    """
    INSERT INTO "time"
    SELECT start_time,
           DATE_PART('hour', start_time), DATE_PART('day', start_time), DATE_PART('week', start_time),
           DATE_PART('month', start_time), DATE_PART('year', start_time), DATE_PART('weekday', start_time)
    FROM (SELECT DISTINCT DATEADD(ms, ts, '1970-01-01') AS start_time FROM staging_events WHERE page = 'NextSong') t
    """,
    """
    INSERT INTO songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
    SELECT DATEADD(ms, e.ts, '1970-01-01'), e.userid, e.level, s.song_id, s.artist_id, e.sessionid, e.location,
           e.useragent
    FROM staging_events e
    INNER JOIN staging_songs s ON e.song = s.title AND e.artist = s.artist_name
    WHERE e.page = 'NextSong'
    """,
]
