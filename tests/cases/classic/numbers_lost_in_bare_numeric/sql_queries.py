import configparser
config = configparser.ConfigParser()
config.read('dwh.cfg')

drop_table_queries = ["drop table if exists " + t for t in
                      ("staging_events", "staging_songs", "exact_songs", "songplays", "songs", "artists", "averages")]

create_table_queries = ["""
create table staging_events (
    artist varchar, auth varchar, firstName varchar, gender varchar, itemInSession numeric, lastName varchar,
    length numeric, level varchar, location varchar, method varchar, page varchar, registration numeric,
    sessionId numeric, song varchar, status numeric, ts numeric, userAgent varchar, userId numeric
)""", """
create table staging_songs (
    num_songs numeric, artist_id varchar, artist_latitude decimal, artist_longitude decimal, artist_location varchar,
    artist_name varchar, song_id varchar, title varchar, duration decimal, year numeric
)""", """
create table exact_songs (song_id varchar, duration double precision)
""", """
create table songplays (start_time timestamp, user_id numeric, level varchar, song_id varchar, artist_id varchar,
                        session_id numeric, location varchar, user_agent varchar)
""", """
create table songs (song_id varchar, title varchar, artist_id varchar, year numeric, duration numeric)
""", """
create table artists (artist_id varchar, name varchar, location varchar, latitude decimal, longitude decimal)
""", """
create table averages (what varchar, average varchar, share numeric)
"""]

copy_table_queries = ["""
copy staging_events from '{}' credentials 'aws_iam_role={}' region 'us-west-2' json '{}'
""".format(config['S3']['LOG_DATA'], config['IAM_ROLE']['ARN'], config['S3']['LOG_JSONPATH']), """
copy staging_songs from '{}' credentials 'aws_iam_role={}' region 'us-west-2' json 'auto' truncatecolumns
""".format(config['S3']['SONG_DATA'], config['IAM_ROLE']['ARN']), """
copy exact_songs from '{}' credentials 'aws_iam_role={}' region 'us-west-2' json 'auto'
""".format(config['S3']['SONG_DATA'], config['IAM_ROLE']['ARN'])]

insert_table_queries = ["""
insert into songplays
select timestamp 'epoch' + ts::bigint/1000 * interval '1 second', userId, level, song_id, artist_id, sessionId, location, userAgent
from staging_events join staging_songs on song = title and artist = artist_name and length = duration
where page = 'NextSong'
""", """
insert into songs
select s.song_id, s.title, s.artist_id, s.year, e.duration from staging_songs s join exact_songs e using (song_id)
""", """
insert into artists
select distinct artist_id, artist_name, artist_location, artist_latitude, artist_longitude from staging_songs
""", """
insert into averages
select 'itemInSession', avg(itemInSession::int)::varchar, 1 / 2 from staging_events
union all
select 'year', avg(year::int)::varchar, count(case when year = 0 then 1 end) / count(*) from staging_songs
"""]

