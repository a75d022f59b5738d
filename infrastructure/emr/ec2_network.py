"""Where the instances of a cluster are: SUBNET_ID of dl.cfg, else the default VPC, of whose subnets EMR takes one.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-vpc-subnet.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from infrastructure.errors import doing
from infrastructure.stack import read_tags
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from infrastructure.emr.stack import LakeStack

FOR_USE = {"for-use-with-amazon-emr-managed-policies": "true"}
"""What AWS's policy for EMR asks of all that it lets EMR work on.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-managed-iam-policies.html#manually-tagged-resources
"""
EMRS_OWN = "ElasticMapReduce-*"
"""The names of the security groups that EMR makes, once a VPC, and leaves there.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-man-sec-groups.html
"""


class Network(NamedTuple):
    """Ids: of the VPC, of the subnets in it that the cluster may be in, of EMR's groups there that lack FOR_USE."""

    vpc: str
    subnets: tuple[str, ...]
    untagged_groups: tuple[str, ...]


def find(stack: LakeStack) -> Network:
    """Raises AwsFailed; ConfigError where there is neither SUBNET_ID nor a default VPC with subnets."""
    chosen = stack.settings.subnet
    subnets = _named(stack, chosen) if chosen else _default(stack)
    if not subnets:
        raise ConfigError(
            f"There is no default VPC with subnets in {stack.account.region}.",
            "Set SUBNET_ID in [EMR] of dl.cfg to a subnet that reaches the internet or S3; aws ec2 create-default-vpc "
            "makes a default VPC.",
        )
    vpc = str(subnets[0]["VpcId"])
    untagged = [group["GroupId"] for group in groups(stack, vpc) if not _for_use(group)]
    return Network(vpc, tuple(sorted(subnet["SubnetId"] for subnet in subnets)), tuple(sorted(untagged)))


def groups(stack: LakeStack, vpc: str = "") -> list[dict[str, Any]]:
    """EMR's own security groups in a VPC, or in all. Raises AwsFailed.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html
    """
    filters = [{"Name": "group-name", "Values": [EMRS_OWN]}, *([{"Name": "vpc-id", "Values": [vpc]}] if vpc else [])]
    with doing("looking for the security groups of EMR"):
        pages = stack.account.client("ec2").get_paginator("describe_security_groups").paginate(Filters=filters)
        return [group for page in pages for group in page["SecurityGroups"]]


def _named(stack: LakeStack, subnet: str) -> list[dict[str, Any]]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html"""
    with doing(f"looking at the subnet {subnet}"):
        found: list[dict[str, Any]] = stack.account.client("ec2").describe_subnets(SubnetIds=[subnet])["Subnets"]
    return found


def _default(stack: LakeStack) -> list[dict[str, Any]]:
    ec2 = stack.account.client("ec2")
    with doing("looking for the default VPC"):
        vpcs = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    if not vpcs:
        return []
    inside = [{"Name": "vpc-id", "Values": [vpcs[0]["VpcId"]]}, {"Name": "default-for-az", "Values": ["true"]}]
    with doing("looking at the subnets of the default VPC"):
        found: list[dict[str, Any]] = ec2.describe_subnets(Filters=inside)["Subnets"]
    return found


def _for_use(group: dict[str, Any]) -> bool:
    return FOR_USE.items() <= read_tags(group.get("Tags")).items()
