import psycopg2

import settings
from sql.ddl import CREATE, DROP


def main():
    conn = psycopg2.connect(dbname=settings.DB, user=settings.USER, password=settings.PASSWORD,
                            host=settings.HOST, port=settings.PORT)
    conn.autocommit = True
    with conn.cursor() as cur:
        for statement in DROP + CREATE:
            cur.execute(statement)
    conn.close()


main()
