import configparser


# CONFIG
config = configparser.ConfigParser()
config.read('dwh.cfg')

staging_events_table_create = """CREATE TABLE staging_events (
    artist varchar, auth varchar, firstName varchar, gender varchar, itemInSession int, lastName varchar, length float,
    level varchar, location varchar, method varchar, page varchar, registration float, sessionId int, song varchar,
    status int, ts bigint, userAgent varchar, userId int)"""
user_table_create = """CREATE TABLE users (user_id int PRIMARY KEY, first_name varchar, last_name varchar, gender varchar, level varchar)"""

staging_events_copy = """COPY staging_events FROM '{}' CREDENTIALS 'aws_iam_role={}' JSON '{}' REGION 'us-west-2'
""".format(config['S3']['LOG_DATA'], config['IAM_ROLE']['ARN'], config['S3']['LOG_JSONPATH'])

user_table_insert = ("""
INSERT INTO users (user_id, first_name, last_name, gender, level)
SELECT DISTINCT userId, firstName, lastName, gender, level
FROM staging_events
WHERE page = 'NextSong'
ON CONFLICT (user_id) DO UPDATE SET level = EXCLUDED.level
""")

create_table_queries = [staging_events_table_create, user_table_create]
drop_table_queries = ["DROP TABLE IF EXISTS staging_events", "DROP TABLE IF EXISTS users"]
copy_table_queries = [staging_events_copy]
insert_table_queries = [user_table_insert]
