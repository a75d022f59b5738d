import configparser


# CONFIG
config = configparser.ConfigParser()
config.read('dwh.cfg')

songplay_table_create = """CREATE TABLE IF NOT EXISTS songplays (
    songplay_id int IDENTITY(0,1) PRIMARY KEY, start_time timestamp, user_id int REFERENCES users (user_id), level varchar)"""
user_table_create = """CREATE TABLE IF NOT EXISTS users (user_id int PRIMARY KEY, first_name varchar, last_name varchar)"""

create_table_queries = [songplay_table_create, user_table_create]
drop_table_queries = ["DROP TABLE IF EXISTS songplays", "DROP TABLE IF EXISTS users"]
