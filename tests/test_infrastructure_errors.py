"""AWS's refusals as sentences: what was being done, AWS's words, what helps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore import exceptions, parsers
from botocore.exceptions import ClientError

from infrastructure.errors import AwsFailed, doing, ignoring
from infrastructure.remedies import REMEDIES

if TYPE_CHECKING:
    from strict_aws import StrictAws

SIGN_IN = "Sign in again"
KEYS = "AWS does not know these keys"
RIGHT = "python infrastructure/setup.py --print-policy"
FORBIDDEN = "forbids that (some regions or services, say), and no right of your user lifts it"
NODES = "AWS has no such nodes free"
QUOTA = "Your account's quota is reached"
SLOWER = "AWS is asked too much"
PASSES = "That lies with AWS and usually passes"
BUSY = "It is busy with something else"
NETWORK = "AWS cannot be reached"
NOT_AWS = "What answered is not AWS"


def refusal(code: str, message: str = "No", status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "CreateCluster")


def told(error: Exception) -> AwsFailed:
    with pytest.raises(AwsFailed) as caught, doing("creating the cluster sparkify"):
        raise error
    assert caught.value.__suppress_context__
    return caught.value


@pytest.mark.parametrize(
    ("code", "message", "helps"),
    [
        ("ExpiredToken", "The security token included in the request is expired", SIGN_IN),
        ("ExpiredTokenException", "The security token included in the request is expired", SIGN_IN),
        ("RequestExpired", "Request has expired.", SIGN_IN),
        ("InvalidClientTokenId", "The security token included in the request is invalid.", KEYS),
        ("UnrecognizedClientException", "The security token included in the request is invalid.", KEYS),
        ("AuthFailure", "AWS was not able to validate the provided access credentials", KEYS),
        ("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", KEYS),
        ("SignatureDoesNotMatch", "Signature expired: 20261122T0900Z is now earlier than", "The secret is not that"),
        ("InvalidSignatureException", "The request signature we calculated does not match", "The secret is not that"),
        ("AccessDenied", "User: arn is not authorized to perform: redshift:CreateCluster", RIGHT),
        ("AccessDeniedException", "not authorized", RIGHT),
        ("UnauthorizedOperation", "You are not authorized to perform this operation.", RIGHT),
        ("AccessDenied", "not authorized to perform: x with an explicit deny in a service control policy", FORBIDDEN),
        ("AccessDenied", "not authorized to perform: x because no permissions boundary allows the x action", FORBIDDEN),
        ("AccessDeniedException", "... because no service control policy allows the x action", FORBIDDEN),
        ("InsufficientClusterCapacity", "There is insufficient capacity", NODES),
        ("InsufficientCapacityException", "There is insufficient capacity", "a smaller BASE_CAPACITY"),
        ("ClusterQuotaExceeded", "Cluster quota exceeded", QUOTA),
        ("NumberOfNodesQuotaExceeded", "You have exceeded your quota", QUOTA),
        ("NumberOfNodesPerClusterLimitExceeded", "Too many", QUOTA),
        ("LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1000", QUOTA),
        ("ServiceQuotaExceededException", "Too many", QUOTA),
        ("SecurityGroupLimitExceeded", "The maximum number of security groups", QUOTA),
        ("Throttling", "Rate exceeded", SLOWER),
        ("ThrottlingException", "Rate exceeded", SLOWER),
        ("ThrottledException", "Rate exceeded", SLOWER),
        ("RequestLimitExceeded", "Request limit exceeded.", SLOWER),  # ec2's word for throttling, and no quota
        ("TooManyRequestsException", "Too many", SLOWER),
        ("DependentServiceRequestThrottlingFault", "Wait", SLOWER),
        ("SlowDown", "Please reduce your request rate.", SLOWER),
        ("ServiceUnavailable", "Try again", PASSES),
        ("DependentServiceUnavailableFault", "Wait 30 to 60 seconds", PASSES),
        ("InternalFailure", "Unknown", PASSES),
        ("InternalServerException", "Unknown", PASSES),
        ("InternalError", "Unknown", PASSES),
        ("InvalidClusterState", "The Cluster is being modified by a concurrent operation.", BUSY),
        ("ConflictException", "There is an operation running on the namespace.", BUSY),
        ("OptInRequired", "You are not subscribed to this service.", "finish the sign-up"),
        ("DependencyViolation", "resource sg-1 has a dependent object", "Something still uses it"),
        ("ClusterNotFound", "Cluster sparkify not found.", "python infrastructure/setup.py makes it."),
        ("ResourceNotFoundException", "not found", "python infrastructure/setup.py makes it."),
        ("InvalidParameterValue", "Invalid node type: x", "The call was CreateCluster; what stands in dwh.cfg"),
    ],
)
def test_each_code_has_its_remedy(code: str, message: str, helps: str) -> None:
    error = told(refusal(code, message))
    assert error.message == f"While creating the cluster sparkify, AWS said: {message.rstrip('.')} ({code})."
    assert error.code == code
    assert helps in error.hint


@pytest.mark.parametrize(
    ("code", "status", "read"),
    [
        ("403", 403, "AccessDenied"),  # services that answer in JSON, an XML body of a proxy
        ("", 401, "AccessDenied"),
        ("Unknown", 403, "AccessDenied"),
        ("", 503, "HTTP 503"),
        ("502", 502, "HTTP 502"),  # a page in HTML
        ("Unknown", 500, "Unknown"),
        ("InvalidGroup.NotFound", 400, "InvalidGroup.NotFound"),
    ],
)
def test_where_the_code_is_missing(code: str, status: int, read: str) -> None:
    assert told(refusal(code, status=status)).code == read


@pytest.mark.parametrize(
    ("error", "words", "helps"),
    [
        (exceptions.NoCredentialsError(), "Unable to locate credentials", "No AWS credentials were found"),
        (exceptions.PartialCredentialsError(provider="env", cred_var="x"), "Partial credentials", "Keys come in pairs"),
        (exceptions.ProfileNotFound(profile="work"), "The config profile (work) could not be found", "Check PROFILE"),
        (exceptions.NoRegionError(), "You must specify a region", "Set REGION in [AWS]"),
        (exceptions.EndpointConnectionError(endpoint_url="u"), "Could not connect to the endpoint URL", NETWORK),
        (exceptions.ConnectTimeoutError(endpoint_url="u"), "Connect timeout on endpoint URL", NETWORK),
        (exceptions.ReadTimeoutError(endpoint_url="u"), "Read timeout on endpoint URL", NETWORK),
        (exceptions.ProxyConnectionError(proxy_url="u"), "Failed to connect to proxy URL", NETWORK),
        (exceptions.SSLError(endpoint_url="u", error="e"), "SSL validation failed", NETWORK),
        (exceptions.UnauthorizedSSOTokenError(), "The SSO session", SIGN_IN),
        (exceptions.SSOTokenLoadError(error_msg="x"), "Error loading SSO Token", SIGN_IN),
        (parsers.ResponseParserError("Unable to parse response,\n invalid XML"), "response, invalid XML.", NOT_AWS),
        (ValueError("Invalid endpoint: nowhere"), "Invalid endpoint: nowhere.", NOT_AWS),
        (ValueError("invalid literal for int()"), "invalid literal for int().", "Check what the environment (AWS_...)"),
    ],
)
def test_where_aws_did_not_answer(error: Exception, words: str, helps: str) -> None:
    told_ = told(error)
    assert told_.message.startswith("While creating the cluster sparkify: ")
    assert words in told_.message
    assert "\n" not in told_.message
    assert told_.code == type(error).__name__
    assert helps in told_.hint


def test_our_own_mistakes_are_not_aws_s() -> None:
    with pytest.raises(KeyError), doing("creating the cluster sparkify"):
        raise KeyError("Clusters")


def test_what_may_fail() -> None:
    with ignoring("NoSuchEntity"), doing("deleting the role"):
        raise refusal("NoSuchEntity")
    with pytest.raises(AwsFailed), ignoring("NoSuchEntity"), doing("deleting the role"):
        raise refusal("DeleteConflict")


def test_over_the_wire(aws: StrictAws) -> None:
    """As botocore's parsers of the three protocols hand it on."""
    for service, operation, call in (
        ("redshift", "DescribeClusters", "describe_clusters"),
        ("ec2", "DescribeVpcs", "describe_vpcs"),
        ("redshift-serverless", "ListWorkgroups", "list_workgroups"),
    ):
        aws.fault(service, operation, "ExpiredToken", "The security token is expired.")
        client = aws.client_as(aws.environment(), service)
        with pytest.raises(AwsFailed) as caught, doing("looking"):
            getattr(client, call)()
        assert caught.value.message == "While looking, AWS said: The security token is expired (ExpiredToken)."
        assert SIGN_IN in caught.value.hint


def test_an_endpoint_that_is_none() -> None:
    with pytest.raises(AwsFailed) as caught, doing("preparing to talk to iam"):
        boto3.Session("k", "s").client("iam", endpoint_url="nowhere")
    assert caught.value.message == "While preparing to talk to iam: Invalid endpoint: nowhere."
    assert NOT_AWS in caught.value.hint


@pytest.mark.parametrize("code", ["LimitExceeded", "SecurityGroupLimitExceeded", "ServiceQuotaExceededException"])
def test_a_quota_is_that_of_the_service_that_refuses(code: str) -> None:
    assert told(refusal(code)).hint.endswith("of that service's at https://console.aws.amazon.com/servicequotas/home.")


def test_every_remedy_is_a_sentence() -> None:
    assert all(text[0].isupper() or text.startswith("python ") for text in REMEDIES.values())
    assert all(text.endswith((".", "?")) for text in REMEDIES.values())
