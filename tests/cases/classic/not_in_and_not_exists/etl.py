import configparser
import psycopg2
from sql_queries import copy_table_queries, insert_table_queries
from create_tables import run

config = configparser.ConfigParser()
config.read('dwh.cfg')

with psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values())) as conn:
    with conn.cursor() as cur:
        run(cur, conn, copy_table_queries)
        run(cur, conn, insert_table_queries)
