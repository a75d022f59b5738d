import configparser

config = configparser.ConfigParser()
config.read('dwh.cfg')

ROLE = config['IAM_ROLE']['ARN']
S3 = dict(config['S3'])

drop_table_queries = ['DROP TABLE IF EXISTS %s' % t for t in
                      ('staging_events', 'dim_state', 'dim_agent', 'fact_play', 'plays_by_region')]

create_table_queries = [
    '''
    CREATE TABLE staging_events (
        artist VARCHAR, auth VARCHAR, first_name VARCHAR, gender VARCHAR, item INT, last_name VARCHAR, length FLOAT,
        level VARCHAR, location VARCHAR, method VARCHAR, page VARCHAR, registration FLOAT, session_id INT, song VARCHAR,
        status INT, ts BIGINT, user_agent VARCHAR, user_id INT
    )''',
    '''
    CREATE TABLE dim_state (
        state CHAR(2) PRIMARY KEY, name VARCHAR(50), region VARCHAR(20), population INT, country CHAR(2) DEFAULT 'US'
    ) DISTSTYLE ALL SORTKEY (state)''',
    'CREATE TABLE dim_agent (pattern VARCHAR(20), family VARCHAR(20), mobile BOOLEAN) DISTSTYLE ALL',
    '''
    CREATE TABLE fact_play (
        play_id BIGINT IDENTITY(1,1), start_time TIMESTAMP SORTKEY, user_id INT DISTKEY, level VARCHAR, state CHAR(2),
        family VARCHAR(20)
    )''',
    'CREATE TABLE plays_by_region (region VARCHAR(20), plays INT)',
]

copy_table_queries = [
    '''
    COPY staging_events FROM '{log_data}' IAM_ROLE '{role}' JSON '{log_jsonpath}' REGION 'us-west-2'
    '''.format(role=ROLE, **S3),
    '''
    COPY dim_state (state, name, region, population)
    FROM '{regions}'
    IAM_ROLE '{role}'
    CSV
    IGNOREHEADER 1
    REGION 'us-west-2'
    '''.format(role=ROLE, **S3),
    '''
    COPY dim_agent
    FROM '{agents}'
    CREDENTIALS 'aws_iam_role={role}'
    DELIMITER '|' IGNOREHEADER AS 1
    REGION 'us-west-2'
    '''.format(role=ROLE, **S3),
]

insert_table_queries = [
    '''
    INSERT INTO fact_play (start_time, user_id, level, state, family)
    SELECT TIMESTAMP 'epoch' + e.ts/1000 * INTERVAL '1 second', e.user_id, e.level, s.state, a.family
    FROM staging_events e
    LEFT JOIN dim_state s ON s.state = RIGHT(e.location, 2)
    LEFT JOIN dim_agent a ON CHARINDEX(a.pattern, e.user_agent) > 0
    WHERE e.page = 'NextSong'
    ''',
    '''
    INSERT INTO plays_by_region
    SELECT NVL(region, 'other'), COUNT(*) FROM fact_play LEFT JOIN dim_state USING (state) GROUP BY 1
    ''',
]
