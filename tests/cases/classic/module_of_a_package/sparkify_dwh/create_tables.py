import psycopg2

from . import conf, queries


def main():
    with psycopg2.connect(conf.dsn()) as conn, conn.cursor() as cur:
        for table, columns in queries.TABLES.items():
            cur.execute(f"DROP TABLE IF EXISTS {table}")
            cur.execute(f"CREATE TABLE {table} ({columns})")


if __name__ == "__main__":
    main()
