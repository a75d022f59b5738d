import configparser

config = configparser.ConfigParser()
config.read('dwh.cfg')

drop_table_queries = ["DROP TABLE IF EXISTS staging_events", "DROP TABLE IF EXISTS time"]

create_table_queries = ["""
CREATE TABLE staging_events (
    artist VARCHAR, auth VARCHAR, firstName VARCHAR, gender VARCHAR, itemInSession INT, lastName VARCHAR, length FLOAT,
    level VARCHAR, location VARCHAR, method VARCHAR, page VARCHAR, registration FLOAT, sessionId INT, song VARCHAR,
    status INT, ts BIGINT, userAgent VARCHAR, userId INT
)""", """
CREATE TABLE time (ts TIMESTAMP PRIMARY KEY, hour INT, day INT, week INT, month INT, year INT, weekday INT)
"""]

copy_table_queries = ["""
COPY staging_events FROM '{}/2018/11/2018-11-01' IAM_ROLE '{}' JSON '{}' REGION 'us-west-2'
""".format(config['S3']['LOG_DATA'], config['IAM_ROLE']['ARN'], config['S3']['LOG_JSONPATH'])]

insert_table_queries = ["""
INSERT INTO time
SELECT DISTINCT TIMESTAMP 'epoch' + ts/1000 * INTERVAL '1 second' AS ts,
       EXTRACT(hour FROM ts), EXTRACT(day FROM ts), EXTRACT(week FROM ts), EXTRACT(month FROM ts), EXTRACT(year FROM ts),
       EXTRACT(weekday FROM ts)
FROM staging_events
WHERE page = 'NextSong'
"""]
