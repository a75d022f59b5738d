COPY t FROM 's3://bucket/data' CREDENTIALS 'aws_iam_role=arn:aws:iam::1:role/a
' JSON 'auto';
