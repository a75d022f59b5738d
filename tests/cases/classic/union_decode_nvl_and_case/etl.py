import configparser
import psycopg2
from sql_queries import copy_table_queries, insert_table_queries, print_queries

config = configparser.ConfigParser()
config.read('dwh.cfg')
conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
with conn:
    with conn.cursor() as cur:
        for query in copy_table_queries + insert_table_queries:
            cur.execute(query)
        for query in print_queries:
            cur.execute(query)
            print([column.name for column in cur.description])
            print(*cur.fetchall(), sep='\n')
conn.close()
