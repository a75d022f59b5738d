COPY t FROM 's3://bucket/data' IAM_ROLE 'arn:aws:iam::123456789012:role/reader' FIXEDWIDTH 'id:3,name:5,2:3';
