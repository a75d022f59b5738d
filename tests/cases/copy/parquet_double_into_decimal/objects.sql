COPY (SELECT 1::DOUBLE a) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
