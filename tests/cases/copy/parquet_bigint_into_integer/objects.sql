COPY (SELECT 1::BIGINT a) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
