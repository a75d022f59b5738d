COPY (SELECT 5::BIGINT x, 'y' y) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
