"""What to do about an answer of AWS: a table from its codes to what helps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SIGN_IN = "Sign in again (aws sso login, or new keys), then run the same command again."

REMEDIES: Mapping[str, str] = {  # pattern of code and message -> what helps; the first that fits counts
    r"^NoCredentials|^PartialCredentials|^CredentialRetrieval|Unable to locate credentials": (
        "No AWS credentials were found: set PROFILE (or KEY and SECRET) in [AWS] of dwh.cfg, or run aws configure."
    ),
    r"^ProfileNotFound": "Check PROFILE in [AWS] of dwh.cfg, or AWS_PROFILE; aws configure list-profiles shows them.",
    r"^ExpiredToken|^RequestExpired|^TokenRefresh|^SSOToken|^UnauthorizedSSO|expired": SIGN_IN,
    r"^InvalidClientTokenId|^UnrecognizedClient|^AuthFailure|^InvalidAccessKeyId|security token .* invalid": (
        "AWS does not know these keys: check KEY and SECRET in [AWS] of dwh.cfg (or the profile), and whether they "
        "were deleted."
    ),
    r"^SignatureDoesNotMatch": "The secret is not that of the key: copy both again. Or the clock here is wrong.",
    r"^AccessDenied|^UnauthorizedOperation|^AccessDeniedException|not authorized to perform": (
        "Your user lacks that right: python infrastructure/setup.py --print-policy prints the policy it needs."
    ),
    r"^InsufficientClusterCapacity|^InsufficientCapacity": (
        "AWS has no such nodes free just now: try again later, or set another CLUSTER_NODE_TYPE, fewer nodes or "
        "another REGION."
    ),
    r"QuotaExceeded|LimitExceeded": (
        "Your account's quota is reached: delete what you do not need, or ask for more at "
        "https://console.aws.amazon.com/servicequotas/home/services/redshift/quotas."
    ),
    r"^Throttling|^RequestLimitExceeded|^TooManyRequests|^DependentServiceRequestThrottling|^SlowDown": (
        "AWS is asked too much just now: wait a minute, then run the same command again."
    ),
    r"^DependentService|^ServiceUnavailable|^InternalFailure|^InternalServer|^InternalError|^HTTP 5": (
        "That lies with AWS and usually passes: wait a minute, then run the same command again."
    ),
    r"^InvalidClusterState|^ConflictException|^InvalidCluster.*State": (
        "It is busy with something else: python infrastructure/status.py shows with what. Try again when that is done."
    ),
    r"^EndpointConnection|^ConnectTimeout|^ReadTimeout|^ConnectionClosed|^ProxyConnection|^SSLError|^HTTPClientError": (
        "AWS cannot be reached: is there a network, a proxy, a right REGION?"
    ),
    r"^NoRegion|^InvalidRegion": "Set REGION in [AWS] of dwh.cfg, such as us-west-2.",
    r"^ClusterNotFound|^ResourceNotFound": "python infrastructure/setup.py makes it.",
}


def remedy_for(code: str, message: str, operation: str) -> str:
    """What helps, or where to look.

    >>> remedy_for("ExpiredToken", "The security token included in the request is expired", "DescribeClusters")
    'Sign in again (aws sso login, or new keys), then run the same command again.'
    """
    for pattern, help_ in REMEDIES.items():
        if re.search(pattern, code) or (not pattern.startswith("^") and re.search(pattern, message)):
            return help_
    return f"The call was {operation}; what stands in dwh.cfg goes into it." if operation else ""
