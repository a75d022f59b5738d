"""How many rows does each way of joining give? One table each, so that we can look at them."""
import configparser
import logging

import psycopg2

logging.basicConfig(level=logging.INFO, format='%(asctime)s %(levelname)s %(message)s')
log = logging.getLogger('sparkify')

EPOCH = "timestamp 'epoch' + e.ts/1000 * interval '1 second'"

DDL = [
    """drop table if exists staging_events; drop table if exists staging_songs;""",
    """create table staging_events (
            artist varchar(500), auth varchar(20), firstname varchar(50), gender varchar(1), iteminsession smallint,
            lastname varchar(50), length double precision, level varchar(10), location varchar(100), method varchar(10),
            page varchar(30), registration double precision, sessionid int, song varchar(500), status smallint, ts bigint,
            useragent varchar(300), userid varchar(10));""",
    """create table staging_songs (
            num_songs int, artist_id varchar(20), artist_latitude double precision, artist_longitude double precision,
            artist_location varchar(500), artist_name varchar(500), song_id varchar(20), title varchar(500),
            duration double precision, year int) diststyle even;""",
]

COPIES = [
    """copy staging_events from 's3://udacity-dend/log_data/' iam_role '{role}' region '{region}'
       json 's3://udacity-dend/log_json_path.json'""",
    """copy staging_songs from 's3://udacity-dend/song_data/' iam_role '{role}' region '{region}' json 'auto'""",
]

TABLES = {
    'plays_title_artist': f"""
        select {EPOCH} start_time, e.userid, s.song_id, s.artist_id
        from staging_events e, staging_songs s
        where e.song = s.title and e.artist = s.artist_name and e.page = 'NextSong'""",
    'plays_title_artist_duration': f"""
        select {EPOCH} start_time, e.userid, s.song_id, s.artist_id
        from staging_events e inner join staging_songs s
          on (e.song = s.title and e.artist = s.artist_name and e.length = s.duration)
        where e.page = 'NextSong'""",
    'plays_title': f"""
        select {EPOCH} start_time, e.userid, s.song_id
        from staging_events as e, staging_songs as s
        where s.title = e.song and page in ('NextSong')""",
    'plays_artist': """
        select ts, userid, song_id
        from staging_songs join staging_events on artist_name = artist
        where page = 'NextSong'""",
    'plays_left': f"""
        select {EPOCH} as start_time, e.userid, s.song_id, s.artist_id
        from staging_events e left outer join staging_songs s on e.song = s.title and e.artist = s.artist_name
        where e.page like 'NextSong'""",
    'users_playing': """
        select distinct userid, firstname, lastname, gender, level from staging_events where page = 'NextSong'""",
    'users_named': """
        select distinct userid, firstname, lastname, gender, level from staging_events where userid <> ''""",
    'users_everyone': """
        select distinct(userid), firstname, lastname, gender, level from staging_events""",
    'artists': """
        select distinct artist_id, artist_name as name, artist_location as location, artist_latitude as latitude,
               artist_longitude as longitude from staging_songs""",
    'songs': """select distinct song_id, title, artist_id, year, duration from staging_songs""",
    'time_playing': f"""select distinct {EPOCH} as start_time from staging_events e where page = 'NextSong'""",
    'time_everything': f"""select distinct {EPOCH} as start_time from staging_events e""",
}


def main():
    config = configparser.ConfigParser()
    config.read('conf.cfg')
    db = config['DB']
    conn = psycopg2.connect(f"host={db['HOST']} port={db['PORT']} dbname={db['NAME']} user={db['USER']} password={db['PASSWORD']}")
    cur = conn.cursor()
    for sql in DDL:
        cur.execute(sql)
    for sql in COPIES:
        cur.execute(sql.format(role=db['ROLE'], region=db['region']))
    conn.commit()
    for name, select in TABLES.items():
        cur.execute(f'drop table if exists {name} cascade')
        cur.execute(f'create table {name} as {select}')
        cur.execute(f'select count(*) from {name}')
        log.info('%-30s %6d', name, cur.fetchone()[0])
    conn.commit()
    conn.close()


if __name__ == '__main__':
    main()
