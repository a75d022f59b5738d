import configparser
import sys

import psycopg2
from sql_queries import copy_table_queries

config = configparser.ConfigParser()
config.read('dwh.cfg')
conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
conn.autocommit = True
cur = conn.cursor()
for query in copy_table_queries:
    try:
        cur.execute(query)
    except psycopg2.Error as error:
        print(error, file=sys.stderr)
        cur.execute("""
            SELECT d.query, SUBSTRING(d.filename, 19, 60), d.line_number, TRIM(d.value), TRIM(le.err_reason)
            FROM stl_loaderror_detail d, stl_load_errors le
            WHERE d.query = le.query AND d.query = pg_last_copy_id()
            ORDER BY le.starttime DESC, d.field DESC LIMIT 1""")
        print('stl_load_errors:', *cur.fetchone(), sep='\n  ', file=sys.stderr)
        sys.exit(1)
