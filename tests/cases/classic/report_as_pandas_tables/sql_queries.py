import configparser
config = configparser.ConfigParser()
config.read('dwh.cfg')

# "user" is a reserved word, so it must be quoted everywhere
drop_table_queries = ['DROP TABLE IF EXISTS staging_events', 'DROP TABLE IF EXISTS staging_songs',
                      'DROP TABLE IF EXISTS songplay', 'DROP TABLE IF EXISTS "user"']
create_table_queries = ["""
CREATE TABLE staging_events ("artist" TEXT, "auth" TEXT, "first_name" TEXT, "gender" TEXT, "item" INT, "last_name" TEXT,
    "length" FLOAT, "level" TEXT, "location" TEXT, "method" TEXT, "page" TEXT, "registration" FLOAT, "session_id" INT,
    "song" TEXT, "status" INT, "ts" TIMESTAMP, "user_agent" TEXT, "user_id" INT)
""", """
CREATE TABLE staging_songs ("num_songs" INT, "artist_id" TEXT, "artist_latitude" FLOAT, "artist_longitude" FLOAT,
    "artist_location" TEXT, "artist_name" TEXT, "song_id" TEXT, "title" TEXT, "duration" FLOAT, "year" INT)
""", """
CREATE TABLE songplay ("songplay_id" BIGINT IDENTITY(0, 1), "start_time" TIMESTAMP, "user_id" INT, "level" TEXT,
    "song" TEXT, "artist" TEXT, "session_id" INT, "location" TEXT)
""", """
CREATE TABLE "user" ("user_id" INT, "name" TEXT, "gender" TEXT, "level" TEXT)
"""]
copy_table_queries = [f"""
COPY staging_events FROM '{config['S3']['LOG_DATA']}' CREDENTIALS 'aws_iam_role={config['IAM_ROLE']['ARN']}'
REGION 'us-west-2' TIMEFORMAT AS 'epochmillisecs' FORMAT AS JSON '{config['S3']['LOG_JSONPATH']}'
""", f"""
COPY staging_songs FROM '{config['S3']['SONG_DATA']}' CREDENTIALS 'aws_iam_role={config['IAM_ROLE']['ARN']}'
REGION 'us-west-2' FORMAT AS JSON 'auto'
"""]
insert_table_queries = ["""
INSERT INTO songplay (start_time, user_id, level, song, artist, session_id, location)
SELECT ts, user_id, level, song, artist, session_id, location FROM staging_events WHERE page = 'NextSong' ORDER BY ts
""", """
INSERT INTO "user" (user_id, name, gender, level)
SELECT DISTINCT e.user_id, e.first_name || ' ' || e.last_name, e.gender, e.level
FROM staging_events e JOIN (SELECT user_id, MAX(ts) AS ts FROM staging_events WHERE page = 'NextSong' GROUP BY 1) latest
  ON e.user_id = latest.user_id AND e.ts = latest.ts AND e.page = 'NextSong'
"""]
