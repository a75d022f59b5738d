import configparser

config = configparser.ConfigParser()
config.read_file(open('dwh.cfg'))

ARN = config['IAM_ROLE']['ARN']
LOG_DATA = config['S3']['LOG_DATA']
LOG_JSONPATH = config['S3']['LOG_JSONPATH']
SONG_DATA = config['S3']['SONG_DATA']
REGION = config['S3']['REGION']

tables = ['stg_events', 'stg_songs', 'songplay', 'users', 'song', 'artist', 'time']

drop_table_queries = ['drop table if exists {};'.format(t) for t in tables]

stg_events_create = """
create table if not exists stg_events(
    artist varchar(200), auth varchar(20), firstname varchar(50), gender char(1),
    iteminsession smallint, lastname varchar(50), length numeric(10,5), level varchar(10),
    location varchar(200), method varchar(10), page varchar(30), registration double precision,
    sessionid int, song varchar(200), status smallint, ts int8, useragent varchar(300), userid int);
"""

stg_songs_create = """
create table if not exists stg_songs(
    song_id char(18), num_songs int, title varchar(200), artist_name varchar(200),
    artist_latitude numeric(9,6), year smallint, duration numeric(10,5), artist_id char(18),
    artist_longitude numeric(9,6), artist_location varchar(200));
"""

songplay_create = """
create table if not exists songplay(
    songplay_id bigint identity(1,1) primary key, start_time timestamp not null sortkey,
    user_id int not null distkey, level varchar(10), song_id char(18), artist_id char(18),
    session_id int, location varchar(200), user_agent varchar(300));
"""

users_create = """
create table if not exists users(
    user_id int primary key sortkey, first_name varchar(50), last_name varchar(50),
    gender char(1), level varchar(10)) diststyle all;
"""

song_create = """
create table if not exists song(
    song_id char(18) primary key sortkey, title varchar(200), artist_id char(18), year smallint,
    duration numeric(10,5)) diststyle all;
"""

artist_create = """
create table if not exists artist(
    artist_id char(18) primary key sortkey, name varchar(200), location varchar(200),
    latitude numeric(9,6), longitude numeric(9,6)) diststyle all;
"""

time_create = """
create table if not exists time(
    start_time timestamp primary key sortkey, hour smallint, day smallint, week smallint,
    month smallint, year smallint, weekday smallint) diststyle all;
"""

stg_events_copy = """
copy stg_events from '{}'
iam_role '{}'
region '{}'
json '{}';
""".format(LOG_DATA, ARN, REGION, LOG_JSONPATH)

stg_songs_copy = """
copy stg_songs from '{}'
iam_role '{}'
region '{}'
json 'auto';
""".format(SONG_DATA, ARN, REGION)

songplay_insert = """
insert into songplay (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
select timestamp 'epoch' + e.ts * interval '0.001 seconds', e.userid, e.level, s.song_id, s.artist_id,
       e.sessionid, e.location, e.useragent
from stg_events e, stg_songs s
where e.page = 'NextSong'
  and e.song = s.title
  and e.artist = s.artist_name
  and e.length = s.duration;
"""

users_insert = """
insert into users
select distinct userid, firstname, lastname, gender, level
from stg_events
where userid is not null;
"""

song_insert = """
insert into song
select distinct song_id, title, artist_id, year, duration from stg_songs;
"""

artist_insert = """
insert into artist
select distinct artist_id, artist_name, artist_location, artist_latitude, artist_longitude from stg_songs;
"""

time_insert = """
insert into time
select t, extract(h from t), extract(d from t), extract(w from t), extract(mon from t),
       extract(y from t), extract(dow from t)
from (select distinct timestamp 'epoch' + ts * interval '0.001 seconds' as t
      from stg_events where page = 'NextSong');
"""

create_table_queries = [stg_events_create, stg_songs_create, songplay_create, users_create, song_create,
                        artist_create, time_create]
copy_table_queries = [stg_events_copy, stg_songs_copy]
insert_table_queries = [songplay_insert, users_insert, song_insert, artist_insert, time_insert]
count_queries = ['select count(*) from {}'.format(t) for t in tables]
