COPY (SELECT 1::INTEGER a, 'x' b) TO '$ROOT/bucket/data/1.parquet' (FORMAT parquet);
COPY (SELECT 2::INTEGER other, 'y' names) TO '$ROOT/bucket/data/2.parquet' (FORMAT parquet);
COPY (SELECT 3::INTEGER a, 'z' b) TO '$ROOT/bucket/data/3.snappy.parquet' (FORMAT parquet);
