COPY t FROM 's3://bucket/data' truncatecolumns BLANKSASNULL emptyasnull iam_role default compupdate off REGION AS 'us-west-2' json 'auto' STATUPDATE ON COMPROWS 1000 ENCODING AS 'UTF8';
