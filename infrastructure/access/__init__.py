"""Who may do what: the role by which Redshift reads S3, and the security group that lets your address in."""
