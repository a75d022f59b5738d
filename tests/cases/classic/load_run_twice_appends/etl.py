import configparser

import psycopg2

from sql_queries import *

if __name__ == '__main__':
    cluster = configparser.ConfigParser()
    cluster.read('dwh.cfg')
    conn = psycopg2.connect('host={} dbname={} user={} password={} port={}'.format(*cluster['CLUSTER'].values()))
    cur = conn.cursor()
    for query in create_table_queries + copy_table_queries + insert_table_queries:
        cur.execute(query)
        conn.commit()
        for notice in conn.notices:
            print(notice.strip())
        del conn.notices[:]
    conn.close()
