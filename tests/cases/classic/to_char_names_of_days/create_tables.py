import configparser
import psycopg2
from sql_queries import create_table_queries, drop_table_queries


def main():
    """Drop what is there and create the tables anew."""
    config = configparser.ConfigParser()
    config.read('dwh.cfg')
    conn = psycopg2.connect(host=config['CLUSTER']['HOST'],
                            dbname=config['CLUSTER']['DB_NAME'],
                            user=config['CLUSTER']['DB_USER'],
                            password=config['CLUSTER']['DB_PASSWORD'],
                            port=config['CLUSTER']['DB_PORT'])
    cur = conn.cursor()
    for query in drop_table_queries + create_table_queries:
        try:
            cur.execute(query)
            conn.commit()
        except psycopg2.Error as e:
            print("Error: could not run: " + query)
            print(e)
            raise
    cur.close()
    conn.close()


if __name__ == "__main__":
    main()
