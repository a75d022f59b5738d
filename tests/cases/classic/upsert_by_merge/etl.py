import configparser
import psycopg2
from sql_queries import copy_table_queries, merge_queries

config = configparser.ConfigParser()
config.read('dwh.cfg')
conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
with conn:
    with conn.cursor() as cur:
        cur.execute('truncate table staging_events')
        cur.execute('truncate table staging_songs')
        for query in copy_table_queries + merge_queries:
            cur.execute(query)
            print(query.split('\n')[0], cur.rowcount)
conn.close()
