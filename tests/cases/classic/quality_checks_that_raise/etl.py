import logging

from create_tables import connect
from sql_queries import copies, inserts


def main():
    conn = connect()
    cur = conn.cursor()
    for name, sql in {**copies, **inserts}.items():
        cur.execute(sql)
        logging.info('%s: %s', name, cur.statusmessage)
    conn.commit()
    conn.close()


if __name__ == '__main__':
    main()
