COPY (SELECT repeat('x', 65536) b) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
