COPY t FROM 's3://bucket/data' IAM_ROLE default CREDENTIALS 'aws_iam_role=x' JSON 'auto';
