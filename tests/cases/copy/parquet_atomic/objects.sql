COPY (SELECT 'x' a) TO '$ROOT/bucket/data/1.parquet' (FORMAT parquet);
COPY (SELECT 'xxxx' b) TO '$ROOT/bucket/data/2.parquet' (FORMAT parquet);
