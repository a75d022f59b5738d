import configparser

config = configparser.ConfigParser()
config.read('dwh.cfg')
arn = config['IAM_ROLE']['ARN'].strip("'")

TABLES = ['staging_events', 'staging_songs', 'songplays', 'users', 'songs', 'artists', 'time', 'etl_audit']

staging_events_table_create = """
CREATE TABLE staging_events (
    artist varchar, auth varchar, "firstName" varchar, gender varchar, "itemInSession" int, "lastName" varchar,
    length float, level varchar, location varchar, method varchar, page varchar, registration varchar,
    "sessionId" int, song varchar, status int, ts bigint, "userAgent" varchar, "userId" int
)"""

staging_songs_table_create = """
CREATE TABLE staging_songs (
    num_songs int, artist_id varchar, artist_latitude float, artist_longitude float, artist_location varchar,
    artist_name varchar, song_id varchar, title varchar, duration float, year int
)"""

songplay_table_create = """
CREATE TABLE songplays (
    songplay_id int identity(0,1) primary key, start_time timestamp not null references time(start_time) sortkey,
    user_id int not null references users(user_id) distkey, level varchar not null,
    song_id varchar references songs(song_id), artist_id varchar references artists(artist_id),
    session_id int not null, location varchar, user_agent varchar
)"""

user_table_create = """
CREATE TABLE users (
    user_id int primary key distkey, first_name varchar, last_name varchar, gender varchar, level varchar
)"""

song_table_create = """
CREATE TABLE songs (
    song_id varchar primary key, title varchar not null, artist_id varchar not null sortkey, year int, duration float
)"""

artist_table_create = """
CREATE TABLE artists (
    artist_id varchar primary key sortkey, name varchar not null, location varchar, latitude float, longitude float
)"""

time_table_create = """
CREATE TABLE time (
    start_time timestamp primary key sortkey, hour int, day int, week int, month int, year int, weekday int
)"""

audit_table_create = """
CREATE TABLE etl_audit (
    loaded_at timestamp default sysdate, table_name varchar(64), row_count bigint, passed boolean, note varchar(1000)
)"""

create_table_queries = [staging_events_table_create, staging_songs_table_create, user_table_create, song_table_create,
                        artist_table_create, time_table_create, songplay_table_create, audit_table_create]

copy_table_queries = [
    f"copy staging_events from {config['S3']['LOG_DATA']} iam_role '{arn}' json {config['S3']['LOG_JSONPATH']} "
    "region 'us-west-2'",
    f"copy staging_songs from {config['S3']['SONG_DATA']} iam_role '{arn}' json 'auto' region 'us-west-2'",
]

user_table_insert = """
INSERT INTO users
SELECT DISTINCT e."userId", e."firstName", e."lastName", e.gender, e.level
FROM staging_events e
WHERE e.page = %(page)s AND e."userId" NOT IN (SELECT DISTINCT user_id FROM users)
"""

song_table_insert = """
INSERT INTO songs
SELECT DISTINCT song_id, title, artist_id, year, duration FROM staging_songs
WHERE song_id NOT IN (SELECT DISTINCT song_id FROM songs)
"""

artist_table_insert = """
INSERT INTO artists
SELECT DISTINCT artist_id, artist_name, artist_location, artist_latitude, artist_longitude FROM staging_songs
WHERE artist_id NOT IN (SELECT DISTINCT artist_id FROM artists)
"""

time_table_insert = """
INSERT INTO time
SELECT DISTINCT timestamp 'epoch' + ts/1000 * interval '1 second' AS st, extract(hour from st), extract(day from st),
       extract(week from st), extract(month from st), extract(year from st), extract(dow from st)
FROM staging_events
WHERE page = %(page)s
"""

songplay_table_insert = """
INSERT INTO songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
SELECT timestamp 'epoch' + e.ts/1000 * interval '1 second', e."userId", e.level, s.song_id, s.artist_id,
       e."sessionId", e.location, e."userAgent"
FROM staging_events e
LEFT JOIN staging_songs s ON (e.song = s.title AND e.artist = s.artist_name)
WHERE e.page = %(page)s AND e."userAgent" LIKE '%%Mozilla%%'
"""

insert_table_queries = [user_table_insert, song_table_insert, artist_table_insert, time_table_insert,
                        songplay_table_insert]

# table, SQL, lowest, highest
quality_checks = [
    ('staging_events', 'select count(*) as value from staging_events', 8056, 8056),
    ('users', 'select count(*) - count(distinct user_id) as value from users', 0, 10),
    ('songplays', 'select count(*) as value from songplays where user_id is null', 0, 0),
    ('time', 'select count(distinct weekday) as value from time', 7, 7),
    ('songs', 'select min(duration)::int as value from songs', 0, 60),
]
