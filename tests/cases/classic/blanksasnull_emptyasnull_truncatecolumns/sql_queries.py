import configparser

config = configparser.ConfigParser()
config.read('dwh.cfg')

LOG_DATA      = config.get("S3", "LOG_DATA")
LOG_JSONPATH  = config.get("S3", "LOG_JSONPATH")
SONG_DATA     = config.get("S3", "SONG_DATA")
REGION        = config.get("S3", "REGION")
ARN           = config.get("IAM_ROLE", "ARN")

drop_tables_sql = "DROP TABLE IF EXISTS {} CASCADE"

staging_events_table_create = """
    CREATE TABLE IF NOT EXISTS staging_events (
        artist          VARCHAR(100),
        auth            VARCHAR(10),
        first_name      VARCHAR(10),
        gender          CHAR(1),
        item_in_session INT,
        last_name       VARCHAR(10),
        length          FLOAT,
        level           CHAR(4),
        location        VARCHAR(20),
        method          CHAR(3),
        page            VARCHAR(20),
        registration    FLOAT,
        session_id      INT,
        song            VARCHAR(100),
        status          INT,
        start_time      TIMESTAMP,
        user_agent      VARCHAR(40),
        user_id         INT
    );
"""

staging_songs_table_create = """
    CREATE TABLE IF NOT EXISTS staging_songs (
        num_songs        INT,
        artist_id        CHAR(18),
        artist_latitude  FLOAT,
        artist_longitude FLOAT,
        artist_location  VARCHAR(20),
        artist_name      VARCHAR(100),
        song_id          CHAR(18),
        title            VARCHAR(100),
        duration         FLOAT,
        year             INT
    );
"""

songplay_table_create = """
    CREATE TABLE IF NOT EXISTS songplays (
        songplay_id INT       IDENTITY(0,1) NOT NULL,
        start_time  TIMESTAMP NOT NULL,
        user_id     INT       NOT NULL,
        level       CHAR(4)   NOT NULL,
        song_id     CHAR(18)  NOT NULL,
        artist_id   CHAR(18)  NOT NULL,
        session_id  INT       NOT NULL,
        location    VARCHAR(20),
        user_agent  VARCHAR(40),
        PRIMARY KEY (songplay_id)
    ) DISTKEY (artist_id) SORTKEY (start_time, session_id);
"""

user_table_create = """
    CREATE TABLE IF NOT EXISTS users (
        user_id INT NOT NULL, first_name VARCHAR(10) NOT NULL, last_name VARCHAR(10) NOT NULL, gender CHAR(1),
        level CHAR(4) NOT NULL, PRIMARY KEY (user_id)
    ) SORTKEY (user_id);
"""

song_table_create = """
    CREATE TABLE IF NOT EXISTS songs (
        song_id CHAR(18) NOT NULL, title VARCHAR(100) NOT NULL, artist_id CHAR(18) NOT NULL, year INT,
        duration FLOAT NOT NULL, PRIMARY KEY (song_id)
    ) SORTKEY (song_id);
"""

artist_table_create = """
    CREATE TABLE IF NOT EXISTS artists (
        artist_id CHAR(18) NOT NULL, name VARCHAR(100) NOT NULL, location VARCHAR(20), latitude FLOAT,
        longitude FLOAT, PRIMARY KEY (artist_id)
    ) DISTKEY (artist_id) SORTKEY (artist_id);
"""

time_table_create = """
    CREATE TABLE IF NOT EXISTS time (
        start_time TIMESTAMP NOT NULL, hour INT NOT NULL, day INT NOT NULL, week INT NOT NULL, month INT NOT NULL,
        year INT NOT NULL, weekday INT NOT NULL, PRIMARY KEY (start_time)
    ) SORTKEY (start_time);
"""

staging_events_copy = """
    COPY staging_events FROM {}
    iam_role {}
    region {}
    FORMAT AS JSON {}
    timeformat 'epochmillisecs'
    TRUNCATECOLUMNS BLANKSASNULL EMPTYASNULL;
""".format(LOG_DATA, ARN, REGION, LOG_JSONPATH)

staging_songs_copy = """
    COPY staging_songs FROM {}
    iam_role {}
    region {}
    FORMAT AS JSON 'auto'
    TRUNCATECOLUMNS BLANKSASNULL EMPTYASNULL;
""".format(SONG_DATA, ARN, REGION)

songplay_table_insert = """
    INSERT INTO songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
    SELECT DISTINCT se.start_time, se.user_id, se.level, ss.song_id, ss.artist_id, se.session_id, se.location, se.user_agent
    FROM staging_events se
    INNER JOIN staging_songs ss
        ON se.song = ss.title AND se.artist = ss.artist_name AND se.length = ss.duration
    WHERE se.page = 'NextSong';
"""

user_table_insert = """
    INSERT INTO users (user_id, first_name, last_name, gender, level)
    SELECT DISTINCT user_id, first_name, last_name, gender, level
    FROM staging_events
    WHERE user_id IS NOT NULL;
"""

song_table_insert = """
    INSERT INTO songs (song_id, title, artist_id, year, duration)
    SELECT DISTINCT song_id, title, artist_id, year, duration
    FROM staging_songs;
"""

artist_table_insert = """
    INSERT INTO artists (artist_id, name, location, latitude, longitude)
    SELECT DISTINCT artist_id, artist_name, artist_location, artist_latitude, artist_longitude
    FROM staging_songs;
"""

time_table_insert = """
    INSERT INTO time (start_time, hour, day, week, month, year, weekday)
    SELECT DISTINCT start_time,
           EXTRACT(hour FROM start_time),
           EXTRACT(day FROM start_time),
           EXTRACT(week FROM start_time),
           EXTRACT(month FROM start_time),
           EXTRACT(year FROM start_time),
           EXTRACT(weekday FROM start_time)
    FROM songplays;
"""

drop_table_queries = [drop_tables_sql.format(table) for table in
                      ('staging_events', 'staging_songs', 'songplays', 'users', 'songs', 'artists', 'time')]
create_table_queries = [staging_events_table_create, staging_songs_table_create, songplay_table_create,
                        user_table_create, song_table_create, artist_table_create, time_table_create]
copy_table_queries = [staging_events_copy, staging_songs_copy]
insert_table_queries = [songplay_table_insert, user_table_insert, song_table_insert, artist_table_insert,
                        time_table_insert]
