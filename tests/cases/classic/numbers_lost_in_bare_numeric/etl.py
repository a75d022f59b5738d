import configparser
import psycopg2
from sql_queries import copy_table_queries, insert_table_queries


def main():
    config = configparser.ConfigParser()
    config.read('dwh.cfg')
    conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
    with conn.cursor() as cur:
        for number, query in enumerate([*copy_table_queries, *insert_table_queries], 1):
            print(f'{number}. {query.split()[0]} {query.split()[1]} {query.split()[2]}')
            cur.execute(query)
            conn.commit()
    conn.close()


if __name__ == '__main__':
    main()
