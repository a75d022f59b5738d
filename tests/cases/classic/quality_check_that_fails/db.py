import configparser
import psycopg2

config = configparser.ConfigParser()
config.read('dwh.cfg')


def connect():
    return psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))


def execute(*statements):
    with connect() as conn, conn.cursor() as cur:
        for statement in statements:
            cur.execute(statement.format(**config['S3'], arn=config['IAM_ROLE']['arn']))


def records(query):
    with connect() as conn, conn.cursor() as cur:
        cur.execute(query)
        return cur.fetchall()
