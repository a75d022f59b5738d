from configparser import ConfigParser

cfg = ConfigParser()
cfg.read('dwh.cfg')

drops = ['DROP TABLE IF EXISTS ' + t + ' CASCADE' for t in 'staging_events staging_songs songs songs_old songs_new users'.split()]

creates = [
    '''CREATE TABLE staging_events (artist VARCHAR, auth VARCHAR, first_name VARCHAR, gender VARCHAR, item SMALLINT,
        last_name VARCHAR, length REAL, level VARCHAR, location VARCHAR, method VARCHAR, page VARCHAR, registration VARCHAR,
        session_id VARCHAR, song VARCHAR, status VARCHAR, ts VARCHAR, user_agent VARCHAR, user_id VARCHAR)''',
    '''CREATE TABLE staging_songs (song_id VARCHAR, title VARCHAR, artist_id VARCHAR, artist_name VARCHAR, duration REAL,
        year VARCHAR) SORTKEY AUTO''',
    '''CREATE TABLE songs (song_id VARCHAR NOT NULL, title VARCHAR, artist_id VARCHAR, year INT, duration REAL)''',
    '''CREATE TABLE users (user_id INT, first_name VARCHAR, last_name VARCHAR, gender VARCHAR, level VARCHAR)''',
]

copies = [
    '''COPY staging_events FROM '%s' IAM_ROLE '%s' JSON '%s' ''' % (cfg['S3']['LOG_DATA'], cfg['IAM_ROLE']['ARN'], cfg['S3']['LOG_JSONPATH']),
    '''COPY staging_songs FROM '%s' IAM_ROLE '%s' JSON 'auto' ''' % (cfg['S3']['SONG_DATA'], cfg['IAM_ROLE']['ARN']),
]

inserts = [
    '''INSERT INTO songs SELECT song_id, title, artist_id, year::INT, duration FROM staging_songs''',
    '''INSERT INTO users SELECT DISTINCT user_id::INT, first_name, last_name, gender, level FROM staging_events
       WHERE page = 'NextSong' ''',
]

migrations = [
    # 1. a better sort key, and columns that are worked out
    '''CREATE TABLE songs_new DISTKEY(artist_id) SORTKEY(year) AS
       SELECT song_id, title, artist_id, year, duration, FLOOR(duration / 60)::INT AS minutes FROM songs''',
    '''ALTER TABLE songs RENAME TO songs_old''',
    '''ALTER TABLE songs_new RENAME TO songs''',
    '''ALTER TABLE songs ADD COLUMN source VARCHAR(20) DEFAULT 'million songs' ''',
    # 2. other names for people
    '''ALTER TABLE users RENAME COLUMN first_name TO given_name''',
    '''ALTER TABLE users RENAME COLUMN last_name TO family_name''',
    '''ALTER TABLE users ADD COLUMN full_name VARCHAR(128)''',
    '''UPDATE users SET full_name = given_name || ' ' || family_name''',
    '''ALTER TABLE users DROP COLUMN gender''',
    # 3. a copy with the same columns
    '''CREATE TABLE staging_songs_copy (LIKE staging_songs)''',
    '''INSERT INTO staging_songs_copy (SELECT * FROM staging_songs)''',
    '''DROP TABLE staging_songs''',
    '''ALTER TABLE staging_songs_copy RENAME TO staging_songs''',
]
