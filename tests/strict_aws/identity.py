"""Who calls: access keys and signatures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.core.request import Request
from moto.iam.access_control import CreateAccessKeyFailure, create_access_key

from strict_aws.wire import AwsError
from strict_aws.world import ACCOUNT

if TYPE_CHECKING:
    from strict_aws.wire import Call


@dataclass(frozen=True)
class Keys:
    key: str
    secret: str

    def environment(self) -> dict[str, str]:
        return {"AWS_ACCESS_KEY_ID": self.key, "AWS_SECRET_ACCESS_KEY": self.secret}


OPERATOR = Keys("AKIAOPERATOROPERATOR", "operator/secret/operator/secret/operator")
"""May do everything."""
OBSERVER = Keys("AKIAOBSERVEROBSERVER", "observer/secret/observer/secret/observer")
"""The test's own: may do everything, is not recorded and meets no fault."""

BAD_TOKEN = "The security token included in the request is invalid."
UNKNOWN_KEY = {
    "ec2": ("AuthFailure", "AWS was not able to validate the provided access credentials", 401),
    "s3": ("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403),
    "secretsmanager": ("UnrecognizedClientException", BAD_TOKEN, 400),
    "redshift-serverless": ("UnrecognizedClientException", BAD_TOKEN, 400),
    "emr-serverless": ("UnrecognizedClientException", BAD_TOKEN, 403),
}
INVALID_TOKEN = ("InvalidClientTokenId", BAD_TOKEN, 403)
BAD_SIGNATURE = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
)


def authenticate(call: Call, environ: dict[str, Any], body: bytes) -> Any:
    """The IAM user or assumed role whose policies count; None for one that may do everything.

    Raises AwsError for a key that IAM does not know, and for a signature by another secret. Requests to S3 are
    not held to their signature (many ways to sign a body), those without any are let through (public buckets).
    """
    for known in (OPERATOR, OBSERVER):
        if call.access_key == known.key:
            _check_signature(call, environ, body, Credentials(known.key, known.secret))
            return None
    if call.access_key is None:
        return None
    headers: Any = Request(environ).headers
    try:
        principal = create_access_key(ACCOUNT, "aws", call.access_key, headers)
    except CreateAccessKeyFailure:
        raise AwsError(*UNKNOWN_KEY.get(call.service, INVALID_TOKEN)) from None
    _check_signature(call, environ, body, principal.create_credentials())
    return principal


def _check_signature(call: Call, environ: dict[str, Any], body: bytes, credentials: Credentials) -> None:
    if call.service == "s3":
        return
    request = Request(environ)
    authorization = request.headers["Authorization"]
    signed = _part(authorization, "SignedHeaders=").split(";")
    url = f"http://{request.host}{environ['RAW_URI']}"
    headers = {name: value for name, value in request.headers.items() if name.lower() in signed}
    copy = AWSRequest(method=request.method, url=url, data=body, headers=headers)
    copy.context["timestamp"] = request.headers["X-Amz-Date"]
    signer = SigV4Auth(credentials, call.service, call.region)
    expected = signer.signature(signer.string_to_sign(copy, signer.canonical_request(copy)), copy)
    if expected != _part(authorization, "Signature="):
        if call.service == "ec2":
            raise AwsError(*UNKNOWN_KEY["ec2"])
        code = "SignatureDoesNotMatch"
        raise AwsError("InvalidSignatureException" if "-" in call.service else code, BAD_SIGNATURE, 403)


def _part(text: str, start: str) -> str:
    return text.partition(start)[2].partition(",")[0]
