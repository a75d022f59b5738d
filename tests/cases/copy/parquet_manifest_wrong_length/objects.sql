COPY (SELECT 1::INTEGER) TO '$ROOT/bucket/x.parquet' (FORMAT parquet);
