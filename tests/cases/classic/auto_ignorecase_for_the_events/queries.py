from configparser import ConfigParser

config = ConfigParser()
config.read('dwh.cfg')
arn = config['IAM_ROLE']['arn']
log_data = config['S3']['log_data']
song_data = config['S3']['song_data']

table_names = ['songplay', 'users', 'song', 'artist', 'time', 'staging_events', 'staging_songs']

# only what is needed, in any order: 'auto ignorecase' goes by the name
create_staging_events = '''
create table staging_events (
	ts          timestamp,
	userid      int,
	firstname   varchar(30),
	lastname    varchar(30),
	gender      char,
	level       varchar(5),
	page        varchar(20),
	song        varchar,
	artist      varchar,
	length      real,
	sessionid   bigint,
	location    varchar,
	useragent   varchar
)'''

create_staging_songs = '''
create table staging_songs (
	artist_id        char(18),
	artist_name      varchar,
	artist_latitude  float,
	artist_longitude float,
	artist_location  varchar,
	duration         real,
	song_id          varchar(18),
	title            varchar,
	year             smallint
)'''

create_songplay = '''
create table songplay (
	songplay_id int identity(1, 1) primary key,
	start_time  timestamp not null references time(start_time) distkey sortkey,
	user_id     int not null references users(user_id),
	level       varchar(5) not null,
	song_id     varchar(18) references song(song_id),
	artist_id   varchar(18) references artist(artist_id),
	session_id  bigint not null,
	location    varchar,
	user_agent  varchar
)'''

create_users = '''
create table users (
	user_id    int primary key sortkey,
	first_name varchar(30) not null,
	last_name  varchar(30) not null,
	gender     char,
	level      varchar(5) not null
) diststyle all'''

create_song = '''
create table song (
	song_id   varchar(18) primary key sortkey,
	title     varchar not null,
	artist_id varchar(18) not null references artist(artist_id),
	year      smallint,
	duration  real not null
) diststyle all'''

create_artist = '''
create table artist (
	artist_id char(18) primary key sortkey,
	name      varchar not null,
	location  varchar,
	latitude  float,
	longitude float
) diststyle all'''

create_time = '''
create table time (
	start_time timestamp primary key distkey sortkey,
	hour smallint, day smallint, week smallint, month smallint, year smallint, weekday smallint
)'''

copy_events = '''
copy staging_events
from {}
iam_role {}
format as json 'auto ignorecase'
timeformat as 'epochmillisecs'
region 'us-west-2'
'''.format(log_data, arn)

copy_songs = '''
copy staging_songs
from {}
iam_role {}
format as json 'auto ignorecase'
region 'us-west-2'
'''.format(song_data, arn)

insert_users = '''
insert into users
select distinct
	last_value(userid) over (partition by userid order by ts rows between unbounded preceding and unbounded following),
	last_value(firstname) over (partition by userid order by ts rows between unbounded preceding and unbounded following),
	last_value(lastname) over (partition by userid order by ts rows between unbounded preceding and unbounded following),
	last_value(gender) over (partition by userid order by ts rows between unbounded preceding and unbounded following),
	last_value(level) over (partition by userid order by ts rows between unbounded preceding and unbounded following)
from staging_events
where page = 'NextSong' and userid is not null
'''

insert_artist = '''
insert into artist
select artist_id, artist_name, artist_location, artist_latitude, artist_longitude
from staging_songs
qualify row_number() over (partition by artist_id order by year desc, song_id) = 1
'''
# QUALIFY right after FROM wants an alias
insert_artist = insert_artist.replace('from staging_songs', 'from staging_songs as s')

insert_song = '''
insert into song
select song_id, title, artist_id, year, duration from staging_songs
'''

insert_time = '''
insert into time
select distinct ts,
	date_part(hour, ts), date_part(day, ts), date_part(week, ts), date_part(month, ts), date_part(year, ts),
	date_part(dayofweek, ts)
from staging_events
where page = 'NextSong'
'''

insert_songplay = '''
insert into songplay (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
select ts, userid, level, nvl(song_id, 'n/a'), nvl(artist_id, 'n/a'), sessionid, location, useragent
from staging_events e
left join staging_songs s on title = song and artist_name = artist and duration = length
where page = 'NextSong'
'''

drop_table_queries = ['drop table if exists %s cascade' % name for name in table_names]
create_table_queries = [create_staging_events, create_staging_songs, create_users, create_artist, create_song,
                        create_time, create_songplay]
copy_table_queries = [copy_events, copy_songs]
insert_table_queries = [insert_users, insert_artist, insert_song, insert_time, insert_songplay]
