from configparser import ConfigParser

config = ConfigParser()
config.read('dwh.cfg')
role = config['IAM_ROLE']['ARN']
s3 = config['S3']

ddl = {
    'staging_events': '''artist varchar(256), auth varchar(12), "firstName" varchar(50), gender varchar(2),
        "itemInSession" int, "lastName" varchar(50), length decimal(9, 5), level varchar(10), location varchar(100),
        method varchar(6), page varchar(20), registration decimal(14, 1), "sessionId" int, song varchar(256), status int,
        ts timestamp, "userAgent" varchar(200), "userId" int''',
    'staging_songs': '''num_songs int, artist_id varchar(20), artist_latitude decimal(8, 5), artist_longitude decimal(8, 5),
        artist_location varchar(256), artist_name varchar(256), song_id varchar(20), title varchar(256),
        duration decimal(9, 5), year int''',
    'users': 'user_id int primary key, first_name varchar(50), last_name varchar(50), gender varchar(2), level varchar(10)',
    'songs': 'song_id varchar(20) primary key, title varchar(256), artist_id varchar(20), year int, duration decimal(9, 5)',
    'artists': 'artist_id varchar(20) primary key, name varchar(256), location varchar(256), latitude decimal(8, 5), longitude decimal(8, 5)',
    'time': 'start_time timestamp primary key, hour int, day int, week int, month int, year int, weekday int',
    'songplays': '''songplay_id int identity(1, 1) primary key, start_time timestamp references time, user_id int references users,
        level varchar(10), song_id varchar(20) references songs, artist_id varchar(20) references artists, session_id int,
        location varchar(100), user_agent varchar(200)''',
    'quality_log': 'check_name varchar(50), found bigint, passed boolean, checked_at timestamp',
}

copies = {
    'stage events': f"COPY staging_events FROM '{s3['LOG_DATA']}' IAM_ROLE '{role}' JSON '{s3['LOG_JSONPATH']}' TIMEFORMAT 'epochmillisecs' REGION 'us-west-2'",
    'stage songs': f"COPY staging_songs FROM '{s3['SONG_DATA']}' IAM_ROLE '{role}' JSON 'auto' REGION 'us-west-2'",
}

inserts = {
    'users': """
        INSERT INTO users
        SELECT DISTINCT se."userId", se."firstName", se."lastName", se.gender, se.level
        FROM staging_events se,
             (SELECT "userId", MAX(ts) AS ts FROM staging_events WHERE page = 'NextSong' GROUP BY "userId") AS latest
        WHERE se."userId" = latest."userId" AND se.ts = latest.ts AND page = 'NextSong'""",
    'songs': 'INSERT INTO songs SELECT DISTINCT song_id, title, artist_id, year, duration FROM staging_songs',
    'artists': """
        INSERT INTO artists
        SELECT artist_id, MAX(artist_name), MAX(artist_location), MAX(artist_latitude), MAX(artist_longitude)
        FROM staging_songs GROUP BY artist_id""",
    'time': """
        INSERT INTO time
        SELECT ts, EXTRACT(hour FROM ts), EXTRACT(day FROM ts), EXTRACT(week FROM ts), EXTRACT(month FROM ts),
               EXTRACT(year FROM ts), EXTRACT(dow FROM ts)
        FROM (SELECT DISTINCT ts FROM staging_events WHERE page = 'NextSong') t""",
    'songplays': """
        INSERT INTO songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
        SELECT se.ts, se."userId", se.level, ss.song_id, ss.artist_id, se."sessionId", se.location, se."userAgent"
        FROM staging_events se
        LEFT JOIN staging_songs ss ON se.song = ss.title AND se.artist = ss.artist_name AND ABS(se.length - ss.duration) < 2
        WHERE se.page = 'NextSong'""",
}

