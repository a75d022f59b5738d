import configparser
import psycopg2


class Warehouse:
    def __init__(self, path='dwh.cfg'):
        self.config = configparser.ConfigParser()
        self.config.read(path)

    def __enter__(self):
        cluster = self.config['CLUSTER']
        self.connection = psycopg2.connect(
            host=cluster['HOST'], database=cluster['DB_NAME'], user=cluster['DB_USER'], password=cluster['DB_PASSWORD'],
            port=cluster['DB_PORT'], connect_timeout=10, keepalives=1, keepalives_idle=60)
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            self.connection.commit()
        else:
            self.connection.rollback()
        self.connection.close()

    def run(self, sql):
        with self.connection.cursor() as cursor:
            cursor.execute(sql.replace('$ROLE', self.config['IAM_ROLE']['ARN']))

    def one(self, sql):
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0]
