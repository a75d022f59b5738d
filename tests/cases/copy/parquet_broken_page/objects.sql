COPY (SELECT range::INTEGER a FROM range(1000)) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
