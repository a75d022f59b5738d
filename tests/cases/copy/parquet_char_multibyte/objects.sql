COPY (SELECT 'é' a) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
