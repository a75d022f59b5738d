COPY (SELECT 1::INTEGER a, 2::INTEGER b) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
