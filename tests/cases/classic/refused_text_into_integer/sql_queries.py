import configparser


# CONFIG
config = configparser.ConfigParser()
config.read('dwh.cfg')

# registration and method are the wrong way round
staging_events_table_create = """CREATE TABLE staging_events (
    artist varchar, auth varchar, firstName varchar, gender varchar, itemInSession int, lastName varchar, length float,
    level varchar, location varchar, registration int, page varchar, method varchar, sessionId int, song varchar,
    status int, ts bigint, userAgent varchar, userId int)"""

staging_events_copy = """COPY staging_events FROM '{}/2018/11/2018-11-01' CREDENTIALS 'aws_iam_role={}' JSON '{}' REGION 'us-west-2'
""".format(config['S3']['LOG_DATA'], config['IAM_ROLE']['ARN'], config['S3']['LOG_JSONPATH'])

create_table_queries = [staging_events_table_create]
drop_table_queries = ["DROP TABLE IF EXISTS staging_events"]
copy_table_queries = [staging_events_copy]
