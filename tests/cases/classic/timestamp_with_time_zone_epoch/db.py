import configparser

import psycopg2

config = configparser.ConfigParser()
config.read_file(open('dwh.cfg'))


def connect():
    return psycopg2.connect(
        user=config.get('CLUSTER', 'DWH_DB_USER'),
        password=config.get('CLUSTER', 'DWH_DB_PASSWORD'),
        dbname=config.get('CLUSTER', 'DWH_DB'),
        host=config.get('CLUSTER', 'DWH_ENDPOINT'),
        port=config.getint('CLUSTER', 'DWH_PORT'),
    )


def run_all(queries):
    conn = connect()
    conn.set_session(autocommit=True)
    cur = conn.cursor()
    for query in queries:
        cur.execute(query)
    cur.close()
    conn.close()
