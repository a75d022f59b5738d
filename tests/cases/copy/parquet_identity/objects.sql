COPY (SELECT 9::INTEGER) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
