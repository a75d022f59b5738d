"""How a COPY or UNLOAD is authorised: a role, or keys. Roles mean nothing here; keys are used for S3, and never shown.

https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-authorization.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from local_redshift.errors import InvalidParameterValue, SyntaxError_

AUTHORIZATION = {"IAM_ROLE", "CREDENTIALS", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"}
_SHAPE = (
    "Invalid credentials. Must be of the format: credentials 'aws_access_key_id=<access-key-id>;"
    "aws_secret_access_key=<secret-access-key>[;token=<temporary-session-token>]'"
)


@dataclass(frozen=True)
class Credentials:
    """An AWS access key; nothing of it shows in a repr."""

    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


def authorize(given: dict[str, str], command: str) -> Credentials | None:
    """The keys that a COPY or UNLOAD names, None for a role.

    Raises SyntaxError_ where none or several forms are given, InvalidParameterValue for a bad credentials string.
    """
    keys = {"ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"} & given.keys()
    forms = bool(keys) + ("IAM_ROLE" in given) + ("CREDENTIALS" in given)
    if forms == 0:
        raise SyntaxError_(
            f"{command} needs credentials: add IAM_ROLE, CREDENTIALS or ACCESS_KEY_ID and SECRET_ACCESS_KEY"
        )
    if forms > 1:
        raise SyntaxError_(f"{command} takes one form of authorization: IAM_ROLE, CREDENTIALS or ACCESS_KEY_ID")
    if "CREDENTIALS" in given:
        return _from_string(given["CREDENTIALS"])
    if "IAM_ROLE" in given:
        return None
    if not {"ACCESS_KEY_ID", "SECRET_ACCESS_KEY"} <= keys:
        raise SyntaxError_("ACCESS_KEY_ID and SECRET_ACCESS_KEY must be given together")
    return Credentials(given["ACCESS_KEY_ID"], given["SECRET_ACCESS_KEY"], given.get("SESSION_TOKEN"))


def _from_string(text: str) -> Credentials | None:
    if re.search(r"\s", text):
        raise InvalidParameterValue(_SHAPE)
    pairs = dict(part.split("=", 1) for part in text.split(";") if "=" in part)
    if "aws_iam_role" in pairs:
        return None
    key, secret = pairs.get("aws_access_key_id"), pairs.get("aws_secret_access_key")
    if not key or not secret:
        raise InvalidParameterValue(_SHAPE)
    return Credentials(key, secret, pairs.get("token"))
