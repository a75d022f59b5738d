import contextlib
import json

import psycopg2
import psycopg2.extras

config = json.load(open('config.json'))
BUCKET, ROLE = config['bucket'], config['role']

SQL = {
    'tables': """
        DROP TABLE IF EXISTS readings; DROP TABLE IF EXISTS raw_messages; DROP TABLE IF EXISTS devices; DROP TABLE IF EXISTS alarms;
        CREATE TABLE readings (device VARCHAR(20), seen TIMESTAMP, temperature DECIMAL(5,2), humidity SMALLINT, battery SMALLINT,
            second_sample INT, tags VARCHAR(200));
        CREATE TABLE raw_messages (device VARCHAR(20), payload VARCHAR(MAX), samples VARCHAR(1000));
        CREATE TABLE devices (device VARCHAR(20), place VARCHAR(50), firmware VARCHAR(10), messages INT);
        CREATE TABLE alarms (device VARCHAR(20), temperature DECIMAL(5,2), at TIMESTAMP, reason VARCHAR(50));
    """,
    'readings': f"""
        COPY readings FROM 's3://{BUCKET}/2021/06/' IAM_ROLE '{ROLE}' GZIP
        JSON 's3://{BUCKET}/paths/readings.json' TIMEFORMAT 'auto'
    """,
    'messages': f"""
        COPY raw_messages FROM 's3://{BUCKET}/2021/06/' IAM_ROLE '{ROLE}' GZIP JSON 's3://{BUCKET}/paths/messages.json'
    """,
    'devices': """
        INSERT INTO devices
        SELECT device, MAX(JSON_EXTRACT_PATH_TEXT(payload, 'place', 'name')), MAX(JSON_EXTRACT_PATH_TEXT(payload, 'firmware')), COUNT(*)
        FROM raw_messages
        GROUP BY device
    """,
    'alarms': """
        INSERT INTO alarms
        SELECT device, temperature, seen, CASE WHEN temperature > 40 THEN 'hot' WHEN battery < 10 THEN 'battery' END AS reason
        FROM readings
        WHERE reason IS NOT NULL
    """,
}

with contextlib.closing(psycopg2.connect(**config['redshift'], cursor_factory=psycopg2.extras.RealDictCursor)) as connection:
    for name, sql in SQL.items():
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            print(name, 'done')
    with connection, connection.cursor() as cursor:
        cursor.execute("""
            SELECT device, place, COUNT(temperature) AS temperatures, AVG(temperature) AS mean, MIN(seen) AS "from", MAX(seen) AS "to"
            FROM devices JOIN readings USING (device) GROUP BY device, place ORDER BY device""")
        print(json.dumps(cursor.fetchall(), default=str, indent=2))
