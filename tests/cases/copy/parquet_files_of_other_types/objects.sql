COPY (SELECT 1::INTEGER a, 'x' b) TO '$ROOT/bucket/data/1.parquet' (FORMAT parquet);
COPY (SELECT 2::BIGINT a, 'y' b) TO '$ROOT/bucket/data/2.parquet' (FORMAT parquet);
