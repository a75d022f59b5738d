COPY t FROM 's3://bucket/data' WITH CREDENTIALS AS 'aws_access_key_id=AKIAX;aws_secret_access_key=never/to+be=shown' JSON 'auto';
