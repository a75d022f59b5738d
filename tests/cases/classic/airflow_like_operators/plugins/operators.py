import logging

from .hook import PostgresHook

log = logging.getLogger('airflow.task')


class StageToRedshiftOperator:
    copy_sql = """
        COPY {}
        FROM '{}'
        ACCESS_KEY_ID '{}'
        SECRET_ACCESS_KEY '{}'
        REGION '{}'
        TIMEFORMAT as 'epochmillisecs'
        TRUNCATECOLUMNS BLANKSASNULL EMPTYASNULL
        FORMAT AS JSON '{}'
    """

    def __init__(self, task_id, table, s3_bucket, s3_key, json_path='auto', region='us-west-2'):
        self.task_id, self.table, self.json_path, self.region = task_id, table, json_path, region
        self.s3_path = 's3://{}/{}'.format(s3_bucket, s3_key)

    def execute(self, context):
        redshift = PostgresHook(postgres_conn_id='redshift')
        aws = context['aws']
        log.info('Clearing data from destination Redshift table')
        redshift.run('DELETE FROM {}'.format(self.table))
        log.info('Copying data from S3 to Redshift')
        path = self.s3_path.format(**context)
        redshift.run(self.copy_sql.format(self.table, path, aws['key'], aws['secret'], self.region, self.json_path))


class LoadFactOperator:
    def __init__(self, task_id, table, columns, sql):
        self.task_id, self.table, self.columns, self.sql = task_id, table, columns, sql

    def execute(self, context):
        PostgresHook('redshift').run('INSERT INTO {} ({}) {}'.format(self.table, ', '.join(self.columns), self.sql))


class LoadDimensionOperator:
    def __init__(self, task_id, table, sql, append=False):
        self.task_id, self.table, self.sql, self.append = task_id, table, sql, append

    def execute(self, context):
        truncate = [] if self.append else ['TRUNCATE TABLE {}'.format(self.table)]
        PostgresHook('redshift').run(truncate + ['INSERT INTO {} {}'.format(self.table, self.sql)])


class DataQualityOperator:
    def __init__(self, task_id, checks):
        self.task_id, self.checks = task_id, checks

    def execute(self, context):
        for check in self.checks:
            records = PostgresHook('redshift').get_records(check['sql'])
            if len(records) < 1 or len(records[0]) < 1:
                raise ValueError('no result: {}'.format(check['sql']))
            if records[0][0] != check['expected']:
                raise ValueError('{} gave {}'.format(check['sql'], records[0][0]))
            log.info('passed: %s', check['sql'])
