COPY t FROM 's3://bucket/data' ACCESS_KEY_ID 'k' SECRET_ACCESS_KEY 's' SESSION_TOKEN 't' JSON 'auto';
