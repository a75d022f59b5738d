COPY t FROM 'emr://x/y' IAM_ROLE 'arn:aws:iam::123456789012:role/reader' JSON 'auto';
