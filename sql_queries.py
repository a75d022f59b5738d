"""Every SQL string of the warehouse, in the lists that create_tables.py and etl.py run, in order.

The SELECTs read the staging tables (and songplays, where they say so) and stand by themselves,
so that others can take them too. Sizes are in bytes of UTF-8: VARCHAR(512) for text whose longest value
is 177 bytes, so that COPY fails on rubbish and not on an unusually long title.
"""

from warehouse.config import current

settings = current()

# DROP TABLES: songplays first, because it refers to the others

songplay_table_drop = "DROP TABLE IF EXISTS songplays"
user_table_drop = "DROP TABLE IF EXISTS users"
song_table_drop = "DROP TABLE IF EXISTS songs"
artist_table_drop = "DROP TABLE IF EXISTS artists"
time_table_drop = "DROP TABLE IF EXISTS time"
staging_events_table_drop = "DROP TABLE IF EXISTS staging_events"
staging_songs_table_drop = "DROP TABLE IF EXISTS staging_songs"

# CREATE TABLES: encodings are left to Redshift (ENCODE AUTO), which sees the data.
# No BACKUP NO on staging: a paused cluster comes back without such tables.

# In the order of log_json_path.json, which COPY follows. user_id is "" in the logs where nobody is logged in:
# COPY makes that NULL in an INTEGER. registration is written as a float, 1540919166796.0.
# NOT NULL on what nothing works without: a key that is missing or misspelt fails in COPY, with file and line.
staging_events_table_create = """
CREATE TABLE staging_events (
    artist          VARCHAR(512),
    auth            VARCHAR(32),
    first_name      VARCHAR(128),
    gender          VARCHAR(8),
    item_in_session INTEGER,
    last_name       VARCHAR(128),
    length          DOUBLE PRECISION,
    level           VARCHAR(16),
    location        VARCHAR(512),
    method          VARCHAR(8),
    page            VARCHAR(64),
    registration    DOUBLE PRECISION,
    session_id      INTEGER,
    song            VARCHAR(512),
    status          INTEGER,
    ts              TIMESTAMP NOT NULL,
    user_agent      VARCHAR(1024),
    user_id         INTEGER
) DISTSTYLE EVEN
"""

# duration as DOUBLE PRECISION: the same digits give the same double in events and songs, so that the join finds them.
staging_songs_table_create = """
CREATE TABLE staging_songs (
    song_id          VARCHAR(18) NOT NULL,
    num_songs        INTEGER,
    title            VARCHAR(512),
    artist_name      VARCHAR(512),
    artist_latitude  DOUBLE PRECISION,
    year             INTEGER,
    duration         DOUBLE PRECISION,
    artist_id        VARCHAR(18) NOT NULL,
    artist_longitude DOUBLE PRECISION,
    artist_location  VARCHAR(512)
) DISTSTYLE EVEN
"""

# users, songs and artists are small beside the plays: a copy on every node makes each join with them local.
user_table_create = """
CREATE TABLE users (
    user_id    INTEGER NOT NULL PRIMARY KEY,
    first_name VARCHAR(128),
    last_name  VARCHAR(128),
    gender     VARCHAR(8),
    level      VARCHAR(16)
) DISTSTYLE ALL SORTKEY (user_id)
"""

artist_table_create = """
CREATE TABLE artists (
    artist_id VARCHAR(18) NOT NULL PRIMARY KEY,
    name      VARCHAR(512),
    location  VARCHAR(512),
    latitude  DOUBLE PRECISION,
    longitude DOUBLE PRECISION
) DISTSTYLE ALL SORTKEY (artist_id)
"""

song_table_create = """
CREATE TABLE songs (
    song_id   VARCHAR(18) NOT NULL PRIMARY KEY,
    title     VARCHAR(512),
    artist_id VARCHAR(18) REFERENCES artists (artist_id),
    year      INTEGER,
    duration  DOUBLE PRECISION
) DISTSTYLE ALL SORTKEY (song_id)
"""

# time has a row for nearly every play, so it lies beside them: with the same distribution and sort key
# the join between the two neither moves nor sorts a row.
time_table_create = """
CREATE TABLE time (
    start_time TIMESTAMP NOT NULL PRIMARY KEY,
    hour       SMALLINT  NOT NULL,
    day        SMALLINT  NOT NULL,
    week       SMALLINT  NOT NULL,
    month      SMALLINT  NOT NULL,
    year       SMALLINT  NOT NULL,
    weekday    SMALLINT  NOT NULL
) DISTKEY (start_time) SORTKEY (start_time)
"""

# Distributed by start_time, not by song_id: most plays match no song, and all those would lie on one slice.
# Sorted by it, because people ask for days and months.
songplay_table_create = """
CREATE TABLE songplays (
    songplay_id BIGINT      IDENTITY(1, 1) PRIMARY KEY,
    start_time  TIMESTAMP   NOT NULL REFERENCES time (start_time),
    user_id     INTEGER     REFERENCES users (user_id),
    level       VARCHAR(16),
    song_id     VARCHAR(18) REFERENCES songs (song_id),
    artist_id   VARCHAR(18) REFERENCES artists (artist_id),
    session_id  INTEGER,
    location    VARCHAR(512),
    user_agent  VARCHAR(1024)
) DISTKEY (start_time) SORTKEY (start_time)
"""

# STAGE. TRUNCATE rather than DELETE: it leaves no deleted rows for VACUUM. It also commits, so it comes before
# everything else: what it commits is only that staging is empty, and nobody reads staging.

staging_events_truncate = "TRUNCATE staging_events"
staging_songs_truncate = "TRUNCATE staging_songs"

staging_events_copy = f"""
COPY staging_events FROM '{settings.log_data}'
{settings.copy_authorization} {settings.copy_region}
FORMAT AS JSON '{settings.log_jsonpath}'
TIMEFORMAT 'epochmillisecs' COMPUPDATE OFF
"""

staging_songs_copy = f"""
COPY staging_songs FROM '{settings.song_data}'
{settings.copy_authorization} {settings.copy_region}
FORMAT AS JSON 'auto'
COMPUPDATE OFF
"""

# SELECT: one for each table of the star schema

# An event that was delivered twice is one play (DISTINCT); a song that is listed twice gives one row a play.
songplay_table_select = """
SELECT event.ts AS start_time, event.user_id, event.level, song.song_id, song.artist_id,
       event.session_id, event.location, event.user_agent
FROM (
    SELECT DISTINCT ts, user_id, level, session_id, item_in_session, song, artist, length, location, user_agent
    FROM staging_events
    WHERE page = 'NextSong'
) AS event
LEFT JOIN (
    SELECT title, artist_name, duration, song_id, artist_id,
           ROW_NUMBER() OVER (PARTITION BY title, artist_name, duration ORDER BY song_id, artist_id) AS choice
    FROM staging_songs
) AS song
    ON song.title = event.song AND song.artist_name = event.artist AND song.duration = event.length
    AND song.choice = 1
"""

# Everyone who has played, as their latest event has them. An event older than a play that is already in songplays
# comes from a file that arrived late: it says nothing about today's level.
user_table_select = """
SELECT event.user_id, event.first_name, event.last_name, event.gender, event.level
FROM (
    SELECT user_id, first_name, last_name, gender, level, ts,
           ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY ts DESC, session_id DESC, item_in_session DESC) AS choice
    FROM staging_events
    WHERE user_id IS NOT NULL
) AS event
JOIN (
    SELECT user_id, MAX(start_time) AS latest_play
    FROM songplays
    GROUP BY user_id
) AS played
    ON played.user_id = event.user_id AND played.latest_play <= event.ts
WHERE event.choice = 1
"""

song_table_select = """
SELECT song_id, title, artist_id, year, duration
FROM (
    SELECT song_id, title, artist_id, year, duration,
           ROW_NUMBER() OVER (PARTITION BY song_id ORDER BY title, artist_id, year, duration) AS choice
    FROM staging_songs
) AS song
WHERE choice = 1
"""

# Artists come once a song, under several names and places: the row with coordinates, then with a place,
# then with the shortest name ("Akon" rather than "Akon / Kardinal Offishall").
artist_table_select = """
SELECT artist_id, artist_name AS name, artist_location AS location,
       artist_latitude AS latitude, artist_longitude AS longitude
FROM (
    SELECT artist_id, artist_name, artist_location, artist_latitude, artist_longitude,
           ROW_NUMBER() OVER (
               PARTITION BY artist_id
               ORDER BY CASE WHEN artist_latitude IS NULL THEN 1 ELSE 0 END,
                        CASE WHEN artist_location IS NULL OR artist_location = '' THEN 1 ELSE 0 END,
                        LENGTH(artist_name), artist_name, song_id
           ) AS choice
    FROM staging_songs
) AS artist
WHERE choice = 1
"""

# week is the ISO week; weekday is Redshift's: Sunday = 0.
time_table_select = """
SELECT start_time,
       EXTRACT(hour FROM start_time) AS hour,
       EXTRACT(day FROM start_time) AS day,
       EXTRACT(week FROM start_time) AS week,
       EXTRACT(month FROM start_time) AS month,
       EXTRACT(year FROM start_time) AS year,
       EXTRACT(dayofweek FROM start_time) AS weekday
FROM (SELECT DISTINCT ts AS start_time FROM staging_events WHERE page = 'NextSong') AS play
"""

# INSERT: into tables that may hold earlier loads. EXCEPT takes two NULLs for equal, as `=` does not;
# a row of a dimension is touched only where it has changed, which leaves VACUUM next to nothing.

artist_table_delete = f"""
DELETE FROM artists WHERE artist_id IN (
    SELECT artist_id FROM (
        {artist_table_select}
        EXCEPT SELECT artist_id, name, location, latitude, longitude FROM artists
    ) AS changed
)
"""

artist_table_insert = f"""
INSERT INTO artists (artist_id, name, location, latitude, longitude)
{artist_table_select}
EXCEPT SELECT artist_id, name, location, latitude, longitude FROM artists
"""

song_table_delete = f"""
DELETE FROM songs WHERE song_id IN (
    SELECT song_id FROM (
        {song_table_select}
        EXCEPT SELECT song_id, title, artist_id, year, duration FROM songs
    ) AS changed
)
"""

song_table_insert = f"""
INSERT INTO songs (song_id, title, artist_id, year, duration)
{song_table_select}
EXCEPT SELECT song_id, title, artist_id, year, duration FROM songs
"""

# Songs of earlier loads that today's plays name and today's song files lack.
staging_songs_recall = """
INSERT INTO staging_songs (song_id, title, duration, year, artist_id, artist_name)
SELECT DISTINCT songs.song_id, songs.title, songs.duration, songs.year, artists.artist_id, artists.name
FROM songs
JOIN artists ON artists.artist_id = songs.artist_id
JOIN staging_events AS event
    ON event.song = songs.title AND event.artist = artists.name AND event.length = songs.duration
LEFT JOIN staging_songs AS staged ON staged.song_id = songs.song_id
WHERE staged.song_id IS NULL
"""

# A play is known again by who, when and in which session. Where several share all three (skipped within
# a millisecond) they are counted: nth is compared with how many of them are there.
songplay_table_insert = f"""
INSERT INTO songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
SELECT play.start_time, play.user_id, play.level, play.song_id, play.artist_id,
       play.session_id, play.location, play.user_agent
FROM (
    SELECT staged.*, ROW_NUMBER() OVER (PARTITION BY start_time, user_id, session_id ORDER BY song_id) AS nth
    FROM ({songplay_table_select}) AS staged
) AS play
LEFT JOIN (
    SELECT start_time, user_id, session_id, COUNT(*) AS plays
    FROM songplays
    GROUP BY start_time, user_id, session_id
) AS loaded
    ON loaded.start_time = play.start_time
    AND NVL(loaded.user_id, -1) = NVL(play.user_id, -1)
    AND NVL(loaded.session_id, -1) = NVL(play.session_id, -1)
WHERE play.nth > NVL(loaded.plays, 0)
"""

# Plays that were loaded before their song's file was.
songplay_table_update = f"""
UPDATE songplays SET song_id = play.song_id, artist_id = play.artist_id
FROM (
    SELECT start_time, user_id, session_id, MAX(song_id) AS song_id, MAX(artist_id) AS artist_id
    FROM ({songplay_table_select}) AS staged
    GROUP BY start_time, user_id, session_id
    HAVING COUNT(*) = 1
) AS play
WHERE songplays.start_time = play.start_time
    AND songplays.user_id = play.user_id
    AND songplays.session_id = play.session_id
    AND songplays.song_id IS NULL
    AND play.song_id IS NOT NULL
"""

user_table_delete = f"""
DELETE FROM users WHERE user_id IN (
    SELECT user_id FROM (
        {user_table_select}
        EXCEPT SELECT user_id, first_name, last_name, gender, level FROM users
    ) AS changed
)
"""

user_table_insert = f"""
INSERT INTO users (user_id, first_name, last_name, gender, level)
{user_table_select}
EXCEPT SELECT user_id, first_name, last_name, gender, level FROM users
"""

time_table_insert = f"""
INSERT INTO time (start_time, hour, day, week, month, year, weekday)
{time_table_select}
EXCEPT SELECT start_time, hour, day, week, month, year, weekday FROM time
"""

# How many rows the staging tables hold for a table, to tell how many of them were there already (optional list).
songplay_staged_count = f"SELECT 'songplays' AS table_name, COUNT(*) AS staged FROM ({songplay_table_select}) AS staged"

# LISTS

drop_table_queries = [
    songplay_table_drop,
    time_table_drop,
    song_table_drop,
    artist_table_drop,
    user_table_drop,
    staging_songs_table_drop,
    staging_events_table_drop,
]
create_table_queries = [
    staging_events_table_create,
    staging_songs_table_create,
    user_table_create,
    artist_table_create,
    song_table_create,
    time_table_create,
    songplay_table_create,
]
copy_table_queries = [
    staging_events_truncate,
    staging_songs_truncate,
    staging_events_copy,
    staging_songs_copy,
]
insert_table_queries = [
    artist_table_delete,
    artist_table_insert,
    song_table_delete,
    song_table_insert,
    staging_songs_recall,
    songplay_table_update,
    songplay_table_insert,
    user_table_delete,
    user_table_insert,
    time_table_insert,
]
count_staged_queries = [songplay_staged_count]
