from common import connect, run
from sql_statements import CREATE, DROP

if __name__ == '__main__':
    with connect() as conn, conn.cursor() as cur:
        run(cur, 'drop', DROP)
        run(cur, 'create', CREATE)
