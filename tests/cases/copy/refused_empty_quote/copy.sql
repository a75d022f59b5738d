COPY t FROM 's3://bucket/data' IAM_ROLE 'arn:aws:iam::123456789012:role/reader' CSV QUOTE '';
