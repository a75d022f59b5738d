import configparser
config = configparser.ConfigParser()
config.read('dwh.cfg')

drop_all = """
BEGIN;
DROP TABLE IF EXISTS songplays;
DROP TABLE IF EXISTS users; DROP TABLE IF EXISTS songs; DROP TABLE IF EXISTS artists;
DROP TABLE IF EXISTS staging_events, staging_songs, load_log;
END;
"""

create_all = """
/* staging; exactly as the files have it */
CREATE TABLE staging_events (
  artist VARCHAR, auth VARCHAR, firstName VARCHAR, gender VARCHAR, itemInSession INT, lastName VARCHAR, length FLOAT,
  level VARCHAR, location VARCHAR, method VARCHAR, page VARCHAR, registration FLOAT, sessionId INT, song VARCHAR,
  status INT, ts BIGINT, userAgent VARCHAR, userId INT);
CREATE TABLE staging_songs (
  num_songs INT, artist_id VARCHAR, artist_latitude FLOAT, artist_longitude FLOAT, artist_location VARCHAR,
  artist_name VARCHAR, song_id VARCHAR, title VARCHAR, duration FLOAT, year INT);

-- dimensions; then the fact
CREATE TABLE users (user_id INT PRIMARY KEY, first_name VARCHAR, last_name VARCHAR, gender VARCHAR(1), level VARCHAR(4));
CREATE TABLE songs (song_id VARCHAR PRIMARY KEY, title VARCHAR, artist_id VARCHAR, year INT, duration FLOAT);
CREATE TABLE artists (artist_id VARCHAR PRIMARY KEY, name VARCHAR, location VARCHAR, latitude FLOAT, longitude FLOAT);
CREATE TABLE songplays (
  songplay_id BIGINT IDENTITY(1,1) PRIMARY KEY, start_time TIMESTAMP, user_id INT, level VARCHAR(4), song_id VARCHAR,
  artist_id VARCHAR, session_id INT, location VARCHAR, user_agent VARCHAR);
CREATE TABLE load_log (step INT, note VARCHAR(100));
"""

stage = """
COPY staging_events FROM '{LOG_DATA}' CREDENTIALS 'aws_iam_role={ARN}' REGION 'us-west-2' JSON '{LOG_JSONPATH}';
COPY staging_songs FROM '{SONG_DATA}' CREDENTIALS 'aws_iam_role={ARN}' REGION 'us-west-2' JSON 'auto';
INSERT INTO load_log VALUES (1, 'staged');
""".format(ARN=config['IAM_ROLE']['ARN'], **{key.upper(): value for key, value in config['S3'].items()})

load_dimensions = """
BEGIN TRANSACTION;

CREATE TEMP TABLE tmp_users AS
SELECT userId, firstName, lastName, gender, level,
       ROW_NUMBER() OVER (PARTITION BY userId ORDER BY ts DESC) AS newest
FROM staging_events WHERE page = 'NextSong';
DELETE FROM users USING tmp_users WHERE users.user_id = tmp_users.userId;
INSERT INTO users SELECT userId, firstName, lastName, gender, level FROM tmp_users WHERE newest = 1;
DROP TABLE tmp_users;
INSERT INTO load_log VALUES (3, 'users; the latest level wins -- always');

INSERT INTO songs SELECT DISTINCT song_id, title, artist_id, year, duration FROM staging_songs;
INSERT INTO artists
SELECT artist_id, MIN(artist_name), MAX(artist_location), MAX(artist_latitude), MAX(artist_longitude)
FROM staging_songs GROUP BY artist_id;
INSERT INTO load_log (note, step) VALUES ('songs, artists', 2);

END TRANSACTION;
"""

load_facts = """
BEGIN;
INSERT INTO songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
SELECT TIMESTAMP 'epoch' + e.ts/1000 * INTERVAL '1 second', e.userId, e.level, s.song_id, s.artist_id, e.sessionId,
       e.location, e.userAgent
FROM staging_events e
LEFT JOIN songs s ON s.title = e.song AND s.duration = e.length
WHERE e.page = 'NextSong';
INSERT INTO load_log SELECT 4, 'songplays: ' || COUNT(*) FROM songplays;
COMMIT;
"""
