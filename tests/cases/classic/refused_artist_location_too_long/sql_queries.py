import configparser


# CONFIG
config = configparser.ConfigParser()
config.read('dwh.cfg')

staging_songs_table_create = """CREATE TABLE staging_songs (
    num_songs INTEGER, artist_id VARCHAR(20), artist_latitude FLOAT, artist_longitude FLOAT, artist_location VARCHAR(64),
    artist_name VARCHAR(256), song_id VARCHAR(20), title VARCHAR(256), duration FLOAT, year INTEGER)"""

staging_songs_copy = """COPY staging_songs FROM '{}' IAM_ROLE '{}' JSON 'auto' REGION 'us-west-2'
""".format(config['S3']['SONG_DATA'], config['IAM_ROLE']['ARN'])

create_table_queries = [staging_songs_table_create]
drop_table_queries = ["DROP TABLE IF EXISTS staging_songs"]
copy_table_queries = [staging_songs_copy]
insert_table_queries = []
