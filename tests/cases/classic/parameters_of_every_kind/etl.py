import argparse
import calendar
import configparser
import datetime

from psycopg2 import extras, sql

from create_tables import connect

# AS_IS: psycopg2 has literals for everything but the FROM of a COPY, where a literal does as well
COPY = "COPY staging_events FROM %s IAM_ROLE %s JSON %s REGION %s"

SONGPLAYS = """
    INSERT INTO songplays (start_time, user_id, level, session_id, user_agent)
    SELECT timestamp 'epoch' + ts/%(factor)s * interval '1 second', "userId", level, "sessionId", "userAgent"
    FROM staging_events
    WHERE page = %(page)s AND ts/%(factor)s BETWEEN %(first)s AND %(last)s
"""

TIME = """
    INSERT INTO time
    SELECT DISTINCT start_time, EXTRACT(h FROM start_time), EXTRACT(d FROM start_time), EXTRACT(w FROM start_time),
           EXTRACT(mon FROM start_time), EXTRACT(y FROM start_time), EXTRACT(dw FROM start_time)
    FROM songplays
    WHERE start_time >= %s AND start_time < %s + interval '1 month'
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--month', required=True)
    month = parser.parse_args().month
    year, number = map(int, month.split('-'))
    first = datetime.datetime(year, number, 1)
    length = calendar.monthrange(year, number)[1]

    config = configparser.ConfigParser()
    config.read('dwh.cfg')
    conn = connect()
    cur = conn.cursor(cursor_factory=extras.DictCursor)

    cur.execute(COPY, (config['S3']['LOG_DATA'], config['IAM_ROLE']['ARN'], config['S3']['LOG_JSONPATH'], 'us-west-2'))

    cur.execute(SONGPLAYS, {
        'factor': 1000,
        'page': 'NextSong',
        'first': int(first.replace(tzinfo=datetime.timezone.utc).timestamp()),
        'last': int(first.replace(tzinfo=datetime.timezone.utc).timestamp()) + length * 86400 - 1,
    })
    inserted = cur.rowcount
    cur.execute(TIME, (first, first))

    # one INSERT each
    browsers = ['Firefox', 'Chrome', 'Safari', 'Opera']
    cur.executemany('INSERT INTO browsers (name, pattern) VALUES (%s, %s)', [(name, '%' + name + '%') for name in browsers])
    for name in browsers:
        cur.execute("UPDATE browsers SET plays = (SELECT COUNT(*) FROM songplays WHERE user_agent LIKE %s) WHERE name = %s",
                    ('%' + name + '%', name))
    cur.execute("""INSERT INTO browsers SELECT 'unknown', %s, COUNT(*) FROM songplays
                   WHERE user_agent NOT LIKE '%%Mozilla%%' OR user_agent IS NULL""", (None,))

    # one INSERT for all
    days = [datetime.date(year, number, 1 + day) for day in range(length)]
    extras.execute_values(cur, 'INSERT INTO days (day, weekend) VALUES %s', [(day, day.weekday() >= 5) for day in days])
    cur.execute("""UPDATE days SET plays = counted.plays
                   FROM (SELECT start_time::date AS day, COUNT(*) AS plays FROM songplays GROUP BY 1) counted
                   WHERE counted.day = days.day AND days.day IN %s""", (tuple(days),))

    cur.execute(sql.SQL('INSERT INTO {} ({}) VALUES ({})').format(
        sql.Identifier('runs'),
        sql.SQL(', ').join(map(sql.Identifier, ['started', 'month', 'inserted', 'comment'])),
        sql.SQL(', ').join(sql.Placeholder() * 4),
    ), [datetime.datetime.now(), month, inserted, None])
    conn.commit()

    cur.execute('SELECT day, plays FROM days WHERE weekend = %s ORDER BY plays DESC', (True,))
    for row in cur:
        print(row['day'].isoformat(), row['plays'])
    conn.close()


if __name__ == '__main__':
    main()
