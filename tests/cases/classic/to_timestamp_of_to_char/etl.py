import configparser
import psycopg2
from sql_queries import copy_table_queries, insert_table_queries

config = configparser.ConfigParser()
config.read('dwh.cfg')
conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
cur = conn.cursor()
for query in copy_table_queries + insert_table_queries:
    cur.execute(query)
    conn.commit()
print("Loaded.")
conn.close()
