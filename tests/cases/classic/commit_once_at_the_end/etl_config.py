# Configuration as a module, it is in .gitignore
REDSHIFT = dict(
    host='dwhcluster.cabcdefghijk.us-west-2.redshift.amazonaws.com',
    user='dwhuser',
    password='Passw0rd',
    dbname='dwh',
    port='5439',
)
DWH_ROLE_ARN = 'arn:aws:iam::123456789012:role/dwhRole'
EVENTS, EVENTS_JSONPATHS = 's3://udacity-dend/log_data/2018/11', 's3://udacity-dend/log_json_path.json'
SONGS = 's3://udacity-dend/song_data/A'
