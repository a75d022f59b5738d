COPY t FROM 's3://bucket/data' IAM_ROLE 'arn:aws:iam::1:role/a,arn:aws:iam::2:role/b' JSON 'auto';
