import configparser
import time

import psycopg2
from sql_queries import copy_table_queries, insert_table_queries


def timed(cur, conn, queries):
    for query in queries:
        start = time.time()
        print('----------\n' + query.strip().splitlines()[0])
        cur.execute(query)
        conn.commit()
        print('{:.2f} seconds, {} rows'.format(time.time() - start, cur.rowcount))


def main():
    config = configparser.ConfigParser()
    config.read('dwh.cfg')
    conn = psycopg2.connect(host=config['CLUSTER']['HOST'],
                            dbname=config['CLUSTER']['DB_NAME'],
                            user=config['CLUSTER']['DB_USER'],
                            password=config['CLUSTER']['DB_PASSWORD'],
                            port=config['CLUSTER']['DB_PORT'])
    cur = conn.cursor()
    timed(cur, conn, copy_table_queries)
    timed(cur, conn, insert_table_queries)
    conn.close()


if __name__ == "__main__":
    main()
