"""EC2 and IAM: what moto lets pass and AWS does not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from moto.redshift.models import redshift_backends

from strict_aws.wire import AwsError
from strict_aws.world import ACCOUNT, security_group

if TYPE_CHECKING:
    from strict_aws.wire import Call
    from strict_aws.world import World


def delete_security_group(world: World, call: Call) -> None:
    """A group is in use while a cluster's or workgroup's network interface has it, and a little longer."""
    wanted = call.get("GroupId")
    found = security_group(call.region, wanted) if wanted else None
    if found is None:
        return
    if found.is_default:
        text = f'the specified group: "{wanted}" name: "default" cannot be deleted by a user'
        raise AwsError("CannotDelete", text)
    if wanted in _used(world, call.region) or _lingers(world, wanted):
        raise AwsError("DependencyViolation", f"resource {wanted} has a dependent object")


def _used(world: World, region: str) -> set[str]:
    clusters = redshift_backends[ACCOUNT][region].clusters.values()
    workgroups = [one for one in world.workgroups.values() if one.region == region]
    return {group for one in clusters for group in one.vpc_security_group_ids} | {
        group for one in workgroups for group in one.members["securityGroupIds"]
    }


def _lingers(world: World, group: str) -> bool:
    left = world.lingering.get(group, 0)
    world.lingering[group] = max(left - 1, 0)
    return left > 0


def check_trust(world: World, call: Call) -> None:
    """The words are those of IAM."""
    document = call.get("AssumeRolePolicyDocument", call.get("PolicyDocument", ""))
    try:
        statements = json.loads(document)["Statement"]
    except (ValueError, KeyError, TypeError):
        raise AwsError("MalformedPolicyDocument", "This policy contains invalid Json") from None
    for statement in statements if isinstance(statements, list) else [statements]:
        if not isinstance(statement, dict) or "Principal" not in statement:
            raise AwsError("MalformedPolicyDocument", "AssumeRole policy must contain a principal")  # ours
        if "Resource" in statement:
            raise AwsError("MalformedPolicyDocument", "Has prohibited field Resource")


DEPRECATED = ("AmazonElasticMapReduceRole", "AmazonElasticMapReduceFullAccess")
"""https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-managed-iam-policies.html: not for new roles."""


def check_attachable(_: World, call: Call) -> None:
    name = call.get("PolicyArn", "").rpartition("/")[2]
    if name in DEPRECATED:
        raise AwsError("PolicyNotAttachable", f"Policy {name} is deprecated and cannot be attached.")  # ours


CHECKS = {
    ("iam", "AttachRolePolicy"): check_attachable,
    ("ec2", "DeleteSecurityGroup"): delete_security_group,
    ("iam", "CreateRole"): check_trust,
    ("iam", "UpdateAssumeRolePolicy"): check_trust,
}
"""Looked at before moto answers."""
