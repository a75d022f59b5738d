import configparser
import psycopg2
from create_tables import run
from sql_queries import copy_table_queries, insert_table_queries


def main():
    config = configparser.ConfigParser()
    config.read('dwh.cfg')
    conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
    cur = conn.cursor()
    run(copy_table_queries, cur, conn)
    run(insert_table_queries, cur, conn)
    conn.close()


if __name__ == "__main__":
    main()
