import configparser
import psycopg2
import sql_queries


def main():
    config = configparser.ConfigParser()
    config.read('dwh.cfg')
    conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
    conn.autocommit = True
    cur = conn.cursor()
    cur.execute(sql_queries.drop_all)
    cur.execute(sql_queries.create_all)
    conn.close()


if __name__ == "__main__":
    main()
