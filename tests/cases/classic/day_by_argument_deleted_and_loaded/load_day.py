"""Load the plays of some days; a day that is there already is replaced.

usage: load_day.py [--schema] YYYY-MM-DD [YYYY-MM-DD ...]
"""
import sys
from datetime import date

import psycopg2
from psycopg2 import sql

from settings import BUCKET, DSN, ROLE

STAGE = """
create temporary table stage (
    artist varchar(512), auth varchar(16), first_name varchar(64), gender char(1), item int, last_name varchar(64),
    length float, level varchar(4), location varchar(128), method varchar(8), page varchar(32), registration float,
    session_id int, song varchar(512), status int, ts timestamp, user_agent varchar(512), user_id int
)
"""

COPY = sql.SQL("""
copy stage from {source}
iam_role {role}
format json as {paths}
timeformat 'epochmillisecs'
region 'us-west-2'
""")


def load(conn, day):
    source = f"{BUCKET}/log_data/{day:%Y/%m}/{day:%Y-%m-%d}-events.json"
    with conn, conn.cursor() as cur:
        cur.execute("drop table if exists stage")
        cur.execute(STAGE)
        cur.execute(COPY.format(source=sql.Literal(source), role=sql.Literal(ROLE),
                                paths=sql.Literal(f"{BUCKET}/log_json_path.json")))
        cur.execute("delete from plays where day = %s", (day,))
        removed = cur.rowcount
        cur.execute("""
            insert into plays
            select trunc(ts), ts, session_id, item, user_id, level, song, artist
            from stage
            where page = %s and trunc(ts) = %s
        """, ("NextSong", day))
        added = cur.rowcount
        cur.execute("delete from loads where day = %(day)s", {"day": day})
        cur.execute("insert into loads (day, plays) values (%(day)s, %(plays)s)", {"day": day, "plays": added})
    print(f"{day}: -{removed} +{added}")


def main(arguments):
    conn = psycopg2.connect(DSN)
    if arguments and arguments[0] == "--schema":
        with conn, conn.cursor() as cur, open("schema.sql") as f:
            cur.execute(f.read())
        arguments = arguments[1:]
    for text in arguments:
        load(conn, date.fromisoformat(text))
    conn.close()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
