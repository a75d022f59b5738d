"""The VPC of the warehouse: the one of SUBNET_GROUP, else VPC_ID, else the default one.

AWS takes only security groups that lie in the VPC of the cluster's subnets: "VPC Security group sg-... does not exist
in VPC vpc-..." it says otherwise (https://github.com/aws/aws-cdk/issues/11294).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infrastructure.errors import doing
from infrastructure.stack import CLUSTER
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from infrastructure.stack import Stack

Vpc = dict[str, Any]  # as DescribeVpcs has it


def find(stack: Stack) -> Vpc:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcs.html. Raises AwsFailed, ConfigError."""
    chosen = _chosen(stack)
    wanted = {"VpcIds": [chosen]} if chosen else {"Filters": [{"Name": "is-default", "Values": ["true"]}]}
    with doing(f"looking at the VPC {chosen}" if chosen else "looking for the default VPC"):
        vpcs: list[Vpc] = stack.account.client("ec2").describe_vpcs(**wanted)["Vpcs"]
    if not vpcs:
        raise ConfigError(
            f"There is no default VPC in {stack.account.region}.",
            "Set VPC_ID and SUBNET_GROUP in [NETWORK] of dwh.cfg to a VPC and a Redshift subnet group in it, or make "
            "one with aws ec2 create-default-vpc.",
        )
    if stack.kind == CLUSTER and not stack.settings.subnet_group and not vpcs[0].get("IsDefault"):
        raise ConfigError(
            f"{stack.settings.file}: VPC_ID is {chosen}, and SUBNET_GROUP is empty: AWS puts a cluster into another "
            "VPC than the default one only by a cluster subnet group.",
            "Set SUBNET_GROUP in [NETWORK] to one in that VPC; aws redshift create-cluster-subnet-group makes one.",
        )
    return vpcs[0]


def subnet_group(stack: Stack) -> dict[str, Any]:
    """SUBNET_GROUP as AWS describes it. Raises AwsFailed.

    https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeClusterSubnetGroups.html
    """
    name = stack.settings.subnet_group
    with doing(f"looking for the subnet group {name}"):
        answer = stack.account.client("redshift").describe_cluster_subnet_groups(ClusterSubnetGroupName=name)
    group: dict[str, Any] = answer["ClusterSubnetGroups"][0]
    return group


def _chosen(stack: Stack) -> str:
    """The VPC's id, empty for the default one. Raises ConfigError where VPC_ID and SUBNET_GROUP do not agree."""
    settings = stack.settings
    if not settings.subnet_group:
        return settings.vpc
    found = str(subnet_group(stack)["VpcId"])
    if settings.vpc not in {"", found}:
        raise ConfigError(
            f"{settings.file}: SUBNET_GROUP {settings.subnet_group} lies in {found}, and VPC_ID is {settings.vpc}.",
            "Correct one of them in [NETWORK], or leave VPC_ID empty.",
        )
    return found
