import psycopg2

from etl_config import REDSHIFT
from sql_queries import setup

conn = psycopg2.connect(**REDSHIFT)
conn.set_session(autocommit=True)
conn.cursor().execute(setup)
conn.close()
