import configparser


# CONFIG
config = configparser.ConfigParser()
config.read('dwh.cfg')

# TABLES

staging_events_table_create = ("""
CREATE TABLE IF NOT EXISTS staging_events (
    artist TEXT, auth TEXT, firstName TEXT, gender TEXT, itemInSession TEXT, lastName TEXT, length TEXT, level TEXT,
    location TEXT, method TEXT, page TEXT, registration TEXT, sessionId TEXT, song TEXT, status TEXT, ts TEXT,
    userAgent TEXT, userId TEXT
)""")

user_table_create = ("""
CREATE TABLE IF NOT EXISTS users (
    first_name TEXT, last_name TEXT, gender TEXT, level TEXT, user_id INTEGER PRIMARY KEY
)""")

# LOADS

staging_events_copy = ("""
COPY staging_events FROM '{}' IAM_ROLE '{}' JSON '{}' REGION 'us-west-2'
""").format(config['S3']['LOG_DATA'], config['IAM_ROLE']['ARN'], config['S3']['LOG_JSONPATH'])

# ids are digits, once the empty ones are out of the way
user_table_insert = ("""
INSERT INTO users (user_id, first_name, last_name, gender, level)
SELECT DISTINCT userId, firstName, lastName, gender, level
FROM staging_events
WHERE page = 'NextSong' AND userId <> ''
""")

create_table_queries = [staging_events_table_create, user_table_create]
drop_table_queries = ["DROP TABLE IF EXISTS staging_events", "DROP TABLE IF EXISTS users"]
copy_table_queries = [staging_events_copy]
insert_table_queries = [user_table_insert]
