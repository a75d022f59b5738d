import configparser
import psycopg2

LOADS = {
    'users': """insert into users (user_id, first_name, last_name, gender, level)
        select userid, firstname, lastname, gender, level from (
            select *, row_number() over (partition by userid order by ts desc) as r from staging_events where page = 'NextSong'
        ) where r = 1""",
    'songs': """insert into songs
        select song_id, title, artist_id, year, duration, getdate() from staging_songs where staged_at <= sysdate""",
    'artists': """insert into artists (artist_id, name, valid_from)
        select artist_id, max(artist_name), sysdate from staging_songs group by artist_id""",
}


def main():
    config = configparser.ConfigParser()
    config.read('dwh.cfg')
    conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
    cur = conn.cursor()
    role = config['IAM_ROLE']['ARN']
    cur.execute(f"copy staging_events from '{config['S3']['LOG_DATA']}' iam_role '{role}' json '{config['S3']['LOG_JSONPATH']}'")
    # the column list leaves staged_at to its default
    cur.execute(f"""copy staging_songs (song_id, title, artist_id, artist_name, artist_location, artist_latitude,
        artist_longitude, duration, year, num_songs) from '{config['S3']['SONG_DATA']}' iam_role '{role}' json 'auto'""")
    conn.commit()
    for target, sql in LOADS.items():
        cur.execute("insert into etl_log (target) values (%s)", (target,))
        cur.execute(sql)
        cur.execute("update etl_log set finished = getdate(), rows_loaded = %s where target = %s and finished is null",
                    (cur.rowcount, target))
        conn.commit()
    cur.execute("select target, rows_loaded, datediff(s, started, finished) from etl_log order by load_id")
    for line in cur.fetchall():
        print('%-10s %6d rows %3d s' % line)
    conn.close()


if __name__ == "__main__":
    main()
