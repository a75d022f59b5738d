"""The DAG without Airflow: python dag.py TASK... runs the tasks in order."""
import logging
import sys

from plugins import (DataQualityOperator, LoadDimensionOperator, LoadFactOperator, PostgresHook,
                     StageToRedshiftOperator)

logging.basicConfig(level=logging.INFO, format='[%(asctime)s] {%(module)s} %(message)s')

CONTEXT = {'aws': {'key': 'AKIAIOSFODNN7EXAMPLE', 'secret': 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'},
           'year': 2018, 'month': 11}


class CreateTablesOperator:
    task_id = 'create_tables'

    def execute(self, context):
        with open('create_tables.sql') as f:
            PostgresHook('redshift').run(f.read(), autocommit=True)


TASKS = [
    CreateTablesOperator(),
    StageToRedshiftOperator('stage_events', 'staging_events', 'udacity-dend', 'log_data/{year}/{month:02}/',
                            's3://udacity-dend/log_json_path.json'),
    StageToRedshiftOperator('stage_songs', 'public.staging_songs', 'udacity-dend', 'song_data/A/I'),
    LoadFactOperator('load_songplays', 'songplays',
                     ['playid', 'start_time', 'userid', '"level"', 'songid', 'artistid', 'sessionid', 'location',
                      'user_agent'], """
        SELECT md5(events.sessionid || events.start_time) songplay_id, events.start_time, events.userid, events.level,
               songs.song_id, songs.artist_id, events.sessionid, events.location, events.useragent
        FROM (SELECT TIMESTAMP 'epoch' + ts/1000 * interval '1 second' AS start_time, *
              FROM staging_events
              WHERE page='NextSong') events
        LEFT JOIN staging_songs songs
          ON events.song = songs.title AND events.artist = songs.artist_name AND events.length = songs.duration
     """),
    LoadDimensionOperator('load_users', 'users', """
        SELECT distinct userid, firstname, lastname, gender, level FROM staging_events WHERE page='NextSong'
     """),
    LoadDimensionOperator('load_songs', 'songs', """
        SELECT distinct song_id, title, artist_id, year, duration FROM staging_songs
     """),
    LoadDimensionOperator('load_time', '"time"', """
        SELECT start_time, extract(hour from start_time), extract(day from start_time), extract(week from start_time),
               extract(month from start_time), extract(year from start_time), extract(dayofweek from start_time)
        FROM songplays
     """),
    DataQualityOperator('quality', [
        {'sql': 'SELECT COUNT(*) FROM users WHERE userid IS NULL', 'expected': 0},
        {'sql': 'SELECT COUNT(*) FROM songs WHERE title IS NULL', 'expected': 0},
        {'sql': 'SELECT COUNT(DISTINCT "level") FROM public.songplays', 'expected': 2},
    ]),
]

if __name__ == '__main__':
    wanted = sys.argv[1:]
    for task in TASKS:
        if not wanted or task.task_id in wanted:
            logging.info('task %s', task.task_id)
            task.execute(CONTEXT)
