COPY t FROM 's3://bucket/data' IAM_ROLE DEFAULT JSON 'auto';
