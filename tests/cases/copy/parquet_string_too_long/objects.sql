COPY (SELECT 1::INTEGER a, 'abc' b UNION ALL SELECT 2, 'éé') TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
