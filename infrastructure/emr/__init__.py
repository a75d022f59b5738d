"""The data lake on AWS: the bucket, the role of the job, and EMR Serverless or EMR on EC2, which runs it."""
