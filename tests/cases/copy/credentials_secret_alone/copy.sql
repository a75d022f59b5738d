COPY t FROM 's3://bucket/data' SECRET_ACCESS_KEY 's' JSON 'auto';
