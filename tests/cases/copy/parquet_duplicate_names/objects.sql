COPY (SELECT 1::INTEGER AS x, 2::INTEGER AS "X") TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
