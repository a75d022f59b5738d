import argparse
import configparser

from .operators import HasRows, Load, StageToRedshift
from .sql import SqlQueries

parser = argparse.ArgumentParser()
parser.add_argument('--truncate', action='store_true')
truncate = parser.parse_args().truncate
config = configparser.ConfigParser()
config.read('dwh.cfg')
role, s3 = config['IAM_ROLE']['arn'], config['S3']

tasks = [
    StageToRedshift('sparkify.staging_events', s3['log_data'], role, json=s3['log_jsonpath']),
    StageToRedshift('sparkify.staging_songs', s3['song_data'], role),
    Load('sparkify.songplays', SqlQueries.songplay_table_insert.replace('staging_', 'sparkify.staging_'), truncate),
    Load('sparkify.users', SqlQueries.user_table_insert.replace('staging_', 'sparkify.staging_'), truncate),
    Load('sparkify.songs', SqlQueries.song_table_insert.replace('staging_', 'sparkify.staging_'), truncate),
    Load('sparkify.artists', SqlQueries.artist_table_insert.replace('staging_', 'sparkify.staging_'), truncate),
    Load('sparkify."time"', SqlQueries.time_table_insert.replace('songplays', 'sparkify.songplays'), truncate),
    HasRows('sparkify.songplays', 'sparkify.users', 'sparkify.songs', 'sparkify.artists', 'sparkify.time'),
]
for task in tasks:
    print('running', type(task).__name__)
    task.execute()
