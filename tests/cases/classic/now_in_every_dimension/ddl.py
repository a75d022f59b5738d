STAGING_EVENTS = """create table staging_events (
    artist varchar, auth varchar, firstname varchar, gender varchar, iteminsession int, lastname varchar, length float,
    level varchar, location varchar, method varchar, page varchar, registration float, sessionid int, song varchar,
    status int, ts bigint, useragent varchar, userid int
)"""

STAGING_SONGS = """create table staging_songs (
    song_id varchar, title varchar, artist_id varchar, artist_name varchar, artist_location varchar,
    artist_latitude float, artist_longitude float, duration float, year int, num_songs int,
    staged_at timestamp default sysdate
)"""

USERS = """create table users (
    user_id int not null, first_name varchar, last_name varchar, gender varchar, level varchar,
    load_day date not null default current_date, inserted_at timestamp not null default sysdate,
    loaded_by varchar(128) default current_user
)"""

SONGS = """create table songs (
    song_id varchar not null, title varchar, artist_id varchar, year int, duration float,
    created timestamp without time zone default getdate()
) sortkey (created)"""

ARTISTS = """create table artists (
    artist_id varchar not null, name varchar, valid_from timestamp not null, valid_to date default '9999-12-31',
    updated_at timestamp default null
)"""

ETL_LOG = """create table etl_log (
    load_id int identity(1,1), target varchar(30), started timestamp default getdate(), finished timestamp,
    rows_loaded int default 0
)"""
