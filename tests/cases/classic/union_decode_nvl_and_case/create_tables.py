import configparser
import psycopg2
from sql_queries import create_table_queries, drop_table_queries

config = configparser.ConfigParser()
config.read('dwh.cfg')
conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
with conn:
    with conn.cursor() as cur:
        [cur.execute(query) for query in drop_table_queries + create_table_queries]
conn.close()
