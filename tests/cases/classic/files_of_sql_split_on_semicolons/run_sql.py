"""Runs files of SQL: python run_sql.py sql/01_drop.sql sql/02_create.sql ..."""
import os
import re
import string
import sys

import psycopg2

# export these before the run, or fill in .env
PARAMETERS = {
    'LOG_DATA': 's3://udacity-dend/log_data',
    'LOG_JSONPATH': 's3://udacity-dend/log_json_path.json',
    'SONG_DATA': 's3://udacity-dend/song_data',
    'ROLE_ARN': 'arn:aws:iam::123456789012:role/dwhRole',
    'REGION': 'us-west-2',
}


def read_env(path='.env'):
    with open(path) as f:
        return dict(re.findall(r'^(\w+)=(.*)$', f.read(), re.M))


def statements(path):
    with open(path) as f:
        text = string.Template(f.read()).safe_substitute(PARAMETERS)
    for statement in text.split(';'):
        if statement.strip():
            yield statement


def main(paths):
    env = read_env()
    conn = psycopg2.connect(host=env.get('PGHOST'), dbname=env.get('PGDATABASE'), user=env.get('PGUSER'),
                            password=os.environ.get('PGPASSWORD') or env.get('PGPASSWORD'), port=env.get('PGPORT'))
    cur = conn.cursor()
    for path in paths:
        for statement in statements(path):
            cur.execute(statement)
        conn.commit()
        print('OK', path)
    conn.close()


if __name__ == '__main__':
    main(sys.argv[1:])
