from .hook import RedshiftHook


class StageToRedshift:
    copy_sql = """
        COPY {}
        FROM '{}'
        IAM_ROLE '{}'
        REGION '{}'
        {}
    """

    def __init__(self, table, s3_path, role, json='auto', region='us-west-2'):
        self.table, self.s3_path, self.role, self.json, self.region = table, s3_path, role, json, region

    def execute(self):
        redshift = RedshiftHook('CLUSTER')
        redshift.run('DELETE FROM {}'.format(self.table))
        redshift.run(self.copy_sql.format(self.table, self.s3_path, self.role, self.region, f"FORMAT AS JSON '{self.json}'"))


class Load:
    def __init__(self, table, sql, truncate):
        self.table, self.sql, self.truncate = table, sql, truncate

    def execute(self):
        redshift = RedshiftHook('CLUSTER')
        if self.truncate:
            redshift.run(f'TRUNCATE TABLE {self.table}')
        redshift.run(f'INSERT INTO {self.table} {self.sql}')


class HasRows:
    def __init__(self, *tables):
        self.tables = tables

    def execute(self):
        for table in self.tables:
            records = RedshiftHook('CLUSTER').get_records(f'SELECT COUNT(*) FROM {table}')
            if len(records) < 1 or len(records[0]) < 1:
                raise ValueError(f'Data quality check failed. {table} returned no results')
            if records[0][0] < 1:
                raise ValueError(f'Data quality check failed. {table} contained 0 rows')
            print(f'Data quality on table {table} check passed with {records[0][0]} records')
