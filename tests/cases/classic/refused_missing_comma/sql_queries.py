import configparser


# CONFIG
config = configparser.ConfigParser()
config.read('dwh.cfg')

time_table_create = ("""CREATE TABLE IF NOT EXISTS time (
    start_time TIMESTAMP PRIMARY KEY,
    hour INT,
    day INT,
    week INT,
    month INT,
    year INT
    weekday INT
)""")

create_table_queries = [time_table_create]
drop_table_queries = ["DROP TABLE IF EXISTS time"]
