COPY t FROM 's3://bucket/data' SESSION_TOKEN 't' JSON 'auto';
