import configparser
import psycopg2
import sql_queries


def main():
    config = configparser.ConfigParser()
    config.read('dwh.cfg')
    conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
    conn.autocommit = True
    cur = conn.cursor()
    cur.execute(sql_queries.stage)
    for block in (sql_queries.load_dimensions, sql_queries.load_facts):
        cur.execute(block)
    cur.execute("begin; delete from load_log where step < 0; end; select step, note from load_log order by step")
    for step, note in cur.fetchall():
        print(step, note)
    conn.close()


if __name__ == "__main__":
    main()
