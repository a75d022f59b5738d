from db import get_config, get_connection
from sql_queries import create_table_queries, drop_table_queries


def drop_tables(cur, conn):
    """Drops the tables if they are there."""
    for query in drop_table_queries:
        cur.execute(query)
        conn.commit()


def create_tables(cur, conn):
    """Creates the staging, fact and dimension tables."""
    for query in create_table_queries:
        cur.execute(query)
        conn.commit()


def main():
    conn = get_connection(get_config())
    cur = conn.cursor()
    drop_tables(cur, conn)
    create_tables(cur, conn)
    conn.close()


if __name__ == "__main__":
    main()
