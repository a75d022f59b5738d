COPY (SELECT [1, 2] b) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
