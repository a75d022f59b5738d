import configparser

config = configparser.ConfigParser()
config.read('dwh.cfg')
ARN, LOG_DATA, LOG_JSONPATH = config['IAM_ROLE']['ARN'], config['S3']['LOG_DATA'], config['S3']['LOG_JSONPATH']

drop_table_queries = ["DROP TABLE IF EXISTS staging_events;", 'DROP TABLE IF EXISTS "time";']

create_table_queries = ["""
CREATE TABLE staging_events
(
    "artist"        VARCHAR,
    "auth"          VARCHAR,
    "firstName"     VARCHAR,
    "gender"        VARCHAR,
    "itemInSession" INTEGER,
    "lastName"      VARCHAR,
    "length"        DOUBLE PRECISION,
    "level"         VARCHAR,
    "location"      VARCHAR,
    "method"        VARCHAR,
    "page"          VARCHAR,
    "registration"  DOUBLE PRECISION,
    "sessionId"     INTEGER,
    "song"          VARCHAR,
    "status"        INTEGER,
    "ts"            BIGINT,
    "userAgent"     VARCHAR,
    "userId"        VARCHAR
);
""", """
CREATE TABLE "time"
(
    start_time   TIMESTAMP NOT NULL SORTKEY,
    hour         INTEGER,
    clock        CHAR(2),
    date_key     INTEGER ENCODE az64,
    week_of_year VARCHAR(2),
    iso_day      SMALLINT,
    day_number   CHAR,
    weekday      VARCHAR(9),
    shouted      VARCHAR(9),
    abbreviated  VARCHAR(3),
    month_name   VARCHAR(10),
    short_month  CHAR(3),
    quarter      CHAR(2),
    weekend      BOOLEAN,
    PRIMARY KEY (start_time)
);
"""]

copy_table_queries = [f"""COPY staging_events
FROM {LOG_DATA}
CREDENTIALS 'aws_iam_role={ARN[1:-1]}'
COMPUPDATE OFF REGION 'us-west-2'
JSON {LOG_JSONPATH};
"""]

insert_table_queries = ["""INSERT INTO time
SELECT DISTINCT TIMESTAMP 'epoch' + (se.ts/1000) * INTERVAL '1 Second ' AS start_time,
       EXTRACT(hour FROM start_time),
       TO_CHAR(start_time, 'HH24'),
       TO_CHAR(start_time, 'YYYYMMDD')::INT AS date_key,
       to_char(start_time, 'IW'),
       TO_CHAR(start_time, 'ID')::smallint,
       TO_CHAR(start_time, 'D'),
       to_char(start_time, 'Day') AS weekday,
       to_char(start_time, 'DAY'),
       to_char(start_time, 'Dy'),
       to_char(start_time, 'Month'),
       to_char(start_time, 'mon'),
       to_char(start_time, '"Q"Q'),
       EXTRACT(dayofweek FROM start_time) IN (0, 6) AS weekend
  FROM staging_events se
 WHERE page = 'NextSong';
"""]
