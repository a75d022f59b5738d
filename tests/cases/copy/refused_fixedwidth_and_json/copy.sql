COPY t FROM 's3://bucket/data' IAM_ROLE default JSON 'auto' FIXEDWIDTH 'a:1,b:2';
