from engine import config

ARN = config["IAM_ROLE"]["ARN"]
S3 = config["S3"]

tables = {
    "staging_events": "artist varchar, auth varchar, firstname varchar, gender varchar, iteminsession integer,"
    " lastname varchar, length float, level varchar, location varchar, method varchar, page varchar,"
    " registration float, sessionid integer, song varchar, status integer, ts bigint, useragent varchar, userid integer",
    "staging_songs": "num_songs integer, artist_id varchar, artist_latitude float, artist_longitude float,"
    " artist_location varchar, artist_name varchar, song_id varchar, title varchar, duration float, year integer",
    "songplays": "songplay_id integer identity(0,1) primary key, start_time timestamp not null, user_id integer,"
    " level varchar, song_id varchar, artist_id varchar, session_id integer, location varchar, user_agent varchar",
    "users": "user_id integer primary key, first_name varchar, last_name varchar, gender varchar, level varchar",
    "songs": "song_id varchar primary key, title varchar, artist_id varchar, year integer, duration float",
    "artists": "artist_id varchar primary key, name varchar, location varchar, latitude float, longitude float",
    "time": "start_time timestamp primary key, hour integer, day integer, week integer, month integer, year integer,"
    " weekday integer",
}

drop_table_queries = [f"drop table if exists {name}" for name in tables]
create_table_queries = [f"create table {name} ({columns})" for name, columns in tables.items()]

copy_table_queries = [
    f"""
    copy staging_events from '{S3["LOG_DATA"]}'
    credentials 'aws_iam_role={ARN}'
    json '{S3["LOG_JSONPATH"]}'
    compupdate off region 'us-west-2'
    """,
    f"""
    copy staging_songs from '{S3["SONG_DATA"]}'
    credentials 'aws_iam_role={ARN}'
    json 'auto'
    compupdate off region 'us-west-2'
    """,
]

insert_table_queries = [
    """
    insert into songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
    select timestamp 'epoch' + e.ts::float8 / 1000 * interval '1 second', e.userid, e.level, s.song_id, s.artist_id,
           e.sessionid, e.location, e.useragent
    from staging_events e
    left join staging_songs s on e.song = s.title and e.artist = s.artist_name and e.length = s.duration
    where e.page = 'NextSong'
    """,
    """
    insert into users
    select distinct userid, firstname, lastname, gender, level from staging_events
    where userid is not null and page = 'NextSong'
    """,
    "insert into songs select distinct song_id, title, artist_id, year, duration from staging_songs",
    """
    insert into artists
    select distinct artist_id, artist_name, artist_location, artist_latitude, artist_longitude from staging_songs
    """,
    """
    insert into time
    select start_time, extract(hour from start_time), extract(day from start_time), extract(week from start_time),
           extract(month from start_time), extract(year from start_time), extract(dow from start_time)
    from (select distinct start_time from songplays) plays
    """,
]
