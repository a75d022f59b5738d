COPY t FROM 's3://bucket/data' CREDENTIALS 'aws_access_key_id=k' JSON 'auto';
