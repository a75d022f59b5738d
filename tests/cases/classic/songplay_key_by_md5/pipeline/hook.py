"""Stands where Airflow's PostgresHook used to be."""
import configparser

import psycopg2


class RedshiftHook:
    def __init__(self, conn_id):
        config = configparser.ConfigParser()
        config.read('dwh.cfg')
        self.section = config[conn_id]

    def get_conn(self):
        return psycopg2.connect(
            dbname=self.section['db_name'], user=self.section['db_user'], password=self.section['db_password'],
            host=self.section['host'], port=self.section['db_port'], options='-c search_path=sparkify', sslmode='prefer')

    def run(self, sql):
        conn = self.get_conn()
        try:
            with conn.cursor() as cur:
                cur.execute(sql)
            conn.commit()
        finally:
            conn.close()

    def get_records(self, sql):
        conn = self.get_conn()
        try:
            with conn.cursor() as cur:
                cur.execute(sql)
                return cur.fetchall()
        finally:
            conn.close()
