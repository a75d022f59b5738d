"""What to do about an error: tables from what a message says to what helps."""

from __future__ import annotations

import re
from collections.abc import Mapping

Remedies = Mapping[str, str]  # pattern of the message -> what helps; the first that fits counts

CONNECTING: Remedies = {
    r"timeout expired|timed out|No route to host|Network is unreachable": (
        "Likely causes: the cluster's security group does not let your address in; the cluster is not publicly "
        "accessible; it is paused; DB_PORT is wrong; a VPN or firewall is in between."
    ),
    r"could not translate host name|Name or service not known|nodename nor servname": (
        "No such host: look for a slip in HOST (the endpoint without port and database), a deleted cluster, "
        "or a VPN that must be on."
    ),
    r"Connection refused": (
        "Nothing listens there: DB_PORT is wrong, or the cluster is paused, rebooting or still being created."
    ),
    r"password authentication failed|no password supplied|28P01": "Check DB_USER and DB_PASSWORD.",
    r'database ".*" does not exist': "Check DB_NAME; a new cluster has the database dev.",
    r"root certificate file|could not read root certificate": (
        "SSLROOTCERT must name a PEM file; leave it empty to use the roots that come with boto3."
    ),
    r"certificate verify failed": (
        "The server's certificate comes from nobody we trust. For Redshift behind a proxy set SSLROOTCERT to the "
        "proxy's CA file."
    ),
    r"does not match host name": (
        "HOST is another name than the certificate's, as with a tunnel or an alias: set SSLMODE = verify-ca."
    ),
    r"server does not support SSL": (
        "That is no Redshift cluster, which always does. For a server on a network you trust set SSLMODE = disable."
    ),
    r"no pg_hba.conf entry|SSL off": "The server wants TLS: set SSLMODE = verify-full.",
}

# Before those of CONNECTING, where AWS gave the password.
PASSWORD_FROM_AWS: Remedies = {
    r"password authentication failed|28P01": (
        "Is HOST really the cluster that CLUSTER_IDENTIFIER names? Or the password has just changed: run it again."
    ),
}

# https://docs.aws.amazon.com/redshift/latest/dg/r_Load_Error_Reference.html
LOAD_ERRORS: Remedies = {
    r"String length exceeds DDL length|Char length exceeds": (
        "The column is too short (its length counts bytes, not characters): make it longer in sql_queries.py and run "
        "create_tables.py, or add TRUNCATECOLUMNS to the COPY."
    ),
    r"Invalid timestamp format|Error in Timestamp": (
        "Tell COPY the format: TIMEFORMAT 'epochmillisecs' for milliseconds since 1970, 'auto' for ISO 8601."
    ),
    r"Invalid Date Format": "Tell COPY the format: DATEFORMAT 'auto', or for example 'MM/DD/YYYY'.",
    r"Invalid digit|Invalid exponent|Overflow|out of range": (
        "The value does not fit the column's type: correct the file, or widen the type in sql_queries.py."
    ),
    r"Missing data for not-null field": (
        "The key is missing in that record or spelt otherwise (case counts), or it is empty."
    ),
    r"Not an array or index|Member is not an object|Invalid JSONPath": (
        "The record has another shape than the jsonpaths file says; JSON 'auto' wants objects, not an array of them."
    ),
    r"Extra column|Delimiter not found|Missing newline": "Check DELIMITER, CSV and IGNOREHEADER of the COPY.",
    r"invalid or unsupported UTF|Multibyte character": "Correct the encoding of the file, or add ACCEPTINVCHARS.",
    r"null byte": r"Take the \u0000 out of the file: COPY cannot load it.",
    r"boolean": "A BOOLEAN takes true/false, t/f, yes/no, y/n and 1/0.",
    r"JSON|Invalid value": (
        "The record is not well-formed JSON: correct the file, or allow bad records with MAXERROR."
    ),
}

STATEMENTS: Remedies = {
    r"prefix .* does not exist|specified key does not exist": (
        "Nothing lies there: check LOG_DATA, LOG_JSONPATH and SONG_DATA in [S3]."
    ),
    r"bucket does not exist|NoSuchBucket": "Check the bucket's name in [S3].",
    r"not authorized to assume IAM Role": (
        "Attach the role in [IAM_ROLE] ARN to the cluster, and let redshift.amazonaws.com assume it."
    ),
    r"Access ?Denied|Status 403|SignatureDoesNotMatch|Access Key Id": (
        "Whoever reads S3 here (the role in [IAM_ROLE] ARN, or your AWS credentials) needs s3:ListBucket and "
        "s3:GetObject on the bucket."
    ),
    r"must be addressed using the specified endpoint|PermanentRedirect": "Set [S3] REGION to the bucket's region.",
    r"Could not connect to the endpoint": "Is there a network? If AWS_ENDPOINT_URL is set, does a server listen there?",
    r"credentials": "On the laptop S3 is read with your AWS credentials, unless [LOCAL] S3_ROOT names a folder.",
    r"Number of jsonpaths": (
        "The jsonpaths file must have one path for each column of the table, in the table's order."
    ),
    r"jsonpath": "Check the file in [S3] LOG_JSONPATH: one JSON object with the key jsonpaths, a list of strings.",
    r'relation "?\S+"? does not exist|nonexistent table': ("Run python create_tables.py first."),
    r"other objects depend on it": ("Drop what depends on it (a view, say) first, or write CASCADE in sql_queries.py."),
    r"Serializable isolation violation|[Cc]onflict|could not serialize": (
        "Another session changed the same tables at the same time: run it again."
    ),
    r"NULL value into column|NOT NULL constraint|null value in column": (
        "A staged row lacks that value: look at the staging table."
    ),
    r"must be owner of": (
        "Somebody else made it: connect as its owner. Whose password is used is said on the first line; with none in "
        "DB_PASSWORD it is the administrator's where AWS keeps that, else one of a temporary user, who owns only what "
        "it made. Or let a superuser run ALTER TABLE ... OWNER TO."
    ),
    r"permission denied": "Ask the table's owner or a superuser for the GRANT.",
    r"read-only": "The database file cannot be written: check its permissions.",
    r"[Dd]isk ?[Ff]ull|No space left": "Make room and run it again: nothing was changed.",
}

# Of a code and the message behind it, as AWS's calls answer them.
AWS: Remedies = {
    r"^NoCredentials|Unable to locate credentials": (
        "No AWS credentials were found: set PROFILE (or KEY and SECRET) in [AWS] of dwh.cfg, or run aws configure."
    ),
    r"^PartialCredentials": "Keys come in pairs: set the one that is missing as well, or neither of them.",
    r"^CredentialRetrieval|^OSError|^FileNotFoundError|^PermissionError|^NotADirectoryError": (
        "What gives the credentials to your profile (credential_process in ~/.aws/config, say) failed: run it by "
        "hand, or set another PROFILE in [AWS] of dwh.cfg."
    ),
    r"^MissingDependency": "Install what it names, or set another PROFILE in [AWS] of dwh.cfg.",
    r"^InvalidConfig|^ConfigParse": (
        "Correct your profile in ~/.aws/config, or set another PROFILE in [AWS] of dwh.cfg."
    ),
    r"^ProfileNotFound": "Check PROFILE in [AWS] of dwh.cfg, or AWS_PROFILE; aws configure list-profiles shows them.",
    r"^SignatureDoesNotMatch|^InvalidSignature|^RequestTimeTooSkewed": (
        "The secret is not that of the key: copy both again. Or the clock here is wrong."
    ),
    r"^ExpiredToken|^RequestExpired|^TokenRefresh|^SSOToken|^UnauthorizedSSO|expired": (
        "Sign in again (aws sso login, with --profile if you have one; or new keys), then run the same command again."
    ),
    r"^InvalidClientTokenId|^UnrecognizedClient|^AuthFailure|^InvalidAccessKeyId|security token .* invalid": (
        "AWS does not know these keys: check KEY and SECRET in [AWS] of dwh.cfg (where that has none: "
        "AWS_ACCESS_KEY_ID in the environment, or your profile), and whether they were deleted."
    ),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    r"explicit deny|(service|resource) control policy|permissions boundary": (
        "A policy of the account or its organisation forbids that (some regions or services, say), and no right of "
        "your user lifts it: ask whoever administers the account, or set another REGION or PROFILE in [AWS] of dwh.cfg."
    ),
    r"^AccessDenied|^UnauthorizedOperation|^AccessDeniedException|not authorized to perform": (
        "Your user lacks that right: python infrastructure/setup.py --print-policy prints the policy it needs."
    ),
    r"^Throttl|^RequestLimitExceeded|^TooManyRequests|^DependentServiceRequestThrottling|^SlowDown": (
        "AWS is asked too much just now: wait a minute, then run the same command again."
    ),
    r"^DependentService|^ServiceUnavailable|^InternalFailure|^InternalServer|^InternalError|^HTTP 5": (
        "That lies with AWS and usually passes: wait a minute, then run the same command again."
    ),
    r"^EndpointConnection|^ConnectTimeout|^ReadTimeout|^ConnectionClosed|^ProxyConnection|^SSLError|^HTTPClientError": (
        "AWS cannot be reached: is there a network, a proxy, a right REGION?"
    ),
    r"^ResponseParser|Invalid endpoint|^HTTP 404": (
        "What answered is not AWS: check AWS_ENDPOINT_URL, proxies and REGION."
    ),
    r"^ValueError": "Check what the environment (AWS_...) and ~/.aws/config set.",
    r"^NoRegion|^InvalidRegion": "Set REGION in [AWS] of dwh.cfg, such as us-west-2.",
    r"^ClusterNotFound|^ResourceNotFound": "python infrastructure/setup.py makes it.",
}


def remedy(remedies: Remedies, text: str) -> str:
    """The first remedy whose pattern is found in ``text``; empty if none fits.

    >>> remedy(CONNECTING, 'FATAL: database "dwh" does not exist')
    'Check DB_NAME; a new cluster has the database dev.'
    """
    return next((help_ for pattern, help_ in remedies.items() if re.search(pattern, text)), "")
