COPY (SELECT 1::INTEGER a WHERE false) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
