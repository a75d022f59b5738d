COPY (SELECT 77::BIGINT, 9::INTEGER) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
