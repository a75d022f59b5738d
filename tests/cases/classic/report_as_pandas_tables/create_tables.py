import configparser
import psycopg2
from sql_queries import create_table_queries, drop_table_queries


def connect():
    config = configparser.ConfigParser()
    config.read('dwh.cfg')
    return psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))


def execute(queries):
    conn = connect()
    try:
        cur = conn.cursor()
        for query in queries:
            cur.execute(query)
        conn.commit()
    finally:
        conn.close()


if __name__ == "__main__":
    execute(drop_table_queries + create_table_queries)
