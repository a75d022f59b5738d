"""The IAM role of the job: it reads the input and keeps the lake, in their places and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infrastructure.access import roles
from infrastructure.access.role_documents import Document, policy, trust_policy
from infrastructure.access.roles import Order, Role

if TYPE_CHECKING:
    from collections.abc import Collection

    from infrastructure.emr.stack import LakeStack
    from infrastructure.plan import Change

POLICY = "read-input-write-lake"
SERVICE = "emr-serverless.amazonaws.com"


def plan_up(stack: LakeStack) -> list[Change]:
    """As ``roles.plan_up``, which raises NotOurs and AwsFailed."""
    return roles.plan_up(stack, order(stack))


def plan_down(stack: LakeStack, used: Collection[str] = ()) -> list[Change]:
    """As ``roles.plan_down``, which raises AwsFailed."""
    return roles.plan_down(stack, stack.role_name, used)


def order(stack: LakeStack) -> Order:
    """The role, assumed for no other account. AWS does not say whether EMR Serverless tells for whom it assumes a role.

    https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/getting-started.html#gs-prerequisites
    """
    account = stack.account.identity.account
    trust = trust_policy((SERVICE,), {"StringEqualsIfExists": {"aws:SourceAccount": account}})
    return Order(
        stack.role_name,
        Role(trust, inline={POLICY: lake_policy(stack)}),
        f"The lake's job runs as it on EMR Serverless (stack {stack.name}, infrastructure/lake.py)",
        {POLICY: told(stack)},
        "Choose another NAME in [EMR] of dl.cfg.",
    )


def told(stack: LakeStack) -> str:
    """What ``lake_policy`` allows, in words."""
    within = ", in which the input lies: the job may change that" if stack.input.startswith(stack.output) else ""
    return f"reads {stack.input}, writes {stack.output}{within}"


def lake_policy(stack: LakeStack) -> Document:
    """The document that lets the job read the input and keep the lake, its code and its logs.

    What a crash leaves of an upload the S3A committers look for, and end.
    https://hadoop.apache.org/docs/r3.3.4/hadoop-aws/tools/hadoop-aws/assumed_roles.html

    A whole bucket may be listed, its keys' names only: S3 tells whoever may list a part of it "denied" instead of
    "not there", and the S3A connector asks for what is not there yet.
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    """
    partition = stack.account.identity.partition
    lake, source = f"arn:{partition}:s3:::{stack.bucket}", f"arn:{partition}:s3:::{stack.input_bucket}"
    above = [f"{lake}/{folder}" for folder in _folders(stack.output_prefix)]
    return policy(
        {"Action": ["s3:ListBucket", "s3:GetBucketLocation"], "Resource": sorted({source, lake})},
        {"Action": ["s3:ListBucketMultipartUploads"], "Resource": [lake]},
        {"Action": ["s3:GetObject"], "Resource": [f"{source}/{stack.input_prefix}*", *above]},
        {
            "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
            "Resource": [f"{lake}/{stack.output_prefix}*"],
        },
    )


def _folders(prefix: str) -> list[str]:
    """The folders that lead to a prefix, which S3A looks at lest one be a file.

    >>> _folders("teams/music/lake/"), _folders("")
    (['teams', 'teams/music', 'teams/music/lake'], [])
    """
    parts = prefix.rstrip("/").split("/") if prefix else []
    return ["/".join(parts[: end + 1]) for end in range(len(parts))]
