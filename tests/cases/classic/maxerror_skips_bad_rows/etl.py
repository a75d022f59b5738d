import configparser
import logging

import psycopg2

from sql_queries import copy_table_queries, insert_table_queries

logging.basicConfig(filename='etl.log', level=logging.INFO, format='%(asctime)s %(levelname)s %(message)s')
log = logging.getLogger('etl')

LOAD_ERRORS = """
SELECT TRIM(filename), line_number, TRIM(colname), TRIM(raw_field_value), TRIM(err_reason)
FROM stl_load_errors
WHERE query = pg_last_copy_id()
ORDER BY line_number
"""


def load_staging_tables(cur, conn):
    for query in copy_table_queries:
        cur.execute(query)
        for notice in conn.notices:
            log.info(notice.strip())
        cur.execute(LOAD_ERRORS)
        for filename, line, column, value, reason in cur.fetchall():
            log.warning('%s:%d %s=%r %s', filename, line, column, value, reason)
        conn.commit()


def insert_tables(cur, conn):
    for query in insert_table_queries:
        cur.execute(query)
        log.info('%d rows', cur.rowcount)
        conn.commit()


def main():
    config = configparser.ConfigParser()
    config.read('dwh.cfg')
    conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
    cur = conn.cursor()
    load_staging_tables(cur, conn)
    insert_tables(cur, conn)
    conn.close()
    logged = open('etl.log').read()
    assert logged.count('WARNING') == 3, logged
    assert "13 record(s) loaded successfully" in logged, logged


if __name__ == "__main__":
    main()
