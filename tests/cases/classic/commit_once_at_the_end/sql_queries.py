from etl_config import DWH_ROLE_ARN, EVENTS, EVENTS_JSONPATHS, SONGS

setup = """
BEGIN;
DROP TABLE IF EXISTS songplay_fact;
DROP TABLE IF EXISTS user_dim;
DROP TABLE IF EXISTS song_dim;
DROP TABLE IF EXISTS artist_dim;
DROP TABLE IF EXISTS time_dim;
DROP TABLE IF EXISTS log_staging;
DROP TABLE IF EXISTS song_staging;

CREATE TABLE log_staging
(
    artist varchar(256), auth varchar(256), first_name varchar(256), gender varchar(256), item_in_session int2,
    last_name varchar(256), length real, level varchar(256), location varchar(256), method varchar(256),
    page varchar(256), registration varchar(256), session_id int2, song varchar(256), status int2, ts int8,
    user_agent varchar(256), user_id int2
);

CREATE TABLE song_staging
(
    artist_id varchar(256), artist_latitude real, artist_longitude real, artist_location varchar(256),
    artist_name varchar(256), duration real, num_songs int4, song_id varchar(256), title varchar(256), year int2
);

CREATE TABLE user_dim
(
    user_id    int2         not null constraint user_dim_pk primary key,
    first_name varchar(256),
    last_name  varchar(256),
    gender     varchar(256),
    level      varchar(256) default 'free'
);

CREATE TABLE artist_dim
(
    artist_id varchar(256) not null,
    name      varchar(256),
    location  varchar(256),
    latitude  real,
    longitude real,
    constraint artist_dim_pk primary key (artist_id)
);

CREATE TABLE song_dim
(
    song_id   varchar(256) not null,
    title     varchar(256),
    artist_id varchar(256),
    year      int2,
    duration  real,
    constraint song_dim_pk primary key (song_id),
    constraint song_dim_artist_fk foreign key (artist_id) references artist_dim (artist_id)
);

CREATE TABLE time_dim
(
    start_time timestamp not null,
    hour int2, day int2, week int2, month int2, year int2, weekday int2,
    constraint time_dim_pk primary key (start_time)
);

CREATE TABLE songplay_fact
(
    songplay_id int8 identity (0, 1),
    start_time  timestamp,
    user_id     int2,
    level       varchar(256),
    song_id     varchar(256),
    artist_id   varchar(256),
    session_id  int2,
    location    varchar(256),
    user_agent  varchar(256),
    constraint songplay_fact_pk primary key (songplay_id),
    constraint songplay_fact_user_fk foreign key (user_id) references user_dim (user_id),
    constraint songplay_fact_time_fk foreign key (start_time) references time_dim (start_time)
);
COMMIT;
"""

stage_logs = f"""
COPY log_staging
FROM '{EVENTS}'
CREDENTIALS 'aws_iam_role={DWH_ROLE_ARN}'
COMPUPDATE OFF
STATUPDATE OFF
REGION 'us-west-2'
JSON '{EVENTS_JSONPATHS}'
"""

stage_songs = f"""
COPY song_staging (song_id, title, artist_id, year, duration, artist_name, artist_location, artist_latitude, artist_longitude, num_songs)
FROM '{SONGS}'
CREDENTIALS 'aws_iam_role={DWH_ROLE_ARN}'
COMPUPDATE OFF
STATUPDATE OFF
REGION 'us-west-2'
JSON 'auto'
"""

load = """
-- everything in one go
INSERT INTO user_dim (user_id, first_name, last_name, gender, level)
SELECT user_id, MAX(first_name), MAX(last_name), MAX(gender), MAX(level)
FROM log_staging
WHERE page = 'NextSong'
GROUP BY user_id;

INSERT INTO artist_dim
SELECT artist_id, artist_name, artist_location, artist_latitude, artist_longitude
FROM song_staging
UNION
SELECT artist_id, artist_name, artist_location, artist_latitude, artist_longitude
FROM song_staging;

INSERT INTO song_dim
SELECT song_id, title, artist_id, CASE WHEN year = 0 THEN NULL ELSE year END, duration
FROM song_staging;

INSERT INTO time_dim
SELECT ts, EXTRACT(HOUR FROM ts), EXTRACT(DAY FROM ts), EXTRACT(WEEK FROM ts), EXTRACT(MONTH FROM ts),
       EXTRACT(YEAR FROM ts), EXTRACT(DW FROM ts)
FROM (
    SELECT (timestamp 'epoch' + ts * interval '1 second' / 1000) AS ts
    FROM log_staging
    WHERE page = 'NextSong'
    GROUP BY ts
) AS t;

INSERT INTO songplay_fact (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
SELECT timestamp 'epoch' + l.ts * interval '1 second' / 1000, l.user_id, l.level, s.song_id, s.artist_id,
       l.session_id, l.location, l.user_agent
FROM log_staging AS l
LEFT JOIN song_staging AS s ON l.song = s.title AND l.artist = s.artist_name AND ABS(l.length - s.duration) < 0.5
WHERE l.page = 'NextSong';
"""
