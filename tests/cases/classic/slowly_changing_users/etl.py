import configparser
import psycopg2
from sql_queries import steps


def main():
    config = configparser.ConfigParser()
    config.read('dwh.cfg')
    conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
    cur = conn.cursor()
    for name, query in steps:
        cur.execute(query)
        print('%-32s %s' % (name, cur.rowcount if cur.rowcount >= 0 else cur.statusmessage))
        conn.commit()
    conn.close()


if __name__ == "__main__":
    main()
