import configparser
import psycopg2
from sql_queries import migrations

config = configparser.ConfigParser()
config.read('dwh.cfg')
conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
cur = conn.cursor()
try:
    for q in migrations:
        cur.execute(q)
    conn.commit()
except psycopg2.Error as e:
    conn.rollback()
    raise SystemExit(str(e))
conn.autocommit = True
cur.execute('VACUUM FULL songs')
cur.execute('ANALYZE songs')
cur.execute('VACUUM')
conn.close()
