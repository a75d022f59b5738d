import json
import logging
import os
from contextlib import closing
from urllib.parse import quote, urlunsplit

import psycopg2


class PostgresHook:
    """What we used of Airflow's: connections.json stands for Admin > Connections."""

    def __init__(self, postgres_conn_id):
        with open(os.path.join(os.path.dirname(__file__), '..', 'connections.json')) as f:
            self.conn = json.load(f)[postgres_conn_id]
        self.log = logging.getLogger(__name__)

    def get_uri(self):
        c = self.conn
        netloc = '{}:{}@{}:{}'.format(quote(c['login']), quote(c['password'], safe=''), c['host'], c['port'])
        return urlunsplit(('postgresql', netloc, '/' + c['schema'], '', ''))

    def get_conn(self):
        return psycopg2.connect(self.get_uri())

    def run(self, sql, autocommit=False, parameters=None):
        statements = [sql] if isinstance(sql, str) else sql
        with closing(self.get_conn()) as conn:
            conn.autocommit = autocommit
            with closing(conn.cursor()) as cur:
                for statement in statements:
                    cur.execute(statement, parameters)
            if not autocommit:
                conn.commit()

    def get_records(self, sql):
        with closing(self.get_conn()) as conn, closing(conn.cursor()) as cur:
            cur.execute(sql)
            return cur.fetchall()
