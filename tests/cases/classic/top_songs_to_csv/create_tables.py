import configparser
import psycopg2
from sql_queries import create_table_queries, drop_table_queries


def run(queries, cur, conn):
    """Runs and commits each of the queries."""
    for query in queries:
        cur.execute(query)
        conn.commit()


def main():
    config = configparser.ConfigParser()
    config.read('dwh.cfg')
    conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
    cur = conn.cursor()
    run(drop_table_queries, cur, conn)
    run(create_table_queries, cur, conn)
    conn.close()


if __name__ == "__main__":
    main()
