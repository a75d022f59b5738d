"""What is written in the policies of a role: who may assume it, and what it may read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from infrastructure.stack import CLUSTER, SERVERLESS

Document = Mapping[str, Any]  # a policy, as JSON has it

MANAGED_POLICY, INLINE_POLICY = "AmazonS3ReadOnlyAccess", "read-buckets"
SERVICES = {
    CLUSTER: ("redshift.amazonaws.com",),
    SERVERLESS: ("redshift-serverless.amazonaws.com", "redshift.amazonaws.com"),
}
"""Who assumes the warehouse's role: https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-serverless-iam.html"""


def policy(*statements: Document) -> Document:
    """A document that allows what the statements say."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement} for statement in statements]}


def trust_policy(services: tuple[str, ...], condition: Document | None = None) -> Document:
    """The document that lets these services assume the role, on ``condition`` if there is one."""
    statement = {"Principal": {"Service": list(services)}, "Action": "sts:AssumeRole"}
    return policy({**statement, "Condition": condition} if condition else statement)


def bucket_policy(partition: str, buckets: tuple[str, ...]) -> Document:
    """The document that lets the role read these buckets and no others; what COPY needs.

    https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-access-permissions.html
    """
    arns = [f"arn:{partition}:s3:::{bucket}" for bucket in buckets]
    return policy(
        {"Action": ["s3:GetBucketLocation", "s3:ListBucket"], "Resource": arns},
        {"Action": "s3:GetObject", "Resource": [f"{arn}/*" for arn in arns]},
    )


def managed_policy(partition: str) -> str:
    """The ARN of AWS's policy that reads every bucket of the account, and those of others that are open to it."""
    return f"arn:{partition}:iam::aws:policy/{MANAGED_POLICY}"


def same(one: object, other: object) -> bool:
    """Whether two documents mean the same: order, statement ids, and a value or a list of just it make no difference.

    >>> same({"Action": "a", "Sid": "x"}, {"Action": ["a"]}), same({"Action": ["a", "b"]}, {"Action": "a"})
    (True, False)
    """
    return _canonical(one) == _canonical(other)


def _canonical(value: object) -> str:
    """One text for all ways to write a part of a policy: each value as a sorted list without repetitions."""
    parts = value if isinstance(value, list) else [value]
    return json.dumps(sorted({json.dumps(_members(part)) for part in parts}))


def _members(part: object) -> object:
    if not isinstance(part, Mapping):
        return part
    return {key: _canonical(part[key]) for key in sorted(part) if key not in {"Sid", "Id", "Version"}}
