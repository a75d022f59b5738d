COPY t FROM 's3://bucket/data' IAM_ROLE 'arn:aws:iam::123456789012:role/reader' FIXEDWIDTH AS 'a: 3, b: 5, c: 3' TRIMBLANKS;
