COPY (SELECT 'ab'::BLOB a) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
