import os

import psycopg2

DSN = os.environ.get(
    'WEATHER_DSN', 'host=weather.cnnnnnnnnnnn.eu-north-1.redshift.amazonaws.com port=5439 dbname=weather user=ingest password=x')
LAKE = 's3://weather-lake'
ROLE = 'arn:aws:iam::123456789012:role/WeatherLake'


def connect():
    connection = psycopg2.connect(DSN)
    connection.set_session(isolation_level='SERIALIZABLE')
    return connection
