import configparser

config = configparser.ConfigParser()
config.read('dwh.cfg')

# no role yet: the key of the IAM user does it
CREDENTIALS = 'aws_access_key_id={KEY};aws_secret_access_key={SECRET}'.format(
    KEY=config['AWS']['KEY'], SECRET=config['AWS']['SECRET'])

tables = {}
tables['staging_events'] = """
    artist varchar(200), auth varchar(20), first_name varchar(20), gender varchar(1), item int, last_name varchar(20),
    length float4, level varchar(10), location varchar(100), method varchar(5), page varchar(20), registration float8,
    session_id int, song varchar(200), status int, ts bigint, user_agent varchar(200), user_id int
"""
tables['staging_songs'] = """
    id varchar(18), song varchar(200), artist varchar(18), name varchar(200), place varchar(200), lat float4, lon float4,
    released int, seconds float4
"""
tables['users'] = "user_id int, first_name varchar(20), last_name varchar(20), gender varchar(1), level varchar(10)"
tables['songs'] = "song_id varchar(18), title varchar(200), artist_id varchar(18), year int, duration float4"
tables['artists'] = "artist_id varchar(18), name varchar(200), location varchar(200), lattitude float4, longitude float4"
tables['time'] = "start_time timestamp, hour int, day int, week int, month int, year int, weekday int"
tables['songplays'] = """
    songplay_id bigint identity(1, 1), start_time timestamp, user_id int, level varchar(10), song_id varchar(18),
    artist_id varchar(18), session_id int, location varchar(100), user_agent varchar(200)
"""

drop_table_queries = ["DROP TABLE IF EXISTS " + name for name in tables]
create_table_queries = ["CREATE TABLE {} ({})".format(name, columns) for name, columns in tables.items()]

copy_table_queries = [
    """
    COPY staging_events
    FROM '{LOG_MANIFEST}'
    CREDENTIALS '{CREDENTIALS}'
    REGION 'us-west-2'
    FORMAT AS JSON '{LOG_JSONPATH}'
    MANIFEST
    """.format(CREDENTIALS=CREDENTIALS, **{k.upper(): v for k, v in config['S3'].items()}),
    """
    COPY staging_songs (id, song, artist, name, place, lat, lon, released, seconds)
    FROM '{SONG_DATA}'
    ACCESS_KEY_ID '{KEY}'
    SECRET_ACCESS_KEY '{SECRET}'
    REGION 'us-west-2'
    FORMAT AS JSON '{SONG_JSONPATH}'
    """.format(KEY=config['AWS']['KEY'], SECRET=config['AWS']['SECRET'], **{k.upper(): v for k, v in config['S3'].items()}),
]

PLAY = "timestamp 'epoch' + (ts / 1000) * interval '1 second'"

insert_table_queries = [
    f"""
    INSERT INTO songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
    SELECT {PLAY}, user_id, level, s.id, s.artist, session_id, location, user_agent
    FROM staging_events e LEFT JOIN staging_songs s ON e.song = s.song AND e.artist = s.name
    WHERE page = 'NextSong'
    """,
    "INSERT INTO users SELECT DISTINCT user_id, first_name, last_name, gender, level FROM staging_events "
    "WHERE page = 'NextSong'",
    "INSERT INTO songs SELECT DISTINCT id, song, artist, released, seconds FROM staging_songs",
    "INSERT INTO artists SELECT DISTINCT artist, name, place, lat, lon FROM staging_songs",
    f"""
    INSERT INTO time
    SELECT DISTINCT {PLAY} AS t, EXTRACT(hour FROM t), EXTRACT(day FROM t), EXTRACT(week FROM t), EXTRACT(month FROM t),
           EXTRACT(year FROM t), EXTRACT(weekday FROM t)
    FROM staging_events
    WHERE page = 'NextSong'
    """,
]
