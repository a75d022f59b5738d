import configparser
import psycopg2
from sql_queries import copy_table_queries, insert_table_queries, count_queries
from create_tables import run_all

config = configparser.ConfigParser()
config.read_file(open('dwh.cfg'))

print('Connecting to redshift')
conn = psycopg2.connect("port={} user={} password={} dbname={} host={}".format(*config['DB'].values()))
print('Connected to redshift')
cur = conn.cursor()

print('Loading staging tables')
run_all(cur, conn, copy_table_queries)

print('Transform from staging')
run_all(cur, conn, insert_table_queries)

for query in count_queries:
    cur.execute(query)
    print(query, '->', cur.fetchone()[0])

cur.close()
conn.close()
print('ETL Ended')
