COPY t FROM 's3://bucket/data' WITH CREDENTIALS AS 'aws_iam_role=arn:aws:iam::1:role/x' JSON 'auto';
