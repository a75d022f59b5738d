import configparser

config = configparser.ConfigParser()
config.read('dwh.cfg')

drop_table_queries = ["DROP TABLE IF EXISTS staging_events"]

# the log has no loaded_at, it gets its default... or so one thinks
create_table_queries = ["""
CREATE TABLE staging_events (
    artist VARCHAR, auth VARCHAR, firstName VARCHAR, gender VARCHAR, itemInSession INTEGER, lastName VARCHAR,
    length FLOAT, level VARCHAR, location VARCHAR, method VARCHAR, page VARCHAR, registration FLOAT, sessionId INTEGER,
    song VARCHAR, status INTEGER, ts BIGINT, userAgent VARCHAR, userId INTEGER, loaded_at TIMESTAMP DEFAULT SYSDATE
)
"""]

copy_table_queries = ["""
copy staging_events from {}
iam_role {}
json {}
""".format(config['S3']['LOG_DATA'], config['IAM_ROLE']['ARN'], config['S3']['LOG_JSONPATH'])]

insert_table_queries = []
