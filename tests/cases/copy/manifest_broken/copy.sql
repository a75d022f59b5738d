COPY t FROM 's3://bucket/list' IAM_ROLE 'arn:aws:iam::123456789012:role/reader' MANIFEST JSON 'auto';
