import configparser
import sys

import psycopg2

import queries


def connect():
    config = configparser.ConfigParser()
    config.read('dwh.cfg')
    return psycopg2.connect('host={0} dbname={1} user={2} password={3} port={4}'.format(*config['CLUSTER'].values()))


conn = connect()
conn.set_session(autocommit=True)
cur = conn.cursor()
for step in sys.argv[1:]:
    for query in getattr(queries, step + '_table_queries'):
        print(query)
        cur.execute(query)
conn.close()
