COPY t FROM 's3://bucket/list' IAM_ROLE default MANIFEST JSON 'auto';
