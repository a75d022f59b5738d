"""Redshift's calls on clusters, as strict as AWS; what is not here is moto's."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore import xform_name

from strict_aws import rules
from strict_aws.clusters import AVAILABLE, BUSY, CONCURRENT, GONE, PAUSED, SETTLING, Cluster, backend, cluster, clusters
from strict_aws.states import Phase
from strict_aws.wire import AwsError, unknown
from strict_aws.world import check_role, default_vpc, security_group

if TYPE_CHECKING:
    from collections.abc import Iterable

    from strict_aws.wire import Call
    from strict_aws.world import World

SERVICES = {"redshift.amazonaws.com"}
CREATION: dict[str, Any] = {
    "cluster_identifier": None,
    "node_type": None,
    "master_username": None,
    "master_user_password": None,
    "db_name": None,
    "cluster_type": "multi-node",
    "cluster_security_groups": [],
    "vpc_security_group_ids": [],
    "cluster_subnet_group_name": None,
    "availability_zone": None,
    "preferred_maintenance_window": None,
    "cluster_parameter_group_name": None,
    "automated_snapshot_retention_period": None,
    "port": None,
    "cluster_version": None,
    "allow_version_upgrade": True,
    "number_of_nodes": None,
    "publicly_accessible": False,
    "encrypted": True,
    "tags": [],
    "enhanced_vpc_routing": False,
    "kms_key_id": None,
}
"""What moto takes, with AWS's defaults (moto's own are not)."""


def create_cluster(world: World, call: Call) -> dict[str, Any]:
    rules.check_new_cluster(call)
    _check_subnets(call)
    _check_groups(call, call.get("ClusterSubnetGroupName"))
    role_arns = call.get("IamRoles", [])
    _check_roles(world, [*role_arns, *([call.get("DefaultIamRoleArn")] if call.get("DefaultIamRoleArn") else [])])
    given = {xform_name(name): value for name, value in call.parameters.items()}
    asked = {name: given.get(name, default) for name, default in CREATION.items()}
    asked |= {"cluster_identifier": given["cluster_identifier"].lower(), "iam_roles_arn": role_arns}
    made = Cluster.adopt(backend(call.region).create_cluster(**asked, region_name=call.region), world)
    made.default_iam_role_arn = call.get("DefaultIamRoleArn")
    if call.get("ManageMasterPassword"):
        made.manage_password()
    world.service_linked = True
    return {"Cluster": made}


def describe_clusters(world: World, call: Call) -> dict[str, Any]:
    wanted = call.get("ClusterIdentifier")
    for one in list(clusters(world, call.region).values()):
        if wanted is None or one.cluster_identifier == wanted.lower():
            one.see()
    if wanted:
        return {"Clusters": [cluster(world, call)]}
    left = backend(call.region).clusters.values()
    return {"Clusters": [one for one in left if _tagged(one, call.get("TagKeys"), call.get("TagValues"))]}


def _tagged(one: Cluster, keys: list[str] | None, values: list[str] | None) -> bool:
    tags = one.tags
    has_key = not keys or any(tag["Key"] in keys for tag in tags)
    return has_key and (not values or any(tag.get("Value") in values for tag in tags))


def pause_cluster(world: World, call: Call) -> dict[str, Any]:
    one = cluster(world, call)
    one.require(AVAILABLE, otherwise=CONCURRENT)
    _check_backup(world, one)
    one.enter("pausing", "Modifying", PAUSED)
    return {"Cluster": one}


def _check_backup(world: World, one: Cluster) -> None:
    """The words are AWS's, as the docstring of astronomer-providers' RedshiftPauseClusterOperatorAsync has them."""
    manual = [two for two in one.redshift_backend.snapshots.values() if two.snapshot_type == "manual"]
    if world.backups or any(two.cluster_identifier == one.cluster_identifier for two in manual):
        return
    raise AwsError(
        "InvalidClusterState",
        f"You can't pause cluster {one.cluster_identifier} because no recently available backup was found. "
        "Create a manual snapshot or wait for an automated snapshot, then retry",
    )


def resume_cluster(world: World, call: Call) -> dict[str, Any]:
    one = cluster(world, call)
    one.require(PAUSED, otherwise="You can resume only a cluster that is paused.")  # the words are ours
    one.enter("resuming", "Modifying", SETTLING, AVAILABLE)
    one.life.phases.insert(0, Phase("paused", "Paused", 1))  # no public log: as slow to tell as with other changes
    return {"Cluster": one}


def delete_cluster(world: World, call: Call) -> dict[str, Any]:
    one = cluster(world, call)
    name = call.get("FinalClusterSnapshotIdentifier")
    _check_farewell(bool(call.get("SkipFinalClusterSnapshot")), name)
    # A paused one neither, though AWS's guide sounds otherwise: https://github.com/apache/airflow/pull/68922
    one.require(AVAILABLE, otherwise=BUSY.format("delete"))
    if name:
        backend(call.region).create_cluster_snapshot(one.cluster_identifier, name, one.region, one.tags)
    one.enter("deleting", "Unavailable", GONE)
    if name:
        one.life.phases.insert(0, Phase("final-snapshot", "Unavailable", 1))
    return {"Cluster": one}


def _check_farewell(skip: bool, name: str | None) -> None:
    if not skip and name is None:
        text = "FinalClusterSnapshotIdentifier is required unless SkipFinalClusterSnapshot is specified."
        raise rules.combination(text)
    if skip and name is not None:
        text = "FinalClusterSnapshotIdentifier cannot be specified when SkipFinalClusterSnapshot is true."  # ours
        raise rules.combination(text)
    if name is not None:
        rules.check_identifier(name.lower(), "FinalClusterSnapshotIdentifier")


def modify_cluster(world: World, call: Call) -> dict[str, Any]:
    one = cluster(world, call)
    if call.get("NewClusterIdentifier"):
        raise unknown(call)
    one.require(AVAILABLE, otherwise=CONCURRENT)
    _check_groups(call, one.cluster_subnet_group_name)
    if call.get("NodeType") or call.get("ClusterType") or call.get("NumberOfNodes"):
        count = call.get("NumberOfNodes")
        rules.check_nodes(call.get("NodeType", one.node_type), call.get("ClusterType"), count)
    if call.get("MasterUserPassword"):
        rules.check_login(call.get("MasterUserPassword"), bool(call.get("ManageMasterPassword")))
    if call.get("Port"):
        rules.check_port(call.get("Port"), one.node_type)
    _change(one, call)
    one.enter("modifying", "Modifying", SETTLING, AVAILABLE)
    return {"Cluster": one}


def _change(one: Cluster, call: Call) -> None:
    kept_apart = ("ClusterIdentifier", "ManageMasterPassword")
    changes = {xform_name(name): value for name, value in call.parameters.items() if name not in kept_apart}
    backend(call.region).modify_cluster(cluster_identifier=one.cluster_identifier, **changes)
    managed = call.get("ManageMasterPassword")
    if managed and not one.master_password_secret_arn:
        one.manage_password()
    if managed is False or call.get("MasterUserPassword"):
        one.forget_password()


def modify_cluster_iam_roles(world: World, call: Call) -> dict[str, Any]:
    one = cluster(world, call)
    one.require(AVAILABLE, otherwise=CONCURRENT)
    added, default = call.get("AddIamRoles", []), call.get("DefaultIamRoleArn")
    _check_roles(world, added)
    one.iam_roles_arn = [arn for arn in one.iam_roles_arn if arn not in call.get("RemoveIamRoles", [])]
    one.adding = frozenset(added) - frozenset(one.iam_roles_arn)
    one.iam_roles_arn += [arn for arn in added if arn not in one.iam_roles_arn]
    if default is not None:
        one.default_iam_role_arn = default or None
    one.enter("modifying", "Modifying", SETTLING, AVAILABLE)
    return {"Cluster": one}


def describe_orderable_cluster_options(world: World, call: Call) -> dict[str, Any]:
    zones = [{"Name": f"{call.region}{letter}", "SupportedPlatforms": []} for letter in "abc"]
    wanted = call.get("NodeType")
    return {
        "OrderableClusterOptions": [
            {"ClusterVersion": "1.0", "ClusterType": kind, "NodeType": node, "AvailabilityZones": zones}
            for node, (fewest, _) in rules.NODES.items()
            if wanted in (None, node)
            for kind in (("single-node", "multi-node") if fewest == 1 else ("multi-node",))
        ]
    }


def get_cluster_credentials(world: World, call: Call) -> dict[str, Any]:
    cluster(world, call)
    prefix = "IAMA" if call.get("AutoCreate") else "IAM"
    return _credentials(world, call, f"{prefix}:{call.parameters['DbUser']}")


def get_cluster_credentials_with_iam(world: World, call: Call) -> dict[str, Any]:
    cluster(world, call)
    made = _credentials(world, call, "IAM:operator")
    return {**made, "NextRefreshTime": made["Expiration"]}


def _credentials(world: World, call: Call, user: str) -> dict[str, Any]:
    seconds = call.get("DurationSeconds", 900)
    if not 900 <= seconds <= 3600:
        raise rules.invalid("Token duration must be between 900 and 3600 seconds")
    name, password = temporary_login(world, user)
    return {"DbUser": name, "DbPassword": password, "Expiration": datetime.now(UTC) + timedelta(seconds=seconds)}


def temporary_login(world: World, user: str) -> tuple[str, str]:
    """The user and password that a test has set, else ``user`` and a random password."""
    if world.login is None:
        return user, secrets.token_urlsafe(32)
    name, password, _ = world.login
    return name if name.startswith("IAM") else f"IAM:{name}", password


def _check_groups(call: Call, subnet_group: str | None) -> None:
    """They lie in the VPC of the subnet group, which is the default VPC where none is named.

    The words are AWS's: https://github.com/aws/aws-cdk/issues/11294
    """
    vpc = backend(call.region).subnet_groups[subnet_group].vpc_id if subnet_group else default_vpc(call.region)
    for group in call.get("VpcSecurityGroupIds", []):
        found = security_group(call.region, group)
        if found is None or found.vpc_id != vpc:
            raise rules.invalid(f"VPC Security group {group} does not exist in VPC {vpc}")


def _check_subnets(call: Call) -> None:
    name = call.get("ClusterSubnetGroupName")
    if name and name not in backend(call.region).subnet_groups:
        raise AwsError("ClusterSubnetGroupNotFoundFault", f"Subnet group {name} not found.")


def check_new_snapshot(world: World, call: Call) -> None:
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateClusterSnapshot.html"""
    cluster(world, call).require(
        AVAILABLE, otherwise="The cluster is not in the available state."
    )  # the words are ours


def check_snapshots(world: World, call: Call) -> None:
    """ClusterNotFound is in AWS's list of errors, and nothing says that it spares those that have been deleted.

    https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeClusterSnapshots.html; of the two names:
    https://github.com/apache/airflow/pull/27276
    """
    if call.get("ClusterIdentifier") and call.get("SnapshotIdentifier"):
        raise rules.combination("ClusterIdentifier and SnapshotIdentifier exclude each other.")  # the words are ours
    if call.get("ClusterIdentifier"):
        cluster(world, call)


def _check_roles(world: World, arns: Iterable[str]) -> None:
    for arn in dict.fromkeys(arns):
        check_role(world, arn, SERVICES, "InvalidParameterValue")


CHECKS = {
    ("redshift", "CreateClusterSnapshot"): check_new_snapshot,
    ("redshift", "DescribeClusterSnapshots"): check_snapshots,
}
"""Looked at before moto answers."""
ANSWERS = {
    "CreateCluster": create_cluster,
    "DescribeClusters": describe_clusters,
    "PauseCluster": pause_cluster,
    "ResumeCluster": resume_cluster,
    "DeleteCluster": delete_cluster,
    "ModifyCluster": modify_cluster,
    "ModifyClusterIamRoles": modify_cluster_iam_roles,
    "DescribeOrderableClusterOptions": describe_orderable_cluster_options,
    "GetClusterCredentials": get_cluster_credentials,
    "GetClusterCredentialsWithIAM": get_cluster_credentials_with_iam,
}
