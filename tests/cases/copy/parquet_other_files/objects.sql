COPY (SELECT 1::INTEGER a) TO '$ROOT/bucket/data/1.parquet' (FORMAT parquet);
