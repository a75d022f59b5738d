import configparser

config = configparser.ConfigParser()
config.read('dwh.cfg')

drop_table_queries = ["DROP TABLE IF EXISTS staging_songs"]
create_table_queries = ["""
CREATE TABLE staging_songs (
    num_songs INTEGER, artist_id CHAR(18), artist_latitude FLOAT, artist_longitude FLOAT, artist_location VARCHAR,
    artist_name VARCHAR(176), song_id CHAR(18), title VARCHAR(173), duration FLOAT, year INTEGER
)
"""]
copy_table_queries = ["""
COPY staging_songs FROM {}
IAM_ROLE {}
REGION 'us-west-2'
JSON 'auto'
""".format(config['S3']['SONG_DATA'], config['IAM_ROLE']['ARN'])]
insert_table_queries = []
