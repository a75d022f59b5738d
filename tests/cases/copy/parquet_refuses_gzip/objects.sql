COPY (SELECT 1::INTEGER a) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
