import configparser


# CONFIG
config = configparser.ConfigParser()
config.read('dwh.cfg')


def unquoted(section, key):
    # the values carry double quotes, which SQL takes for names
    return config[section][key].replace('"', '')


# DROP TABLES
staging_events_table_drop = "DROP TABLE IF EXISTS staging_events;"
staging_songs_table_drop = "DROP TABLE IF EXISTS staging_songs;"
songplay_table_drop = "DROP TABLE IF EXISTS factSongplay;"
user_table_drop = "DROP TABLE IF EXISTS dimUser;"
song_table_drop = "DROP TABLE IF EXISTS dimSong;"
artist_table_drop = "DROP TABLE IF EXISTS dimArtist;"
time_table_drop = "DROP TABLE IF EXISTS dimTime;"

# CREATE TABLES
staging_events_table_create = """
    CREATE TABLE staging_events
    (
        se_id               bigint identity(0, 1) not null,
        se_artist           text,
        se_auth             text,
        se_first_name       text,
        se_gender           text,
        se_item_in_session  integer,
        se_last_name        text,
        se_length           double precision,
        se_level            text,
        se_location         text,
        se_method           text,
        se_page             text,
        se_registration     bigint,
        se_session_id       integer,
        se_song             text,
        se_status           smallint,
        se_ts               bigint,
        se_user_agent       text,
        se_user_id          integer,
        primary key (se_id)
    );
"""

staging_songs_table_create = """
    CREATE TABLE staging_songs
    (
        ss_id             bigint identity(0, 1) not null,
        num_songs         integer,
        artist_id         text,
        artist_latitude   double precision,
        artist_longitude  double precision,
        artist_location   text,
        artist_name       text,
        song_id           text,
        title             text,
        duration          double precision,
        year              smallint,
        loaded_at         timestamp default getdate(),
        primary key (ss_id)
    );
"""

songplay_table_create = """
    CREATE TABLE factSongplay
    (
        songplayId  bigint identity(1, 1) primary key,
        startTime   timestamp not null sortkey distkey,
        userId      integer not null,
        level       text,
        songId      text,
        artistId    text,
        sessionId   integer,
        location    text,
        userAgent   text
    );
"""

user_table_create = """
    CREATE TABLE dimUser
    (
        userId     integer primary key sortkey,
        firstName  text,
        lastName   text,
        gender     text,
        level      text
    ) diststyle all;
"""

song_table_create = """
    CREATE TABLE dimSong
    (
        songId    text primary key sortkey,
        title     text,
        artistId  text distkey,
        year      smallint,
        duration  double precision
    );
"""

artist_table_create = """
    CREATE TABLE dimArtist
    (
        artistId   text primary key distkey,
        name       text,
        location   text,
        latitude   double precision,
        longitude  double precision
    );
"""

time_table_create = """
    CREATE TABLE dimTime
    (
        startTime  timestamp primary key sortkey distkey,
        hour       smallint,
        day        smallint,
        week       smallint,
        month      smallint,
        year       smallint,
        weekday    smallint
    );
"""

# STAGING TABLES
staging_events_copy = """
    COPY staging_events FROM '{}'
    CREDENTIALS 'aws_iam_role={}'
    JSON '{}'
    COMPUPDATE OFF REGION 'us-west-2';
""".format(unquoted('S3', 'LOG_DATA'), unquoted('IAM_ROLE', 'ARN'), unquoted('S3', 'LOG_JSONPATH'))

staging_songs_copy = """
    COPY staging_songs FROM '{}'
    CREDENTIALS 'aws_iam_role={}'
    JSON 'auto'
    COMPUPDATE OFF REGION 'us-west-2';
""".format(unquoted('S3', 'SONG_DATA'), unquoted('IAM_ROLE', 'ARN'))

# FINAL TABLES
songplay_table_insert = """
    INSERT INTO factSongplay (startTime, userId, level, songId, artistId, sessionId, location, userAgent)
    SELECT date_add('ms', se_ts, '1970-01-01'),
           se_user_id, se_level, song_id, artist_id, se_session_id, se_location, se_user_agent
    FROM staging_events, staging_songs
    WHERE se_page = 'NextSong' AND se_song = title;
"""

user_table_insert = """
    INSERT INTO dimUser (userId, firstName, lastName, gender, level)
    SELECT DISTINCT(se_user_id), se_first_name, se_last_name, se_gender, se_level
    FROM staging_events
    WHERE se_user_id IS NOT NULL AND se_page = 'NextSong';
"""

song_table_insert = """
    INSERT INTO dimSong (songId, title, artistId, year, duration)
    SELECT DISTINCT(song_id), title, artist_id, year, duration FROM staging_songs;
"""

artist_table_insert = """
    INSERT INTO dimArtist (artistId, name, location, latitude, longitude)
    SELECT DISTINCT(artist_id), artist_name, artist_location, artist_latitude, artist_longitude FROM staging_songs;
"""

time_table_insert = """
    INSERT INTO dimTime (startTime, hour, day, week, month, year, weekday)
    SELECT DISTINCT(startTime), extract(hrs from startTime), extract(day from startTime), extract(weeks from startTime),
           extract(month from startTime), extract(yr from startTime), extract(dayofweek from startTime)
    FROM factSongplay;
"""

# QUERY LISTS
create_table_queries = [staging_events_table_create, staging_songs_table_create, songplay_table_create, user_table_create,
                        song_table_create, artist_table_create, time_table_create]
drop_table_queries = [staging_events_table_drop, staging_songs_table_drop, songplay_table_drop, user_table_drop,
                      song_table_drop, artist_table_drop, time_table_drop]
copy_table_queries = [staging_events_copy, staging_songs_copy]
insert_table_queries = [songplay_table_insert, user_table_insert, song_table_insert, artist_table_insert,
                        time_table_insert]
