import os

# export REDSHIFT_DSN="..." in production
DSN = os.environ.get("REDSHIFT_DSN", "host=localhost port=5439 dbname=dev user=awsuser password=x sslmode=prefer")
ROLE = os.environ.get("REDSHIFT_ROLE", "arn:aws:iam::123456789012:role/dwhRole")
BUCKET = "s3://udacity-dend"
