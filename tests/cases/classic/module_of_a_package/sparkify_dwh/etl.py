import argparse

import psycopg2

from . import conf, queries


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m sparkify_dwh.etl")
    parser.add_argument("--skip-staging", action="store_true")
    args = parser.parse_args(argv)
    with psycopg2.connect(conf.dsn()) as conn, conn.cursor() as cur:
        for statement in ([] if args.skip_staging else queries.COPIES) + queries.INSERTS:
            cur.execute(statement)


if __name__ == "__main__":
    main()
