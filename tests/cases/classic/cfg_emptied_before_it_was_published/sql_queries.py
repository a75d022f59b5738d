import configparser

config = configparser.ConfigParser()
config.read('dwh.cfg')

events_columns = [("artist", "varchar"), ("auth", "varchar"), ("first_name", "varchar"), ("gender", "varchar"),
                  ("item_in_session", "int"), ("last_name", "varchar"), ("length", "decimal(10, 5)"), ("level", "varchar"),
                  ("location", "varchar"), ("method", "varchar"), ("page", "varchar"), ("registration", "varchar"),
                  ("session_id", "int"), ("song", "varchar"), ("status", "int"), ("ts", "bigint"), ("user_agent", "varchar"),
                  ("user_id", "int")]
songs_columns = [("num_songs", "int"), ("artist_id", "varchar"), ("artist_latitude", "decimal(10, 5)"),
                 ("artist_longitude", "decimal(10, 5)"), ("artist_location", "varchar"), ("artist_name", "varchar"),
                 ("song_id", "varchar"), ("title", "varchar"), ("duration", "decimal(10, 5)"), ("year", "int")]


def create(table, columns, suffix=""):
    return "CREATE TABLE IF NOT EXISTS {} (\n    {}\n) {};".format(
        table, ",\n    ".join("{} {}".format(name, type_) for name, type_ in columns), suffix)


def drop(table):
    return "DROP TABLE IF EXISTS {};".format(table)


tables = ["staging_events", "staging_songs", "songplays", "users", "songs", "artists", "time"]
drop_table_queries = list(map(drop, tables))

create_table_queries = [
    create("staging_events", events_columns),
    create("staging_songs", songs_columns),
    create("songplays", [("songplay_id", "bigint identity(0, 1)"), ("start_time", "timestamp"), ("user_id", "int"),
                         ("level", "varchar"), ("song_id", "varchar"), ("artist_id", "varchar"), ("session_id", "int"),
                         ("location", "varchar"), ("user_agent", "varchar"), ("primary key", "(songplay_id)")],
           "distkey(song_id) sortkey(start_time)"),
    create("users", [("user_id", "int"), ("first_name", "varchar"), ("last_name", "varchar"), ("gender", "varchar"),
                     ("level", "varchar"), ("primary key", "(user_id)")], "diststyle all"),
    create("songs", [("song_id", "varchar"), ("title", "varchar"), ("artist_id", "varchar"), ("year", "int"),
                     ("duration", "decimal(10, 5)"), ("primary key", "(song_id)")], "distkey(song_id)"),
    create("artists", [("artist_id", "varchar"), ("name", "varchar"), ("location", "varchar"),
                       ("latitude", "decimal(10, 5)"), ("longitude", "decimal(10, 5)"), ("primary key", "(artist_id)")],
           "diststyle all"),
    create("time", [("start_time", "timestamp"), ("hour", "int"), ("day", "int"), ("week", "int"), ("month", "int"),
                    ("year", "int"), ("weekday", "int"), ("primary key", "(start_time)")], "sortkey(start_time)"),
]

copy_table_queries = [
    "COPY staging_events FROM '{}' IAM_ROLE '{}' FORMAT AS JSON '{}' REGION 'us-west-2';".format(
        config["S3"]["LOG_DATA"], config["IAM_ROLE"]["ARN"], config["S3"]["LOG_JSONPATH"]),
    "COPY staging_songs FROM '{}' CREDENTIALS 'aws_iam_role={}' FORMAT AS JSON 'auto' REGION 'us-west-2';".format(
        config["S3"]["SONG_DATA"], config["IAM_ROLE"]["ARN"]),
]

start_time = "timestamp 'epoch' + ts / 1000 * interval '1 second'"

insert_table_queries = [
    """
    INSERT INTO songplays (start_time, user_id, level, song_id, artist_id, session_id, location, user_agent)
    SELECT {}, user_id, level, song_id, artist_id, session_id, location, user_agent
    FROM staging_events, staging_songs
    WHERE page = 'NextSong' AND song = title AND artist = artist_name AND length = duration;
    """.format(start_time),
    """
    INSERT INTO users SELECT DISTINCT user_id, first_name, last_name, gender, level FROM staging_events
    WHERE page = 'NextSong';
    """,
    "INSERT INTO songs SELECT DISTINCT song_id, title, artist_id, year, duration FROM staging_songs;",
    """
    INSERT INTO artists
    SELECT DISTINCT artist_id, artist_name, artist_location, artist_latitude, artist_longitude FROM staging_songs;
    """,
    """
    INSERT INTO time
    SELECT DISTINCT {} AS start_time, EXTRACT(hour FROM start_time), EXTRACT(day FROM start_time),
           EXTRACT(week FROM start_time), EXTRACT(month FROM start_time), EXTRACT(year FROM start_time),
           EXTRACT(dayofweek FROM start_time)
    FROM staging_events WHERE page = 'NextSong';
    """.format(start_time),
]
