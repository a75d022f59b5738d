COPY (SELECT 1::FLOAT a) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
