import psycopg2

from etl_config import REDSHIFT
from sql_queries import load, stage_logs, stage_songs


def main():
    conn = None
    try:
        conn = psycopg2.connect(**REDSHIFT, application_name='sparkify etl', keepalives=1, keepalives_idle=60)
        cur = conn.cursor()
        cur.execute("set statement_timeout to 1200000")
        cur.execute(stage_logs)
        cur.execute(stage_songs)
        cur.execute("select pg_last_copy_count()")
        print('songs:', cur.fetchone()[0])
        cur.execute(load)
        conn.commit()
        cur.close()
    except (Exception, psycopg2.DatabaseError) as error:
        print(error)
        raise
    finally:
        if conn is not None:
            conn.close()
            print('Database connection closed.')


if __name__ == '__main__':
    main()
