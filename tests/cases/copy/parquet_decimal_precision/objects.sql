COPY (SELECT 1::DECIMAL(9,2), 1::DECIMAL(18,2) num) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
