COPY (SELECT unhex('41FF42') a) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
