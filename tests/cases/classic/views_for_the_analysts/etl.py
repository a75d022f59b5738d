import configparser
import glob
import sys

import psycopg2


def main(step):
    config = configparser.ConfigParser()
    config.read('dwh.cfg')
    conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
    conn.autocommit = True
    with conn.cursor() as cur:
        cur.execute("set query_group to 'etl'; set statement_timeout to 600000;")
        for path in sorted(glob.glob(f'sql/{step}/*.sql')):
            print(path)
            with open(path, encoding='utf-8') as file:
                cur.execute(file.read().format(**config['S3'], role=config['IAM_ROLE']['ARN']))
    conn.close()


if __name__ == '__main__':
    main(sys.argv[1])
