import argparse
import configparser
import csv
from pathlib import Path

import psycopg2

from sql_queries import analytic_queries


def print_table(columns, rows):
    widths = [max(len(str(value)) for value in column) for column in zip(columns, *rows)]
    for row in [columns, ['-' * width for width in widths], *rows]:
        print(' | '.join(str(value).ljust(width) for value, width in zip(row, widths)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--csv', type=Path)
    folder = parser.parse_args().csv
    folder.mkdir(exist_ok=True)
    config = configparser.ConfigParser()
    config.read('dwh.cfg')
    conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
    cur = conn.cursor()
    for name, query in analytic_queries.items():
        cur.execute(query)
        columns = [column[0] for column in cur.description]
        first = cur.fetchone()
        rows = [first, *cur.fetchmany(2), *cur.fetchall()]
        print('\n' + name.replace('_', ' ').title())
        print_table(columns, rows)
        with open(folder / (name + '.csv'), 'w', newline='', encoding='utf-8') as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(rows)
    with conn.cursor('all_songs') as big, open(folder / 'songs.csv', 'w', newline='', encoding='utf-8') as file:
        big.itersize = 5000
        big.execute('SELECT song_id, title, year FROM songs ORDER BY song_id')
        csv.writer(file).writerows(big)
    conn.close()


if __name__ == "__main__":
    main()
