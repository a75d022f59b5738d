"""The star schema as a data lake: Spark reads S3's JSON and writes Parquet."""
