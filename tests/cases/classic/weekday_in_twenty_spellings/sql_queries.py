import configparser

config = configparser.ConfigParser()
config.read('dwh.cfg')

staging_events_table_drop = "DROP TABLE IF EXISTS staging_events"
time_table_drop = "DROP TABLE IF EXISTS time"
calendar_table_drop = "DROP TABLE IF EXISTS calendar"

staging_events_table_create = ("""
CREATE TABLE IF NOT EXISTS staging_events (
    artist          VARCHAR,
    auth            VARCHAR,
    firstName       VARCHAR,
    gender          CHAR(1),
    itemInSession   INT,
    lastName        VARCHAR,
    length          FLOAT,
    level           VARCHAR,
    location        VARCHAR,
    method          VARCHAR,
    page            VARCHAR,
    registration    FLOAT,
    sessionId       INT,
    song            VARCHAR,
    status          INT,
    ts              TIMESTAMP,
    userAgent       VARCHAR(512),
    userId          INT
)
""")

# nobody on the team remembers which abbreviation of "weekday" is right, so: all of them
time_table_create = ("""
CREATE TABLE IF NOT EXISTS time (
    start_time TIMESTAMP PRIMARY KEY,
    hour_a INT, hour_b INT, hour_c INT, hour_d INT, hour_e INT,
    day_a INT, day_b INT, day_c INT,
    week_a INT, week_b INT, week_c INT, week_d INT, week_e INT,
    month_a INT, month_b INT, month_c INT,
    year_a INT, year_b INT, year_c INT,
    weekday_a INT, weekday_b INT, weekday_c INT, weekday_d INT, weekday_e INT,
    weekday_f INT, weekday_g INT, weekday_h INT, weekday_i SMALLINT, weekday_j SMALLINT
) DISTSTYLE ALL SORTKEY (start_time)
""")

calendar_table_create = ("""
CREATE TABLE IF NOT EXISTS calendar (year SMALLINT, month SMALLINT, day SMALLINT, weekday SMALLINT, plays INT)
""")

staging_events_copy = ("""
copy staging_events from '{}'
credentials 'aws_iam_role={}'
region 'us-west-2' compupdate off statupdate off
format as json '{}'
timeformat as 'epochmillisecs'
""").format(config['S3']['LOG_DATA'], config['IAM_ROLE']['ARN'], config['S3']['LOG_JSONPATH'])

time_table_insert = ("""
INSERT INTO time
SELECT DISTINCT ts,
       EXTRACT(hour FROM ts), EXTRACT(h FROM ts), EXTRACT(hr FROM ts), EXTRACT(hrs FROM ts), DATE_PART(hours, ts),
       EXTRACT(DAY FROM ts), EXTRACT(d FROM ts), DATE_PART('day', ts),
       EXTRACT(week FROM ts), EXTRACT(weeks FROM ts), EXTRACT(w FROM ts), DATE_PART(w, ts), DATE_PART('week', ts),
       EXTRACT(month FROM ts), EXTRACT(mon FROM ts), DATE_PART('mons', ts),
       EXTRACT(year FROM ts), EXTRACT(y FROM ts), DATE_PART(yr, ts),
       EXTRACT(weekday FROM ts),
       EXTRACT(dayofweek FROM ts),
       EXTRACT(dow FROM ts),
       EXTRACT(DW FROM ts),
       DATE_PART(dow, ts),
       DATE_PART('dow', ts),
       DATE_PART("weekday", ts),
       DATE_PART(dayofweek, ts),
       date_part('dw', ts)::smallint,
       CAST(DATE_PART(weekday, ts) AS SMALLINT)
  FROM staging_events
 WHERE page = 'NextSong'
""")

calendar_table_insert = ("""
INSERT INTO calendar
SELECT EXTRACT(yrs FROM ts), EXTRACT(months FROM ts), EXTRACT(days FROM ts), EXTRACT(weekday FROM ts), COUNT(*)
  FROM staging_events
 WHERE page = 'NextSong'
 GROUP BY 1, 2, 3, 4
 ORDER BY 3
""")

create_table_queries = [staging_events_table_create, time_table_create, calendar_table_create]
drop_table_queries = [staging_events_table_drop, time_table_drop, calendar_table_drop]
copy_table_queries = [staging_events_copy]
insert_table_queries = [time_table_insert, calendar_table_insert]
