import configparser
import psycopg2

config = configparser.ConfigParser()
config.read('dwh.cfg')
conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
cur = conn.cursor()
cur.execute("SELECT * FROM fact_songplay ORDER BY songplay_id LIMIT 5")
row = cur.fetchone()
while row:
    print(row)
    row = cur.fetchone()
cur.execute("SELECT start_time::date, count(*) FROM fact_songplay GROUP BY 1 ORDER BY 2 DESC, 1")
for row in cur:
    print(row)
conn.close()
