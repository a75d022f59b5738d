import configparser
import psycopg2
from sql_queries import copy_table_queries, insert_table_queries, quality_queries


def check_data_quality(cur):
    for query, comparison, expected in quality_queries:
        cur.execute(query)
        value = cur.fetchone()[0]
        if comparison == '>' and not value > expected or comparison == '==' and value != expected:
            raise ValueError(f'{query}: {value}, expected {comparison} {expected}')
        print('passed:', query)


def main():
    config = configparser.ConfigParser()
    config.read('dl.cfg')
    conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['DWH'].values()))
    cur = conn.cursor()
    for query in copy_table_queries + insert_table_queries:
        cur.execute(query)
        conn.commit()
    check_data_quality(cur)
    conn.close()


if __name__ == "__main__":
    main()
