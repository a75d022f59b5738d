COPY (SELECT [1] a) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
