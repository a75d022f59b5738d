COPY t FROM 's3://bucket/nothing/here' IAM_ROLE 'arn:aws:iam::123456789012:role/reader' JSON 'auto';
