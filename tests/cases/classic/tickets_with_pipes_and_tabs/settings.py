HOST = 'examplecluster.cxyz.us-west-2.redshift.amazonaws.com'
PORT = 5439
DATABASE = 'tickit'
USER = 'awsuser'
PASSWORD = 'my-Secure-Password1'
ROLE = 'arn:aws:iam::123456789012:role/myRedshiftRole'
BUCKET = 's3://ticket-samples/tickets'
