COPY (SELECT 1::DECIMAL(29,2) num) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
