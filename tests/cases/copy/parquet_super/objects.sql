COPY (SELECT {'x': 1, 'y': [1.5, NULL]} a, [1, 2] b, 'text' c, 7::INTEGER d) TO '$ROOT/bucket/data.parquet' (FORMAT parquet);
