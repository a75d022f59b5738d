import configparser


# CONFIG
config = configparser.ConfigParser()
config.read('dwh.cfg')

staging_events_table_create = """CREATE TABLE staging_events (
    artist varchar, auth varchar, firstName varchar, gender varchar, itemInSession int, lastName varchar, length float,
    level varchar, location varchar, method varchar, page varchar, registration float, sessionId int, song varchar,
    status int, ts timestamp, userAgent varchar, userId int)"""

staging_events_copy = """COPY staging_events FROM '{}' CREDENTIALS 'aws_iam_role={}' JSON '{}' REGION 'us-west-2'
""".format(config['S3']['LOG_DATA'], config['IAM_ROLE']['ARN'], config['S3']['LOG_JSONPATH'])

create_table_queries = [staging_events_table_create]
drop_table_queries = ["DROP TABLE IF EXISTS staging_events"]
copy_table_queries = [staging_events_copy]
insert_table_queries = []
