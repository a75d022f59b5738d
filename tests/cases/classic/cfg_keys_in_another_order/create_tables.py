import configparser
import psycopg2
from sql_queries import create_table_queries, drop_table_queries


def run_all(cur, conn, queries):
    """executes every query of a list and commits"""
    for q in queries:
        cur.execute(q)
        conn.commit()


if __name__ == "__main__":
    config = configparser.ConfigParser()
    config.read_file(open('dwh.cfg'))
    conn = psycopg2.connect("port={} user={} password={} dbname={} host={}".format(*config['DB'].values()))
    cur = conn.cursor()
    run_all(cur, conn, drop_table_queries)
    run_all(cur, conn, create_table_queries)
    cur.close()
    conn.close()
