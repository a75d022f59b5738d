import configparser


# CONFIG
config = configparser.ConfigParser()
config.read('dwh.cfg')

# DROP TABLES

staging_events_table_drop = "drop table if exists staging_events"
staging_songs_table_drop = "drop table if exists staging_songs"
songplay_table_drop = "drop table if exists fact_songplay"
time_table_drop = "drop table if exists dim_time"

# CREATE TABLES

staging_events_table_create = ("""create table if not exists staging_events (
    event_id      bigint identity(0,1)  not null,
    artist_name   varchar(300),
    auth          varchar(50),
    user_first_name varchar(255),
    user_gender   varchar(1),
    item_in_session integer,
    user_last_name varchar(255),
    song_length   double precision,
    user_level    varchar(50),
    location      varchar(255),
    method        varchar(25),
    page          varchar(35),
    registration  varchar(50),
    session_id    bigint not null sortkey distkey,
    song_title    varchar(300),
    status        integer,
    ts            bigint not null,
    user_agent    text,
    user_id       varchar(100),
    primary key (event_id)
)""")

staging_songs_table_create = ("""create table if not exists staging_songs (
    num_songs integer, artist_id varchar(100) not null sortkey distkey, artist_latitude double precision,
    artist_longitude double precision, artist_location varchar(300), artist_name varchar(300),
    song_id varchar(100) not null, title varchar(300), duration double precision, year integer
)""")

songplay_table_create = ("""create table if not exists fact_songplay (
    songplay_id integer identity(0,1) primary key sortkey, start_time timestamp, user_id varchar(50) not null distkey,
    level varchar(50), song_id varchar(50) not null, artist_id varchar(50) not null, session_id bigint not null,
    location varchar(255), user_agent text
)""")

time_table_create = ("""create table if not exists dim_time (
    day date not null sortkey, as_text char(10), plays integer, primary key (day)
) diststyle all""")

# STAGING TABLES

staging_events_copy = ("""copy staging_events from '{}'
    credentials 'aws_iam_role={}'
    region 'us-west-2'
    COMPUPDATE OFF
    JSON '{}'""").format(config.get('S3','LOG_DATA'),
                        config.get('IAM_ROLE', 'ARN'),
                        config.get('S3','LOG_JSONPATH'))

staging_songs_copy = ("""copy staging_songs from '{}'
    credentials 'aws_iam_role={}'
    region 'us-west-2'
    STATUPDATE OFF
    JSON 'auto' truncatecolumns;
    """).format(config.get('S3','SONG_DATA'), config.get('IAM_ROLE', 'ARN'))

# FINAL TABLES

songplay_table_insert = ("""
INSERT INTO fact_songplay (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
SELECT DISTINCT to_timestamp(to_char(st.ts, '9999-99-99 99:99:99'),'YYYY-MM-DD HH24:MI:SS'),
                st.user_id, st.user_level as level, so.song_id, so.artist_id, st.session_id, st.location, st.user_agent
FROM staging_events st
JOIN staging_songs so ON st.song_title = so.title AND st.artist_name = so.artist_name
""")

time_table_insert = ("""
INSERT INTO dim_time (day, as_text, plays)
SELECT TO_DATE(TO_CHAR(TIMESTAMP 'epoch' + ts/1000 * INTERVAL '1 second', 'YYYYMMDD'), 'YYYYMMDD') AS play_day,
       TO_CHAR(play_day, 'DD/MM/YYYY'),
       COUNT(1)
FROM staging_events
WHERE page = 'NextSong'
GROUP BY play_day
""")

# QUERY LISTS

create_table_queries = [staging_events_table_create, staging_songs_table_create, songplay_table_create, time_table_create]
drop_table_queries = [staging_events_table_drop, staging_songs_table_drop, songplay_table_drop, time_table_drop]
copy_table_queries = [staging_events_copy, staging_songs_copy]
insert_table_queries = [songplay_table_insert, time_table_insert]
