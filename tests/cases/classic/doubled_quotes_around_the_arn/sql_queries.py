import configparser

config = configparser.ConfigParser()
config.read('dwh.cfg')

drop_table_queries = ["DROP TABLE IF EXISTS staging_songs"]

create_table_queries = ["""
CREATE TABLE IF NOT EXISTS staging_songs (
    num_songs int, artist_id varchar, artist_latitude float, artist_longitude float, artist_location varchar,
    artist_name varchar, song_id varchar, title varchar, duration float, year int
);
"""]

staging_songs_copy = ("""
copy staging_songs from {}
credentials 'aws_iam_role={}'
region 'us-west-2'
json 'auto';
""").format(config['S3']['SONG_DATA'], config['IAM_ROLE']['ARN'])

copy_table_queries = [staging_songs_copy]
insert_table_queries = []
