"""python run.py FILE.sql ...: runs the files against Redshift, statement by statement; {names} come from the cfg."""
import configparser
import re
import sys
import time

import psycopg2

config = configparser.ConfigParser()
config.optionxform = str
config.read('dwh.cfg')
names = {**config['S3'], **config['IAM_ROLE']}

conn = psycopg2.connect("host={HOST} dbname={DB_NAME} user={DB_USER} password={DB_PASSWORD} port={DB_PORT}".format(**config['CLUSTER']))
conn.autocommit = True
cur = conn.cursor()
for file in sys.argv[1:]:
    text = re.sub(r'\{(\w+)\}', lambda found: names[found[1]], open('sql/' + file).read())
    for statement in text.split(';\n'):
        if not statement.strip():
            continue
        begin = time.time()
        cur.execute(statement)
        print(f'{file}: {cur.statusmessage} {time.time() - begin:.2f} s')
conn.close()
