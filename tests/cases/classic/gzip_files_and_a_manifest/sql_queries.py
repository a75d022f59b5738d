from configparser import ConfigParser

config = ConfigParser()
config.read('dwh.cfg')

bucket = config['S3']['BUCKET']
auth = "iam_role '{}'".format(config['IAM_ROLE']['ARN'])

drop_table_queries = ['drop table if exists ' + t for t in ('events', 'tracks', 'plays', 'listeners', 'calendar')]

create_table_queries = [
    '''
    create table events (
        loaded_at   timestamp    default sysdate,
        userId      int,
        firstName   varchar(20),
        lastName    varchar(20),
        gender      char(1),
        level       varchar(4),
        page        varchar(20),
        song        varchar(100),
        artist      varchar(100),
        length      numeric(9,3),
        sessionId   int,
        location    varchar(100),
        userAgent   varchar(200),
        ts          timestamp    not null sortkey
    ) diststyle even
    ''',
    '''
    create table tracks (
        title varchar(100), artist_name varchar(100), song_id varchar(18), artist_id varchar(18),
        duration numeric(9,3), year smallint, artist_location varchar(100)
    ) diststyle all
    ''',
    '''
    create table plays (
        id int identity, at timestamp sortkey, listener int, level varchar(4), song_id varchar(18), artist_id varchar(18)
    )
    ''',
    'create table listeners (id int, name varchar(41), gender char(1), level varchar(4)) diststyle all',
    'create table calendar (at timestamp, weekday smallint, hour smallint) diststyle all',
]

copy_table_queries = [
    # 2018-12-04 is not there yet, the manifest says that it may be missing
    f'''
    copy events (ts, userId, firstName, lastName, gender, level, page, song, artist, length, sessionId, location, userAgent)
    from '{bucket}/manifests/logs.manifest'
    {auth}
    gzip
    manifest
    timeformat 'epochmillisecs'
    json '{bucket}/log_paths.json'
    region 'eu-central-1'
    ''',
    f'''
    copy tracks
    from '{bucket}/songs/'
    {auth}
    json as 'auto'
    gzip
    emptyasnull
    acceptanydate
    region 'eu-central-1'
    ''',
]

insert_table_queries = [
    '''
    insert into plays (at, listener, level, song_id, artist_id)
    select ts, userId, level, song_id, artist_id
    from events join tracks on song = title and artist = artist_name and length = duration
    where page = 'NextSong'
    ''',
    '''
    insert into listeners
    select userId, firstName || ' ' || lastName, gender, level
    from events e
    where userId is not null
    qualify row_number() over (partition by userId order by ts desc) = 1
    ''',
    '''
    insert into calendar
    select distinct at, extract(dayofweek from at), date_part('h', at) from plays
    ''',
]
