"""The two IAM roles of EMR on EC2: the one by which EMR starts instances, and the one that the instances have.

AWS's policy for the first lets EMR work only on what is tagged for it, and pass only a role of one fixed name. So the
first gets an inline policy beside it, for this network and the second role; nobody's VPC or subnet is tagged for that.
https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-service-roles.html, https://github.com/aws/aws-cdk/pull/28327
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infrastructure.access import roles
from infrastructure.access.role_documents import Document, policy, trust_policy
from infrastructure.access.roles import Order, Role
from infrastructure.emr import ec2_network
from infrastructure.emr.role import POLICY, lake_policy, told

if TYPE_CHECKING:
    from infrastructure.emr.ec2_network import Network
    from infrastructure.emr.stack import LakeStack
    from infrastructure.plan import Change

EMR, EC2 = "elasticmapreduce.amazonaws.com", "ec2.amazonaws.com"
MANAGED, NETWORK, OWN_BUCKETS = "AmazonEMRServicePolicy_v2", "start-instances-here", "read-what-emr-publishes"
REMEDY = "Choose another NAME in [EMR] of dl.cfg."
LAUNCH = (
    "RunInstances",
    "CreateFleet",
    "CreateNetworkInterface",
    "CreateLaunchTemplate",
    "CreateLaunchTemplateVersion",
)
RULES = tuple(f"{verb}SecurityGroup{way}" for verb in ("Authorize", "Revoke") for way in ("Ingress", "Egress"))


def service_role_name(stack: LakeStack) -> str:
    """Of the role by which EMR starts and ends instances."""
    return f"{stack.name}-emr"


def instance_role_name(stack: LakeStack) -> str:
    """Of the role of the instances, and of their instance profile: EMR takes only a profile of its role's name.

    https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-roles-custom.html
    """
    return f"{stack.name}-ec2"


def managed_policy(partition: str) -> str:
    """The ARN of AWS's policy for EMR's role."""
    return f"arn:{partition}:iam::aws:policy/service-role/{MANAGED}"


def plan_up(stack: LakeStack) -> list[Change]:
    """As ``roles.plan_up``, which raises NotOurs and AwsFailed; ConfigError where there is no network."""
    network = ec2_network.find(stack)
    return [*roles.plan_up(stack, instance_order(stack)), *roles.plan_up(stack, service_order(stack, network))]


def plan_down(stack: LakeStack) -> list[Change]:
    """As ``roles.plan_down``, which raises AwsFailed."""
    names = (service_role_name(stack), instance_role_name(stack))
    return [change for name in names for change in roles.plan_down(stack, name)]


def instance_order(stack: LakeStack) -> Order:
    """The rights of the lake's job, and no others; EMR's own scripts and libraries are in buckets of AWS's."""
    published = {
        "Action": "s3:GetObject",
        "Resource": f"arn:{stack.account.identity.partition}:s3:::*.elasticmapreduce/*",
    }
    return Order(
        instance_role_name(stack),
        Role(trust_policy((EC2,)), inline={POLICY: lake_policy(stack), OWN_BUCKETS: policy(published)}),
        f"The lake's job runs as it on EMR on EC2 (stack {stack.name}, infrastructure/lake.py)",
        {POLICY: told(stack), OWN_BUCKETS: "reads the scripts and libraries that EMR publishes"},
        REMEDY,
    )


def service_order(stack: LakeStack, network: Network) -> Order:
    """https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-role.html"""
    account, region, partition = stack.account.identity.account, stack.account.region, stack.account.identity.partition
    clusters = f"arn:{partition}:elasticmapreduce:{region}:{account}:*"
    here = {"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": clusters}}
    return Order(
        service_role_name(stack),
        Role(
            trust_policy((EMR,), here),
            frozenset({managed_policy(partition)}),
            {NETWORK: network_policy(stack, network)},
        ),
        f"EMR starts and ends instances with it (stack {stack.name}, infrastructure/lake.py)",
        {MANAGED: "what EMR needs, on what is tagged for it", NETWORK: f"instances in {network.vpc}, with our role"},
        REMEDY,
    )


def network_policy(stack: LakeStack, network: Network) -> Document:
    """What AWS's policy allows in a tagged network, for this untagged one; and to give instances our role.

    The groups that EMR makes it tags itself; those of an earlier cluster may have no tag.
    """
    identity = stack.account.identity
    start = f"arn:{identity.partition}:ec2:{stack.account.region}:{identity.account}:"
    ours = [f"{start}security-group/{group}" for group in network.untagged_groups]
    passed = {
        "Action": "iam:PassRole",
        "Resource": stack.arn_of_role(instance_role_name(stack)),
        "Condition": {"StringLike": {"iam:PassedToService": f"{EC2}*"}},
    }
    launched = [*(f"{start}subnet/{subnet}" for subnet in network.subnets), *ours]
    return policy(
        passed,
        {"Action": [f"ec2:{action}" for action in LAUNCH], "Resource": launched},
        {"Action": "ec2:CreateSecurityGroup", "Resource": f"{start}vpc/{network.vpc}"},
        *([{"Action": [f"ec2:{action}" for action in RULES], "Resource": ours}] if ours else []),
    )
