import configparser
import psycopg2
from sql_queries import *

config = configparser.ConfigParser()
config.read('dwh.cfg')
conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
cur = conn.cursor()
for q in drops + creates:
    cur.execute(q)
conn.commit()
conn.close()
