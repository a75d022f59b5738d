COPY t FROM 's3://bucket/data' CREDENTIALS 'aws_access_key_id=AKIAX;aws_secret_access_key=never/to+be=shown;token=t==' JSON 'auto';
