import configparser
import psycopg2
import ddl

if __name__ == "__main__":
    config = configparser.ConfigParser()
    config.read('dwh.cfg')
    conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
    cur = conn.cursor()
    for name in [name for name in dir(ddl) if name.isupper()]:
        cur.execute("drop table if exists " + name.lower())
        cur.execute(getattr(ddl, name))
    conn.commit()
    conn.close()
