"""A cluster ordered and waited for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from infrastructure.cluster import node_types
from infrastructure.cluster import state as cluster_state
from infrastructure.errors import AwsFailed, doing
from infrastructure.plan import Change, Sign
from infrastructure.stack import aws_tags
from infrastructure.waiting import UNANSWERED, Passing, insist

if TYPE_CHECKING:
    from infrastructure.cluster.node_types import Nodes
    from infrastructure.compute import Agree
    from infrastructure.stack import Stack

TRIES_UNTIL_VISIBLE = 12  # POLL_SECONDS apart: IAM and EC2 take up to two minutes to tell Redshift
KEPT_BACKUPS = 1  # days; RA3 and RG nodes do not do without


def plan(stack: Stack, agree: Agree) -> Change:
    """The new cluster; its size is chosen here. Raises ConfigError, Refused."""
    asked = node_types.wanted(stack)
    stack.nodes = chosen = node_types.choose(stack, agree)
    replaced = () if chosen == asked else (node_types.explanation(stack, asked, chosen),)
    agreed = ("agreed to by REPLACE_RETIRED_NODES = yes",) if replaced and stack.settings.replace_retired else ()
    return Change(
        Sign.ADD,
        f"cluster {stack.name} ({chosen}, {cluster_state.hourly(stack)})",
        (*replaced, *agreed, *_details(stack)),
        lambda: create(stack, chosen, agree),
    )


def create(stack: Stack, size: Nodes, agree: Agree) -> None:
    """Order it and wait until it is available; once more with the successor where AWS refuses the node type.

    Raises AwsFailed, ConfigError, NotOurs, Refused, StillWaiting, Stuck.
    """
    try:
        _order(stack, size)
    except AwsFailed as error:
        if not node_types.is_not_made(error):
            raise
        stack.nodes = new = node_types.replace(stack, size, agree)
        stack.report.say(f"  {node_types.explanation(stack, size, new)}", "yellow")
        _order(stack, new)
    goes_on = f"The cluster goes on being created and costs {cluster_state.hourly(stack)} as soon as it is available."
    cluster_state.until_available(stack, goes_on)


def _order(stack: Stack, size: Nodes) -> None:
    """CreateCluster, again while Redshift does not see the new role or group yet."""
    parameters = _parameters(stack, size)

    def call() -> None:
        with doing(f"creating the cluster {stack.name}"):
            stack.account.client("redshift").create_cluster(**parameters)

    known = f"cluster {stack.name}"
    price = f"{cluster_state.hourly(stack)} as soon as it is available"
    doubt = f"python infrastructure/status.py shows whether AWS took the order of a cluster, which costs {price}."
    try:
        insist(stack, known, call, (_unseen(stack),), doubt)
    except AwsFailed as error:
        if UNANSWERED.search(error.code):
            stack.stands(known, f"perhaps: AWS did not answer; {price}")
        if not error.code.startswith("ClusterAlreadyExists"):
            raise
        cluster_state.check_ours(stack, cluster_state.look(stack))  # another run of ours may have been quicker
    stack.stands(known, price)


def _unseen(stack: Stack) -> Passing:
    """What AWS says while Redshift has not heard of a new role or group: its words name them."""
    names = "|".join(re.escape(name) for name in ("IAM role", stack.role_arn, stack.group_id) if name)
    pattern = rf"(?s)(?:{names}).*\((?:InvalidParameterValue|UnauthorizedOperation)\)"
    return Passing(pattern, "waiting until Redshift sees the new role and group", TRIES_UNTIL_VISIBLE)


def _parameters(stack: Stack, size: Nodes) -> dict[str, Any]:
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html"""
    settings = stack.settings
    password = {"MasterUserPassword": settings.password} if settings.password else {"ManageMasterPassword": True}
    return {
        "ClusterIdentifier": stack.name,
        "NodeType": size.type,
        **({"ClusterType": "single-node"} if size.count == 1 else {"NumberOfNodes": size.count}),
        "DBName": settings.database,
        "Port": settings.port,
        "MasterUsername": settings.user,
        **password,
        "IamRoles": [stack.role_arn],
        "DefaultIamRoleArn": stack.role_arn,
        "VpcSecurityGroupIds": [stack.group_id],
        **({"ClusterSubnetGroupName": settings.subnet_group} if settings.subnet_group else {}),
        "PubliclyAccessible": settings.public,
        "Encrypted": True,
        "AutomatedSnapshotRetentionPeriod": KEPT_BACKUPS,
        "Tags": aws_tags(stack.tags()),
    }


def _details(stack: Stack) -> tuple[str, ...]:
    settings = stack.settings
    password = "the one in dwh.cfg" if settings.password else "made and kept by AWS in Secrets Manager"
    reach = f"public, through the security group {stack.group_name}" if settings.public else "from within its VPC only"
    tags = ", ".join(f"{key}={value}" for key, value in stack.tags().items())
    return (
        f"database {settings.database} on port {settings.port}, administrator {settings.user}, password: {password}",
        f"reached: {reach}" + (f", subnet group {settings.subnet_group}" if settings.subnet_group else ""),
        f"encrypted, automatic backups kept for {KEPT_BACKUPS} day, reads S3 as {settings.role_name}",
        f"tags {tags}",
    )
