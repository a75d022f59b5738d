COPY (SELECT 1::INTEGER) TO '$ROOT/bucket/y.parquet' (FORMAT parquet);
