COPY t FROM 's3://bucket/list' IAM_ROLE default MANIFEST JSON 's3://bucket/paths' ENCODING UTF16 GZIP IGNOREHEADER 1;
