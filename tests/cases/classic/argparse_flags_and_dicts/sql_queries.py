import configparser

config = configparser.ConfigParser()
config.read('dwh.cfg')

role_arn = config.get('IAM_ROLE', 'ARN')
s3 = config['S3']

drop_table_queries = {
    name: f'DROP TABLE IF EXISTS {name}'
    for name in ('staging_events', 'staging_songs', 'songplays', 'users', 'songs', 'artists', 'time')
}

create_table_queries = {}

create_table_queries['staging_events'] = '''
CREATE TABLE staging_events (
      event_id        BIGINT IDENTITY(0,1)    NOT NULL
    , artist          VARCHAR                 NULL
    , auth            VARCHAR                 NULL
    , firstName       VARCHAR                 NULL
    , gender          VARCHAR                 NULL
    , itemInSession   VARCHAR                 NULL
    , lastName        VARCHAR                 NULL
    , length          VARCHAR                 NULL
    , level           VARCHAR                 NULL
    , location        VARCHAR                 NULL
    , method          VARCHAR                 NULL
    , page            VARCHAR                 NULL
    , registration    VARCHAR                 NULL
    , sessionId       INTEGER                 NOT NULL SORTKEY DISTKEY
    , song            VARCHAR                 NULL
    , status          INTEGER                 NULL
    , ts              BIGINT                  NOT NULL
    , userAgent       VARCHAR                 NULL
    , userId          INTEGER                 NULL
)
'''

create_table_queries['staging_songs'] = '''
CREATE TABLE staging_songs (
      num_songs         INTEGER         NULL
    , artist_id         VARCHAR         NOT NULL SORTKEY DISTKEY
    , artist_latitude   VARCHAR         NULL
    , artist_longitude  VARCHAR         NULL
    , artist_location   VARCHAR(500)    NULL
    , artist_name       VARCHAR(500)    NULL
    , song_id           VARCHAR         NOT NULL
    , title             VARCHAR(500)    NULL
    , duration          DECIMAL(9)      NULL
    , year              INTEGER         NULL
)
'''

create_table_queries['songplays'] = '''
CREATE TABLE songplays (
      songplay_id   INTEGER IDENTITY(0,1)   NOT NULL SORTKEY
    , start_time    TIMESTAMP               NOT NULL
    , user_id       VARCHAR(50)             NOT NULL DISTKEY
    , level         VARCHAR(10)             NOT NULL
    , song_id       VARCHAR(40)             NOT NULL
    , artist_id     VARCHAR(50)             NOT NULL
    , session_id    VARCHAR(50)             NOT NULL
    , location      VARCHAR(100)            NULL
    , user_agent    VARCHAR(255)            NULL
)
'''

create_table_queries['users'] = '''
CREATE TABLE users (
      user_id       INTEGER         NOT NULL SORTKEY
    , first_name    VARCHAR(50)     NULL
    , last_name     VARCHAR(80)     NULL
    , gender        VARCHAR(10)     NULL
    , level         VARCHAR(10)     NULL
) diststyle all
'''

create_table_queries['songs'] = '''
CREATE TABLE songs (
      song_id       VARCHAR(50)     NOT NULL SORTKEY
    , title         VARCHAR(500)    NOT NULL
    , artist_id     VARCHAR(50)     NOT NULL
    , year          INTEGER         NOT NULL
    , duration      DECIMAL(9)      NOT NULL
)
'''

create_table_queries['artists'] = '''
CREATE TABLE artists (
      artist_id     VARCHAR(50)     NOT NULL SORTKEY
    , name          VARCHAR(500)    NULL
    , location      VARCHAR(500)    NULL
    , latitude      DECIMAL(9)      NULL
    , longitude     DECIMAL(9)      NULL
) diststyle all
'''

create_table_queries['time'] = '''
CREATE TABLE time (
      start_time    TIMESTAMP       NOT NULL SORTKEY
    , hour          SMALLINT        NULL
    , day           SMALLINT        NULL
    , week          SMALLINT        NULL
    , month         SMALLINT        NULL
    , year          SMALLINT        NULL
    , weekday       SMALLINT        NULL
) diststyle all
'''

copy_table_queries = {
    'staging_events': f'''
        COPY staging_events FROM {s3["LOG_DATA"]}
        credentials 'aws_iam_role={role_arn}'
        format as json {s3["LOG_JSONPATH"]}
        STATUPDATE ON
        region 'us-west-2';
    ''',
    'staging_songs': f'''
        COPY staging_songs FROM {s3["SONG_DATA"]}
        credentials 'aws_iam_role={role_arn}'
        format as json 'auto'
        ACCEPTINVCHARS AS '^'
        STATUPDATE ON
        region 'us-west-2';
    ''',
}

insert_table_queries = {
    'songplays': '''
        INSERT INTO songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
        SELECT DISTINCT TIMESTAMP 'epoch' + se.ts/1000 * INTERVAL '1 second' AS start_time,
               se.userId, se.level, ss.song_id, ss.artist_id, se.sessionId, se.location, se.userAgent
        FROM   staging_events AS se
        JOIN   staging_songs AS ss ON (se.artist = ss.artist_name)
        WHERE  se.page = 'NextSong'
    ''',
    'users': '''
        INSERT INTO users (user_id, first_name, last_name, gender, level)
        SELECT DISTINCT se.userId, se.firstName, se.lastName, se.gender, se.level
        FROM   staging_events AS se
        WHERE  se.page = 'NextSong'
    ''',
    'songs': '''
        INSERT INTO songs (song_id, title, artist_id, year, duration)
        SELECT DISTINCT ss.song_id, ss.title, ss.artist_id, ss.year, ss.duration
        FROM   staging_songs AS ss
    ''',
    'artists': '''
        INSERT INTO artists (artist_id, name, location, latitude, longitude)
        SELECT DISTINCT ss.artist_id, ss.artist_name, ss.artist_location,
               ss.artist_latitude::float8, CAST(ss.artist_longitude AS float8)
        FROM   staging_songs AS ss
    ''',
    'time': '''
        INSERT INTO time (start_time, hour, day, week, month, year, weekday)
        SELECT DISTINCT TIMESTAMP 'epoch' + se.ts/1000 * INTERVAL '1 second' AS start_time,
               EXTRACT(hour FROM start_time), EXTRACT(day FROM start_time), EXTRACT(week FROM start_time),
               EXTRACT(month FROM start_time), EXTRACT(year FROM start_time), EXTRACT(week FROM start_time)
        FROM   staging_events AS se
        WHERE  se.page = 'NextSong'
    ''',
}
