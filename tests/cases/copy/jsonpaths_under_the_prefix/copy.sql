COPY t FROM 's3://bucket/my_data' IAM_ROLE default JSON 's3://bucket/my_data.jsonpaths' MAXERROR 9;
