import configparser
import sys

import psycopg2

config = configparser.ConfigParser()
config.read('dwh.cfg')

CREATE = """
CREATE TABLE IF NOT EXISTS staging_events (
    artist VARCHAR, auth VARCHAR, firstName VARCHAR, gender VARCHAR, itemInSession INTEGER, lastName VARCHAR,
    length FLOAT, level VARCHAR, location VARCHAR, method VARCHAR, page VARCHAR, registration FLOAT, sessionId INTEGER,
    song VARCHAR, status INTEGER, ts TIMESTAMP, userAgent VARCHAR, userId INTEGER
)
"""

COPY = """
COPY staging_events FROM {LOG_DATA}
IAM_ROLE {ARN}
JSON {LOG_JSONPATH}
REGION 'us-west-2'
""".format(LOG_DATA=config['S3']['LOG_DATA'], LOG_JSONPATH=config['S3']['LOG_JSONPATH'], ARN=config['IAM_ROLE']['ARN'])

WHY = """
SELECT TRIM(le.filename), le.line_number, TRIM(d.colname), TRIM(d.value), TRIM(le.err_reason), le.err_code
FROM stl_load_errors le
JOIN stl_loaderror_detail d ON d.query = le.query AND TRIM(d.colname) = TRIM(le.colname)
WHERE le.query = (SELECT MAX(query) FROM stl_load_errors)
LIMIT 10
"""


def main():
    conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
    cur = conn.cursor()
    cur.execute(CREATE)
    conn.commit()
    try:
        cur.execute(COPY)
    except psycopg2.InternalError as e:
        conn.rollback()
        print(e.pgcode, e, file=sys.stderr)
        cur.execute(WHY)
        for row in cur.fetchall():
            print(*row, sep=' | ', file=sys.stderr)
        return 1
    conn.commit()
    return 0


if __name__ == '__main__':
    sys.exit(main())
