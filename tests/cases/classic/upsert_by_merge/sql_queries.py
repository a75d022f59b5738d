import configparser
config = configparser.ConfigParser()
config.read('dwh.cfg')

drop_table_queries = ['drop table if exists staging_events, staging_songs, users, artists, songs']
create_table_queries = [
    '''create table staging_events (artist varchar(256), auth varchar(256), firstname varchar(256), gender varchar(256),
        iteminsession int4, lastname varchar(256), length numeric(18,5), level varchar(256), location varchar(256), method varchar(256), page varchar(256), registration numeric(18,0), sessionid int4, song varchar(256), status int4, ts int8, useragent varchar(256), userid int4) backup no''',
    '''create table staging_songs (num_songs int, artist_id varchar(18), artist_latitude numeric(9,5),
        artist_longitude numeric(9,5), artist_location varchar(512), artist_name varchar(512), song_id varchar(18),
        title varchar(512), duration numeric(12,5), year int) backup no''',
    '''create table users (user_id int primary key, first_name varchar(64), last_name varchar(64), level varchar(8),
        merges int) diststyle all''',
    '''create table artists (artist_id varchar(18) primary key, name varchar(512), latitude numeric(9,5),
        longitude numeric(9,5)) diststyle all''',
    '''create table songs (song_id varchar(18) primary key, title varchar(512), year int, duration numeric(12,5))''',
]

copy_table_queries = [
    "copy staging_events from '{}' iam_role '{}' format as json '{}'".format(
        config['S3']['LOG_DATA'], config['IAM_ROLE']['ARN'], config['S3']['LOG_JSONPATH']),
    "copy staging_songs from '{}' iam_role '{}' format as json 'auto'".format(
        config['S3']['SONG_DATA'], config['IAM_ROLE']['ARN']),
]

merge_queries = [
    '''create temp table latest_users as
       select userid, firstname, lastname, level from (
           select userid, firstname, lastname, level, row_number() over (partition by userid order by ts desc) as n
           from staging_events where page = 'NextSong')
       where n = 1''',
    '''merge into users using latest_users as latest on users.user_id = latest.userid
       when matched then update set level = latest.level, merges = users.merges + 1
       when not matched then insert values (latest.userid, latest.firstname, latest.lastname, latest.level, 1)''',
    '''create temp table one_artist as
       select artist_id, min(artist_name) as name, max(artist_latitude) as latitude, max(artist_longitude) as longitude
       from staging_songs group by 1''',
    '''merge into artists
       using one_artist
       on artists.artist_id = one_artist.artist_id
       when matched then
           update set name = one_artist.name, latitude = one_artist.latitude, longitude = one_artist.longitude
       when not matched then
           insert (artist_id, name, latitude, longitude)
           values (one_artist.artist_id, one_artist.name, one_artist.latitude, one_artist.longitude);''',
    '''create temp table new_songs as select song_id, title, year, duration from staging_songs''',
    '''merge into songs using new_songs on songs.song_id = new_songs.song_id remove duplicates''',
    'drop table latest_users', 'drop table one_artist', 'drop table new_songs',
]
