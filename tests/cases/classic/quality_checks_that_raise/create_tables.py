import logging
import psycopg2
from configparser import ConfigParser
from sql_queries import ddl

logging.basicConfig(format='%(levelname)s: %(message)s', level=logging.INFO)


def connect():
    config = ConfigParser()
    config.read('dwh.cfg')
    c = config['CLUSTER']
    return psycopg2.connect(f"postgresql://{c['DB_USER']}:{c['DB_PASSWORD']}@{c['HOST']}:{c['DB_PORT']}/{c['DB_NAME']}")


def main():
    conn = connect()
    cur = conn.cursor()
    for name, columns in ddl.items():
        logging.info('recreating %s', name)
        cur.execute(f'DROP TABLE IF EXISTS {name};')
        cur.execute(f'CREATE TABLE {name} ({columns});')
    conn.commit()
    conn.close()


if __name__ == '__main__':
    main()
