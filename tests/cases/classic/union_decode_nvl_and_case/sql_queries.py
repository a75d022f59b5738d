import configparser
config = configparser.ConfigParser()
config.read('dwh.cfg')

drop_table_queries = [f'drop table if exists {t} restrict'
                      for t in ('staging_events', 'staging_songs', 'people', 'pages', 'songs', 'places', 'plays_a_level', 'activity')]
create_table_queries = [
    '''create table staging_events (artist varchar, auth varchar, firstname varchar, gender varchar, iteminsession int,
        lastname varchar, length float, level varchar, location varchar, method varchar, page varchar, registration float,
        sessionid int, song varchar, status int, ts bigint, useragent varchar, userid varchar)''',
    '''create table staging_songs (num_songs int, artist_id varchar, artist_latitude float, artist_longitude float,
        artist_location varchar, artist_name varchar, song_id varchar, title varchar, duration float, year int)''',
    'create table people (user_id int, name varchar, gender varchar(10), level varchar(10))',
    'create table pages (page varchar, kind varchar(10), hits int)',
    'create table songs (song_id varchar, title varchar, year int, decade varchar(7))',
    'create table places (place varchar, source varchar(10))',
    'create table plays_a_level (level varchar, gender char(1), plays int)',
    'create table activity (at timestamp, kind varchar(20), what varchar(600))',
]
copy_table_queries = [
    f"""copy staging_events from '{config["S3"]["LOG_DATA"]}' iam_role '{config["IAM_ROLE"]["ARN"]}'
        json '{config["S3"]["LOG_JSONPATH"]}' region 'us-west-2'""",
    f"""copy staging_songs from '{config["S3"]["SONG_DATA"]}' iam_role '{config["IAM_ROLE"]["ARN"]}' json 'auto' region 'us-west-2'""",
]
insert_table_queries = [
    '''insert into people
       select nvl(nullif(userid, '')::int, -1) as user_id,
              coalesce(max(firstname || ' ' || lastname), 'nobody'),
              decode(max(gender), 'F', 'female', 'M', 'male', null, 'unknown', 'other'),
              nvl2(nullif(userid, ''), max(level), 'none')
       from staging_events
       group by userid''',
    '''insert into pages
       select page,
              case when page = 'NextSong' then 'play'
                   when page in ('Upgrade', 'Downgrade') or page like 'Submit%' then 'money'
                   when page in ('Login', 'Logout', 'Settings', 'Save Settings') or lower(page) = 'register' then 'account'
                   when page = 'Error' then 'error'
                   else 'other' end as kind,
              count(*)
       from staging_events
       group by 1, 2''',
    '''insert into songs (song_id, title, year, decade)
       select song_id, title, nullif(year, 0),
              case nvl(nullif(year, 0) / 10, 0) when 0 then 'unknown' else (year / 10 * 10)::varchar || 's' end
       from staging_songs''',
    '''insert into places
       select place, case when count(distinct source) = 2 then 'both' else max(source) end
       from (select location as place, 'events' as source from staging_events
             union
             select artist_location, 'songs' from staging_songs)
       where nvl(place, '') <> ''
       group by place''',
    '''insert into plays_a_level
       select level, gender, count(1) from staging_events where page = 'NextSong' group by 1, 2 having count(1) > 10 order by 3 desc''',
    '''insert into activity
       select timestamp 'epoch' + ts/1000 * interval '1 second', 'play', song || ' by ' || artist
       from staging_events where page = 'NextSong'
       union all
       select timestamp 'epoch' + ts/1000 * interval '1 second', case when auth = 'Logged Out' then 'logged out' else 'click' end, page
       from staging_events where page <> 'NextSong'
       ''',
]
print_queries = [
    'select kind, sum(hits) as total from pages group by kind having sum(hits) > 1 order by total desc, 1',
    'select decade, count(*), greatest(min(year), 1900), least(max(year), 2018) from songs group by 1 order by decode(decade, \'unknown\', 1, 0), 1',
]
