from db import execute

execute(
    "copy staging_events from '{log_data}' iam_role '{arn}' json '{log_jsonpath}' region 'us-west-2'",
    "insert into users select distinct userid, firstname || ' ' || lastname from staging_events where auth = 'Logged In'",
    "insert into guests select distinct userid, firstname || ' ' || lastname from staging_events where auth = 'Guest'",
)
