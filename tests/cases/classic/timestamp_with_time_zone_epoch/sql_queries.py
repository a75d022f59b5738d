from db import config

drop_table_queries = ["DROP TABLE IF EXISTS %s" % table for table in ('staging_events', 'songplay', 'users', 'time')]

create_table_queries = [
    """CREATE TABLE staging_events (
        artist text, auth text, firstName text, gender text, itemInSession integer, lastName text, length numeric(10,5),
        level text, location text, method text, page text, registration text, sessionId integer, song text,
        status integer, ts bigint, userAgent text, userId integer)""",
    """CREATE TABLE users (user_id integer NOT NULL PRIMARY KEY, first_name text, last_name text, gender text)""",
    """CREATE TABLE time (
        start_time timestamptz NOT NULL PRIMARY KEY SORTKEY,
        hour smallint, local_hour smallint, weekday smallint, utc_again timestamp, pacific timestamp)""",
    """CREATE TABLE songplay (
        songplay_id integer IDENTITY(0,1),
        start_time timestamp with time zone NOT NULL REFERENCES time (start_time),
        user_id integer NOT NULL REFERENCES users (user_id), song text)""",
]

copy_table_queries = ["""
    COPY staging_events FROM {LOG_DATA}
    IAM_ROLE {arn} REGION AS 'us-west-2'
    FORMAT AS JSON {LOG_JSONPATH}
""".format(arn=config['IAM_ROLE']['DWH_ROLE_ARN'], LOG_DATA=config['S3']['LOG_DATA'], LOG_JSONPATH=config['S3']['LOG_JSONPATH'])]

insert_table_queries = [
    """INSERT INTO users
       SELECT NVL(userId, 0), MAX(firstName), MAX(lastName), MAX(gender) FROM staging_events GROUP BY NVL(userId, 0)""",
    """INSERT INTO songplay (start_time, user_id, song)
       SELECT TIMESTAMP WITH TIME ZONE 'epoch' + ts/1000 * INTERVAL '1 second', userId, song
       FROM staging_events WHERE page = 'NextSong'""",
    # EST has no daylight saving: always five hours behind
    """INSERT INTO time
       SELECT DISTINCT start_time,
              EXTRACT(hour FROM start_time),
              EXTRACT(hour FROM CONVERT_TIMEZONE('EST', start_time::timestamp)),
              EXTRACT(dow FROM start_time),
              start_time AT TIME ZONE 'UTC',
              CONVERT_TIMEZONE('UTC', 'America/Los_Angeles', start_time AT TIME ZONE 'UTC')
       FROM songplay""",
]
