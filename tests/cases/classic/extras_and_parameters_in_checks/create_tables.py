import configparser

import psycopg2
from psycopg2 import sql

from sql_queries import TABLES, create_table_queries

config = configparser.ConfigParser()
config.read('dwh.cfg')


def main():
    conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
    with conn:
        with conn.cursor() as cur:
            for table in TABLES:
                cur.execute(sql.SQL('DROP TABLE IF EXISTS {} CASCADE').format(sql.Identifier(table)))
            for query in create_table_queries:
                cur.execute(query)
    conn.close()


if __name__ == '__main__':
    main()
