import configparser
import psycopg2
from sql_queries import copy_table_queries, insert_table_queries


def execute(cur, conn, queries, what):
    print(what)
    for number, query in enumerate(queries, start=1):
        print('  {}/{}'.format(number, len(queries)))
        cur.execute(query)
        conn.commit()


def main():
    config = configparser.ConfigParser()
    config.read('dwh.cfg')
    conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
    cur = conn.cursor()
    execute(cur, conn, copy_table_queries, 'staging')
    execute(cur, conn, insert_table_queries, 'star schema')
    conn.close()


if __name__ == "__main__":
    main()
