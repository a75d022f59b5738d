import configparser
import sys

import psycopg2
import psycopg2.extras

from sql_queries import copy_table_queries, insert_table_queries, quality_checks

config = configparser.ConfigParser()
config.read('dwh.cfg')


def load(cur):
    for query in copy_table_queries:
        cur.execute(query)
    for query in insert_table_queries:
        cur.execute(query, {'page': 'NextSong'} if '%(page)s' in query else None)


def check(cur):
    results = []
    for table, query, lowest, highest in quality_checks:
        cur.execute(query)
        value = cur.fetchone()['value']
        passed = lowest <= value <= highest
        results.append((table, value, passed, None if passed else f"{query} -> {value} isn't in [{lowest}, {highest}]"))
    psycopg2.extras.execute_values(
        cur, 'insert into etl_audit (table_name, row_count, passed, note) values %s', results, page_size=3
    )
    return all(passed for _, _, passed, _ in results)


def report(conn):
    with conn.cursor('report', cursor_factory=psycopg2.extras.NamedTupleCursor) as cur:
        cur.itersize = 50
        cur.execute(
            'select u.first_name, u.last_name, count(*) as plays from songplays p join users u using (user_id) '
            'where p.level = %s group by 1, 2 order by plays desc, 1 limit %s',
            ('paid', 5),
        )
        for row in cur:
            print(f'{row.first_name} {row.last_name}: {row.plays}')


def main():
    conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()),
                            cursor_factory=psycopg2.extras.RealDictCursor)
    try:
        with conn, conn.cursor() as cur:
            load(cur)
            ok = check(cur)
        report(conn)
    finally:
        conn.close()
    return 0 if ok else 1


if __name__ == '__main__':
    sys.exit(main())
