"""What runs inside Spark: S3's JSON in, the star schema as Parquet out.

The package is packed into a zip and sent to EMR, whose Python is 3.9 and which has none of the project's other
packages: nothing here imports them.
"""
