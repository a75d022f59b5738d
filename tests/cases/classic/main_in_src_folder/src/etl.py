import psycopg2

import settings
from sql.dml import COPY, INSERT


def main():
    conn = psycopg2.connect(dbname=settings.DB, user=settings.USER, password=settings.PASSWORD,
                            host=settings.HOST, port=settings.PORT)
    conn.autocommit = True
    with conn.cursor() as cur:
        for statement in COPY:
            cur.execute(statement)
            print(''.join(conn.notices[-1:]).strip())
        for statement in INSERT:
            cur.execute(statement)
        cur.execute('analyze')
        cur.execute('vacuum full songplays')
    conn.close()


main()
