COPY (SELECT 1::DECIMAL(9,2) num) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
