COPY t FROM 's3://bucket/data' IAM_ROLE default FORMAT AS PARQUET NOLOAD;
