import configparser

import psycopg2

cfg = configparser.ConfigParser()
cfg.read('shop.cfg')


def connect():
    return psycopg2.connect(**cfg['CLUSTER'])


def run(cur, title, statements):
    for i, statement in enumerate(statements):
        print(f'[{title} {i + 1}/{len(statements)}] {" ".join(statement.split())[:60]}')
        cur.execute(statement)
