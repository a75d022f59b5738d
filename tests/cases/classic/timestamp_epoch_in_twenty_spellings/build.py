#!/usr/bin/env python
"""Drops or builds the moments table: python build.py [--drop]"""
import argparse
from configparser import ConfigParser
from pathlib import Path

import psycopg2

HERE = Path(__file__).parent


def statements(name, **values):
    text = (HERE / 'sql' / name).read_text().format(**values)
    return [part.strip() for part in text.split(';') if part.strip()]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--drop', action='store_true')
    args = parser.parse_args()

    ini = ConfigParser()
    ini.read(HERE / 'redshift.ini')
    with psycopg2.connect(**ini['redshift']) as conn:
        with conn.cursor() as cur:
            for sql in statements('drop.sql' if args.drop else 'build.sql', **ini['copy']):
                cur.execute(sql)
                print(cur.statusmessage, cur.rowcount)
    conn.close()


if __name__ == '__main__':
    main()
