COPY t FROM 's3://bucket/data' IAM_ROLE default JSON 'auto';
