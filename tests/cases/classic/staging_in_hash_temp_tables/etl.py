import configparser
import psycopg2

config = configparser.ConfigParser()
config.read('dwh.cfg')
arn = config.get('IAM_ROLE', 'ARN')

conn = psycopg2.connect("host={} dbname={} user={} password={} port={}".format(*config['CLUSTER'].values()))
cur = conn.cursor()

print('create tables')
cur.execute("""
CREATE TABLE IF NOT EXISTS users (user_id INT PRIMARY KEY, first_name VARCHAR, last_name VARCHAR, gender VARCHAR, level VARCHAR);
CREATE TABLE IF NOT EXISTS songs (song_id VARCHAR PRIMARY KEY, title VARCHAR, artist_id VARCHAR, year INT, duration FLOAT);
CREATE TABLE IF NOT EXISTS artists (artist_id VARCHAR PRIMARY KEY, name VARCHAR, location VARCHAR, latitude FLOAT, longitude FLOAT);
CREATE TABLE IF NOT EXISTS songplays (
    songplay_id INT IDENTITY(0,1) PRIMARY KEY, start_time TIMESTAMP NOT NULL, user_id INT NOT NULL, level VARCHAR,
    song_id VARCHAR, artist_id VARCHAR, session_id INT, location VARCHAR, user_agent VARCHAR,
    FOREIGN KEY (user_id) REFERENCES users (user_id));
""")
conn.commit()

print('stage')
cur.execute("""
CREATE TABLE #events (
    artist VARCHAR, auth VARCHAR, firstName VARCHAR, gender VARCHAR, itemInSession INT, lastName VARCHAR, length FLOAT,
    level VARCHAR, location VARCHAR, method VARCHAR, page VARCHAR, registration FLOAT, sessionId INT, song VARCHAR,
    status INT, ts BIGINT, userAgent VARCHAR, userId INT)
""")
cur.execute("CREATE TEMPORARY TABLE IF NOT EXISTS raw_songs (num_songs INT, artist_id VARCHAR, artist_latitude FLOAT, artist_longitude FLOAT, artist_location VARCHAR, artist_name VARCHAR, song_id VARCHAR, title VARCHAR, duration FLOAT, year INT)")
cur.execute(f"COPY #events FROM '{config['S3']['LOG_DATA']}' IAM_ROLE '{arn}' JSON '{config['S3']['LOG_JSONPATH']}' REGION 'us-west-2'")
cur.execute(f"COPY raw_songs FROM '{config['S3']['SONG_DATA']}' IAM_ROLE '{arn}' JSON 'auto ignorecase' REGION 'us-west-2'")

print('transform')
cur.execute("""
SELECT timestamp 'epoch' + ts/1000 * interval '1 second' AS start_time, userId, firstName, lastName, gender, level, song,
       artist, length, sessionId, location, userAgent
INTO #plays
FROM #events
WHERE page = 'NextSong'
""")
cur.execute("SELECT userId, MAX(start_time) AS latest INTO TEMP TABLE last_seen FROM #plays GROUP BY userId")
cur.execute("""
INSERT INTO users
SELECT DISTINCT #plays.userId, firstName, lastName, gender, level
FROM #plays INNER JOIN last_seen ON #plays.userId = last_seen.userId AND #plays.start_time = last_seen.latest
""")
cur.execute("INSERT INTO songs SELECT song_id, title, artist_id, year, duration FROM raw_songs")
cur.execute("""
INSERT INTO artists
SELECT artist_id, artist_name, artist_location, artist_latitude, artist_longitude
FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY artist_id ORDER BY year DESC, song_id) AS rn FROM raw_songs) ranked
WHERE rn = 1
""")
cur.execute("""
INSERT INTO songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
SELECT p.start_time, p.userId, p.level, s.song_id, s.artist_id, p.sessionId, p.location, p.userAgent
FROM #plays p
LEFT JOIN (SELECT song_id, title, duration, songs.artist_id, name FROM songs JOIN artists USING (artist_id)) s
       ON p.song = s.title AND p.artist = s.name AND p.length = s.duration
""")
conn.commit()

for table in ['#events', '#plays', 'raw_songs', 'users', 'songs', 'artists', 'songplays']:
    cur.execute('SELECT COUNT(*) FROM {}'.format(table))
    print(table, *cur.fetchone())
conn.close()
