from time import time

from db import get_config, get_connection
from sql_queries import copy_table_queries, insert_table_queries


def load_staging_tables(cur, conn):
    for query in copy_table_queries:
        print(query.strip().split("\n")[0])
        t0 = time()
        cur.execute(query)
        conn.commit()
        print("=== DONE IN: {0:.2f} sec\n".format(time() - t0))


def insert_tables(cur, conn):
    for query in insert_table_queries:
        print(query.strip().split("\n")[0])
        cur.execute(query)
        conn.commit()
        print("{} row(s)".format(cur.rowcount))


def main():
    conn = get_connection(get_config())
    cur = conn.cursor()
    load_staging_tables(cur, conn)
    insert_tables(cur, conn)
    conn.close()


if __name__ == "__main__":
    main()
