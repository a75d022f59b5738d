import configparser
import psycopg2
import sql_queries
from sql_queries import *

config = configparser.ConfigParser()
config.read('dl.cfg')


def main():
    conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
    cur = conn.cursor()

    # drop all that sql_queries creates
    for name in ['staging_events', 'staging_songs', 'songplays', 'users', 'songs', 'artists', 'time']:
        cur.execute("DROP TABLE IF EXISTS " + name)

    for query in create_table_queries + copy_table_queries + insert_table_queries:
        try:
            cur.execute(query)
        except psycopg2.Error as e:
            print("Error: could not execute", query)
            print(e)
    conn.commit()

    for name in ['staging_events', 'songplays', 'users']:
        cur.execute(f"SELECT * FROM {name} LIMIT 3")
        for row in cur.fetchall():
            print(row)
    conn.close()


if __name__ == "__main__":
    main()
