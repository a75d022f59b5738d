import configparser


# CONFIG
config = configparser.ConfigParser()
config.read('dwh.cfg')
ARN = config.get('IAM_ROLE', 'ARN')

# DROP TABLES
staging_events_table_drop = "DROP TABLE IF EXISTS staging_events CASCADE;"
staging_songs_table_drop = "DROP TABLE IF EXISTS staging_songs CASCADE;"
songplay_table_drop = "DROP TABLE IF EXISTS songplays CASCADE;"
user_table_drop = "DROP TABLE IF EXISTS users CASCADE;"
song_table_drop = "DROP TABLE IF EXISTS songs CASCADE;"
artist_table_drop = "DROP TABLE IF EXISTS artists CASCADE;"
time_table_drop = "DROP TABLE IF EXISTS time CASCADE;"

# CREATE TABLES
staging_events_table_create = ("""CREATE TABLE IF NOT EXISTS staging_events(
    artist VARCHAR(256) ENCODE zstd, auth VARCHAR(20) ENCODE bytedict, firstname VARCHAR(50), gender CHAR(1) ENCODE bytedict,
    iteminsession INT2, lastname VARCHAR(50), length FLOAT8, level CHAR(4) ENCODE bytedict, location VARCHAR(100),
    method CHAR(3), page VARCHAR(20), registration FLOAT8, sessionid INT4, song VARCHAR(256) DISTKEY, status INT2,
    ts INT8, useragent VARCHAR(256) ENCODE text255, userid INT4);""")
staging_songs_table_create = ("""CREATE TABLE IF NOT EXISTS staging_songs(
    num_songs INT, artist_id CHAR(18), artist_latitude FLOAT8, artist_longitude FLOAT8, artist_location VARCHAR(256),
    artist_name VARCHAR(256), song_id CHAR(18), title VARCHAR(256) DISTKEY, duration FLOAT8, year INT2);""")
songplay_table_create = ("""CREATE TABLE IF NOT EXISTS songplays(
    songplay_id BIGINT IDENTITY(0,1) NOT NULL, start_time TIMESTAMP NOT NULL, user_id INT4 NOT NULL, level CHAR(4),
    song_id CHAR(18), artist_id CHAR(18), session_id INT4, location VARCHAR(100), user_agent VARCHAR(256))
    DISTSTYLE KEY DISTKEY (song_id) COMPOUND SORTKEY (start_time, user_id);""")
user_table_create = ("""CREATE TABLE IF NOT EXISTS users(
    user_id INT4 NOT NULL SORTKEY, first_name VARCHAR(50), last_name VARCHAR(50), gender CHAR(1), level CHAR(4)) DISTSTYLE ALL;""")
song_table_create = ("""CREATE TABLE IF NOT EXISTS songs(
    song_id CHAR(18) NOT NULL SORTKEY DISTKEY, title VARCHAR(256), artist_id CHAR(18), year INT2, duration FLOAT8);""")
artist_table_create = ("""CREATE TABLE IF NOT EXISTS artists(
    artist_id CHAR(18) NOT NULL SORTKEY, name VARCHAR(256), location VARCHAR(256), latitude FLOAT8, longitude FLOAT8) DISTSTYLE ALL;""")
time_table_create = ("""CREATE TABLE IF NOT EXISTS time(
    start_time TIMESTAMP NOT NULL SORTKEY, hour INT2, day INT2, week INT2, month INT2, year INT2, weekday INT2) DISTSTYLE ALL;""")

# STAGING TABLES
staging_events_copy = ("""COPY staging_events FROM '{}'
    IAM_ROLE '{}'
    FORMAT AS JSON '{}'
    REGION 'us-west-2' BLANKSASNULL EMPTYASNULL TRUNCATECOLUMNS;""").format(config.get('S3', 'LOG_DATA'), ARN, config.get('S3', 'LOG_JSONPATH'))
staging_songs_copy = ("""COPY staging_songs FROM '{}'
    IAM_ROLE '{}'
    FORMAT AS JSON 'auto'
    REGION 'us-west-2';""").format(config.get('S3', 'SONG_DATA'), ARN)

# FINAL TABLES
songplay_table_insert = ("""
    INSERT INTO songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
    SELECT DISTINCT TIMESTAMP 'epoch' + ts/1000 * INTERVAL '1 second' AS start_time, userid, level, song_id, artist_id,
           sessionid, location, useragent
    FROM staging_events, staging_songs
    WHERE (page = 'NextSong') AND (song = title) AND (artist = artist_name) AND (length = duration);""")
user_table_insert = ("""
    INSERT INTO users SELECT DISTINCT (userid) userid, firstname, lastname, gender, level
    FROM staging_events WHERE page = 'NextSong' AND userid IS NOT NULL;""")
song_table_insert = ("INSERT INTO songs SELECT DISTINCT (song_id), title, artist_id, year, duration FROM staging_songs;")
artist_table_insert = ("""
    INSERT INTO artists (artist_id, name, location, latitude, longitude)
    SELECT DISTINCT artist_id, artist_name, artist_location, artist_latitude, artist_longitude FROM staging_songs;""")
time_table_insert = ("""
    INSERT INTO time SELECT DISTINCT start_time, EXTRACT(hour FROM start_time), EXTRACT(day FROM start_time),
           EXTRACT(week FROM start_time), EXTRACT(month FROM start_time), EXTRACT(year FROM start_time),
           EXTRACT(weekday FROM start_time) FROM songplays;""")

# QUERY LISTS
create_table_queries = [staging_events_table_create, staging_songs_table_create, songplay_table_create, user_table_create, song_table_create, artist_table_create, time_table_create]
drop_table_queries = [staging_events_table_drop, staging_songs_table_drop, songplay_table_drop, user_table_drop, song_table_drop, artist_table_drop, time_table_drop]
copy_table_queries = [staging_events_copy, staging_songs_copy]
insert_table_queries = [songplay_table_insert, user_table_insert, song_table_insert, artist_table_insert, time_table_insert]

# ANALYTICS
analytic_queries = {
    'top_songs': """
        SELECT s.title, MAX(a.name) AS artist, COUNT(DISTINCT sp.songplay_id)
        FROM songplays sp
        JOIN songs s ON sp.song_id = s.song_id
        JOIN artists a ON a.artist_id = sp.artist_id
        GROUP BY s.song_id, s.title
        ORDER BY 3 DESC, 1
        LIMIT 5""",
    'busiest_hours': """
        SELECT TOP 3 t.hour, COUNT(*) FROM songplays sp INNER JOIN time t ON sp.start_time = t.start_time
        GROUP BY t.hour ORDER BY COUNT(*) DESC, t.hour""",
    'levels': """
        SELECT level, COUNT(*) AS plays, COUNT(*) * 100 / (SELECT COUNT(*) FROM songplays) AS percent,
               AVG(session_id) AS average_session, ROUND(AVG(session_id::float), 2) AS exact
        FROM songplays GROUP BY level ORDER BY level""",
    'users_of_both_levels': """
        SELECT user_id, MIN(first_name) || ' ' || MIN(last_name) FROM users GROUP BY user_id HAVING COUNT(DISTINCT level) = 2 ORDER BY user_id""",
    'artists_with_two_names': """
        SELECT COUNT(*) FROM (SELECT artist_id FROM artists GROUP BY artist_id HAVING COUNT(*) > 1) AS several""",
    'cities': """
        SELECT SPLIT_PART(location, ',', 1) AS city, TRIM(SPLIT_PART(location, ',', 2)) AS state, COUNT(*) plays
        FROM songplays WHERE location LIKE '%, CA%' GROUP BY 1, 2 ORDER BY plays DESC, city LIMIT 2""",
}
