copy landing.events from '{log_data}' iam_role '{role}' json '{log_jsonpath}' region 'us-west-2';
copy landing.songs from '{song_data}' iam_role '{role}' json 'auto' region 'us-west-2';
