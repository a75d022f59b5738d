COPY t FROM 's3://bucket/dat*' IAM_ROLE 'arn:aws:iam::123456789012:role/reader' JSON 'auto';
