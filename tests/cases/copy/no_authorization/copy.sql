COPY t FROM 's3://bucket/data'  JSON 'auto';
