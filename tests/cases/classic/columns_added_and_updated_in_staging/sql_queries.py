import configparser

config = configparser.ConfigParser()
config.read('dwh.cfg')

drop_table_queries = ["drop table if exists log_events", "drop table if exists song_events",
                      "drop table if exists songplay", "drop table if exists listener", "drop table if exists song",
                      "drop table if exists artist", "drop table if exists play_time"]

create_table_queries = ["""
create table log_events (
    artist varchar, auth varchar, first_name varchar, gender varchar, item_in_session integer, last_name varchar,
    song_length double precision, user_level varchar, location varchar, method varchar, page varchar,
    registration varchar, session_id integer, song_title varchar, status integer, ts varchar, user_agent varchar,
    user_id varchar)
""", """
create table song_events (
    num_songs integer, artist_id varchar, artist_latitude varchar, artist_longitude varchar, artist_location varchar,
    artist_name varchar, song_id varchar, title varchar, duration double precision, year integer)
""", """
create table listener (
    user_id integer not null primary key, first_name varchar, last_name varchar, gender varchar, user_level varchar)
""", """
create table artist (
    artist_id varchar not null primary key, name varchar, location varchar, latitude double precision,
    longitude double precision)
""", """
create table song (
    song_id varchar not null primary key, title varchar, artist_id varchar references artist, year integer,
    duration double precision)
""", """
create table play_time (
    start_time timestamp not null primary key, hour integer, day integer, week integer, month integer, year integer,
    weekday integer)
""", """
create table songplay (
    songplay_id integer identity(0,1), start_time timestamp references play_time, user_id integer references listener,
    user_level varchar, song_id varchar references song, artist_id varchar references artist, session_id integer,
    location varchar, user_agent varchar)
"""]

copy_table_queries = ["""
copy log_events from {} iam_role {} json {} compupdate off
""".format(config['S3']['LOG_DATA'], config['IAM_ROLE']['ARN'], config['S3']['LOG_JSONPATH']), """
copy song_events from {} iam_role {} json 'auto' compupdate off
""".format(config['S3']['SONG_DATA'], config['IAM_ROLE']['ARN'])]

insert_table_queries = [
    # clean the staging table first
    "alter table log_events add column start_time timestamp",
    "alter table log_events add column play boolean default false",
    "update log_events set start_time = timestamp 'epoch' + ts::bigint / 1000 * interval '1 second'",
    "update log_events set play = true where page = 'NextSong'",
    "update log_events set user_id = null where user_id = ''",
    "update song_events set artist_location = null where trim(artist_location) = ''",
    "alter table log_events drop column ts",
    "alter table log_events rename column song_title to title",
    "delete from log_events where not play",
    "delete from song_events where year = 0 and artist_latitude is null",
    """
    insert into listener
    select user_id::integer, first_name, last_name, gender, user_level
    from (select *, row_number() over (partition by user_id order by start_time desc) as n from log_events)
    where n = 1
    """,
    """
    insert into artist
    select artist_id, max(artist_name), max(artist_location), max(artist_latitude::float), max(artist_longitude::float)
    from song_events group by artist_id
    """,
    "insert into song (select song_id, title, artist_id, year, duration from song_events)",
    """
    insert into play_time
    select distinct start_time, extract(hour from start_time), extract(day from start_time),
           extract(week from start_time), extract(month from start_time), extract(year from start_time),
           extract(dow from start_time)
    from log_events
    """,
    """
    insert into songplay (start_time, user_id, user_level, song_id, artist_id, session_id, location, user_agent)
    select start_time, user_id::integer, user_level, null, null, session_id, location, user_agent
    from log_events
    """,
    # and then look for the songs
    """
    update songplay
    set song_id = found.song_id, artist_id = found.artist_id
    from (
        select l.start_time, l.session_id, l.user_id::integer as user_id, max(s.song_id) as song_id,
               max(s.artist_id) as artist_id
        from log_events l
        join song_events s on l.title = s.title and l.artist = s.artist_name
        group by 1, 2, 3
    ) found
    where songplay.start_time = found.start_time
      and songplay.session_id = found.session_id
      and songplay.user_id = found.user_id
    """,
]
