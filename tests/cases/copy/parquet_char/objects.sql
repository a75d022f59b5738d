COPY (SELECT 'abc   ' a) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
