import configparser


# CONFIG
config = configparser.ConfigParser()
config.read('dwh.cfg')

songplay_table_create = ("""
CREATE TABLE IF NOT EXISTS songplays (
    songplay_id BIGINT IDENTITY(0,1),
    start_time TIMESTAMP,
    user_id INTEGER,
    song_id VARCHAR
)
DISTSTYLE KEY
DISTKEY (song_id, user_id)
SORTKEY (start_time, song_id)
""")

create_table_queries = [songplay_table_create]
drop_table_queries = ["DROP TABLE IF EXISTS songplays"]
