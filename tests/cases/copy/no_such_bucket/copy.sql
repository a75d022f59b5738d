COPY t FROM 's3://missing/data' IAM_ROLE 'arn:aws:iam::123456789012:role/reader' JSON 'auto';
