#!/usr/bin/env python3
"""Sparkify DWH.

    python manage.py --create
    python manage.py --stage --insert --only songs users
"""
import argparse
import configparser
import sys

import psycopg2

from sql_queries import copy_table_queries, create_table_queries, drop_table_queries, insert_table_queries


def run(cur, conn, queries, only):
    for name, query in queries.items():
        if only and name not in only:
            continue
        print('*', name)
        try:
            cur.execute(query)
        except psycopg2.Error as e:
            conn.rollback()
            print('Error in', name, file=sys.stderr)
            print(e, file=sys.stderr)
            return False
        conn.commit()
    return True


def main():
    parser = argparse.ArgumentParser(description='Sparkify DWH')
    parser.add_argument('--create', action='store_true', help='drop and create')
    parser.add_argument('--stage', action='store_true', help='S3 -> staging')
    parser.add_argument('--insert', action='store_true', help='staging -> star schema')
    parser.add_argument('--only', nargs='*', default=[])
    args = parser.parse_args()

    config = configparser.ConfigParser()
    config.read('dwh.cfg')
    host, name, user, password, port = config['CLUSTER'].values()
    conn = psycopg2.connect(f'host={host} dbname={name} user={user} password={password} port={port}')
    cur = conn.cursor()
    ok = True
    if args.create:
        ok = run(cur, conn, drop_table_queries, args.only) and run(cur, conn, create_table_queries, args.only)
    if ok and args.stage:
        ok = run(cur, conn, copy_table_queries, args.only)
    if ok and args.insert:
        ok = run(cur, conn, insert_table_queries, args.only)
    conn.close()
    return 0 if ok else 1


if __name__ == '__main__':
    sys.exit(main())
