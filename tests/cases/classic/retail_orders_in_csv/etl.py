from common import connect, run
from sql_statements import COPY, INSERT, REPORTS

if __name__ == '__main__':
    with connect() as conn, conn.cursor() as cur:
        run(cur, 'copy', COPY)
        run(cur, 'insert', INSERT)
        for title, query in REPORTS.items():
            cur.execute(query)
            print(f'\n{title}')
            for row in cur.fetchall():
                print('   ', *row)
