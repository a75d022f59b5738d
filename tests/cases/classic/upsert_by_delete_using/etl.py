import configparser
import datetime
import sys

import psycopg2

config = configparser.ConfigParser()
config.read('dwh.cfg')


def connection():
    return psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))


def upsert(cur, target, key, select):
    """Replaces the rows of target whose key the select has, and adds the others."""
    stage = target + '_stage'
    cur.execute(f'create temp table {stage} (like {target})')
    cur.execute(f'insert into {stage} {select}')
    cur.execute(f'delete from {target} using {stage} where {target}.{key} = {stage}.{key}')
    print(f'{target}: {cur.rowcount} replaced', end=', ')
    cur.execute(f'insert into {target} select * from {stage}')
    print(f'{cur.rowcount} written')
    cur.execute(f'drop table {stage}')


def load_day(conn, day):
    role, jsonpath = config['IAM_ROLE']['ARN'], config['S3']['LOG_JSONPATH']
    file = f"{config['S3']['LOG_DATA']}/{day:%Y/%m}/{day}-events.json"
    with conn.cursor() as cur:
        cur.execute('''create temporary table events (
            artist varchar, auth varchar, first_name varchar, gender varchar, item_in_session int, last_name varchar,
            length float, level varchar, location varchar, method varchar, page varchar, registration float,
            session_id int, song varchar, status int, ts timestamp, user_agent varchar, user_id int)''')
        cur.execute(f"copy events from '{file}' iam_role '{role}' json '{jsonpath}' timeformat 'epochmillisecs'")
        upsert(cur, 'songplays', 'songplay_key', """
            select session_id::varchar || '-' || item_in_session, ts, user_id, level, session_id, song, artist
            from events where page = 'NextSong'""")
        upsert(cur, 'users', 'user_id', """
            select e.user_id, e.first_name, e.last_name, e.gender, e.level, p.plays
            from events e
            join (select user_id, max(ts) as ts from events where page = 'NextSong' group by user_id) last
              on e.user_id = last.user_id and e.ts = last.ts and e.page = 'NextSong'
            join (select user_id, count(*) as plays from songplays group by user_id) p on p.user_id = e.user_id
            group by 1, 2, 3, 4, 5, 6""")
        upsert(cur, 'time', 'start_time', """
            select distinct ts, extract(hour from ts), extract(day from ts), extract(week from ts),
                   extract(month from ts), extract(year from ts), extract(weekday from ts)
            from events where page = 'NextSong'""")
        cur.execute('drop table events')
    conn.commit()


def main(first, last):
    conn = connection()
    day, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    while day <= end:
        print(day)
        load_day(conn, day)
        day += datetime.timedelta(days=1)
    conn.close()


if __name__ == '__main__':
    main(*sys.argv[1:])
