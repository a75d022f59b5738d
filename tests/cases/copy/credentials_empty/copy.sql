COPY t FROM 's3://bucket/data' CREDENTIALS '' JSON 'auto';
