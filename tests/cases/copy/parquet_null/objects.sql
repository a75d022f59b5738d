COPY (SELECT 1::INTEGER a UNION ALL SELECT NULL) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
