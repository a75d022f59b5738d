COPY (SELECT TIMESTAMP_NS '2020-01-01' a) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
