import configparser


# CONFIG
config = configparser.ConfigParser()
config.read('dwh.cfg')

user_table_create = ("""CREATE TABLE IF NOT EXISTS users (
    user_id int PRIMARY KEY, first_name varchar, last_name varchar, gender varchar, level varchar
)""")

songplay_table_create = ("""CREATE TABLE IF NOT EXISTS songplays (
    songplay_id SERIAL PRIMARY KEY,
    start_time timestamp NOT NULL,
    user_id int NOT NULL REFERENCES users (user_id),
    level varchar,
    song_id varchar,
    artist_id varchar,
    session_id int,
    location varchar,
    user_agent varchar
)""")

create_table_queries = [user_table_create, songplay_table_create]
drop_table_queries = ["DROP TABLE IF EXISTS songplays", "DROP TABLE IF EXISTS users"]
