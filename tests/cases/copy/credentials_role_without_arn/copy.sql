COPY t FROM 's3://bucket/data' CREDENTIALS 'aws_iam_role=' JSON 'auto';
