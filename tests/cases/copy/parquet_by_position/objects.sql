COPY (SELECT 1::INTEGER AS b, 'x' AS a UNION ALL SELECT 2, NULL) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
