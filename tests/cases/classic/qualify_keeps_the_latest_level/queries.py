TABLES = {
    'staging_events': '''artist varchar(255), auth varchar(255), first_name varchar(255), gender varchar(1),
        item_in_session smallint, last_name varchar(255), length double precision, level varchar(10), location varchar(255),
        method varchar(10), page varchar(255), registration decimal(18, 1), session_id int, song varchar(255),
        status smallint, ts timestamp, user_agent varchar(255), user_id int''',
    'staging_songs': '''song_id char(18), num_songs int, title varchar(255), artist_name varchar(255),
        artist_latitude double precision, year smallint, duration double precision, artist_id char(18),
        artist_longitude double precision, artist_location varchar(255)''',
    'dim_users': 'user_id int not null, first_name varchar(255), last_name varchar(255), gender varchar(1), level varchar(10), primary key (user_id)',
    'dim_artists': 'artist_id char(18), name varchar(255), location varchar(255), latitude float, longitude float',
    'song_of_the_week': 'week smallint, song varchar(255), artist varchar(255), listens int',
    'listens': 'start_time timestamp sortkey, user_id int, song_id char(18), session_id int',
}

STAGE = [
    """COPY staging_events FROM 's3://udacity-dend/log_data/2018/11/' IAM_ROLE '$ROLE'
       FORMAT JSON AS 's3://udacity-dend/log_json_path.json' TIMEFORMAT 'epochmillisecs' REGION 'us-west-2'""",
    """COPY staging_songs FROM 's3://udacity-dend/song_data/' IAM_ROLE '$ROLE' FORMAT JSON 'auto' REGION 'us-west-2'""",
]

TRANSFORM = [
    """INSERT INTO dim_users (user_id, first_name, last_name, gender, level)
       SELECT user_id, first_name, last_name, gender, level
       FROM staging_events e
       WHERE page = 'NextSong'
       QUALIFY ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY ts DESC, item_in_session DESC) = 1""",
    """INSERT INTO dim_artists
       SELECT artist_id, artist_name, artist_location, artist_latitude, artist_longitude
       FROM staging_songs AS s
       QUALIFY 1 = ROW_NUMBER() OVER (PARTITION BY artist_id
           ORDER BY artist_latitude IS NULL, LEN(artist_location) DESC, artist_name, song_id)""",
    """INSERT INTO song_of_the_week
       WITH weekly AS (
           SELECT EXTRACT(week FROM ts) AS week, song, artist, COUNT(*) AS listens
           FROM staging_events WHERE page = 'NextSong'
           GROUP BY 1, 2, 3
       ), ranked AS (
           SELECT *, RANK() OVER (PARTITION BY week ORDER BY listens DESC, song) AS place FROM weekly
       )
       SELECT week, song, artist, listens FROM ranked WHERE place = 1""",
    """INSERT INTO listens
       WITH one_each AS (
           SELECT title, artist_name, duration, song_id FROM staging_songs ss
           QUALIFY ROW_NUMBER() OVER (PARTITION BY title, artist_name, duration ORDER BY song_id) = 1
       )
       SELECT ts, user_id, song_id, session_id
       FROM staging_events LEFT JOIN one_each ON title = song AND artist_name = artist AND duration = length
       WHERE page = 'NextSong'""",
]
