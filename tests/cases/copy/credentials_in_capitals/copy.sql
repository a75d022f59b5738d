COPY t FROM 's3://bucket/data' CREDENTIALS 'AWS_IAM_ROLE=arn:aws:iam::1:role/a' JSON 'auto';
