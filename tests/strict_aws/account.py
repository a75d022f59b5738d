"""What is in an account, as one dictionary: two of them are equal when nothing has come, gone or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.redshift.models import redshift_backends

from strict_aws.world import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Callable

    from strict_aws.world import World

CLUSTER = (
    "node_type number_of_nodes db_name port master_username publicly_accessible encrypted tags iam_roles_arn "
    "vpc_security_group_ids default_iam_role_arn master_password_secret_arn"
)


def snapshot(world: World, client: Callable[..., Any], region: str) -> dict[str, Any]:
    """Roles, security groups, clusters, snapshots of clusters, serverless, applications, buckets and secrets."""
    return {
        "roles": _roles(client("iam")),
        "security groups": _groups(client("ec2", region)),
        "clusters": {
            name: {"status": _status(one), **{key: getattr(one, key, None) for key in CLUSTER.split()}}
            for name, one in redshift_backends[ACCOUNT][region].clusters.items()
        },
        "cluster snapshots": sorted(
            name for name, one in redshift_backends[ACCOUNT][region].snapshots.items() if one.snapshot_type == "manual"
        ),
        "namespaces": {one.name: one.describe() | {"tags": one.tags} for one in world.namespaces.values()},
        "workgroups": {one.name: one.describe() | {"tags": one.tags} for one in world.workgroups.values()},
        "namespace snapshots": sorted(name for _, name in world.namespace_snapshots),
        "usage limits": [one.describe() for one in world.limits.values()],
        "applications": [
            one.describe() for one in world.applications.values() if one.region == region and one.state != "TERMINATED"
        ],
        "instance profiles": _profiles(client("iam")),
        "EMR clusters": [one.id for one in world.emr_clusters.values() if one.region == region and one.ended is None],
        "buckets": sorted(one["Name"] for one in client("s3").list_buckets()["Buckets"]),
        "secrets": sorted(one["Name"] for one in client("secretsmanager", region).list_secrets()["SecretList"]),
    }


def _status(one: Any) -> str:
    return getattr(one, "cluster_status", one.status)  # type: ignore[no-any-return]


def _roles(iam: Any) -> dict[str, Any]:
    found = {}
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        inline = iam.list_role_policies(RoleName=name)["PolicyNames"]
        attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
        found[name] = {
            "trust": role["AssumeRolePolicyDocument"],
            "tags": _tags(iam.list_role_tags(RoleName=name)["Tags"]),
            "attached": sorted(one["PolicyArn"] for one in attached),
            "inline": {one: iam.get_role_policy(RoleName=name, PolicyName=one)["PolicyDocument"] for one in inline},
        }
    return found


def _profiles(iam: Any) -> dict[str, list[str]]:
    found = iam.list_instance_profiles()["InstanceProfiles"]
    return {one["InstanceProfileName"]: [role["RoleName"] for role in one["Roles"]] for one in found}


def _groups(ec2: Any) -> dict[str, Any]:
    return {
        one["GroupId"]: {
            "name": one["GroupName"],
            "description": one["Description"],
            "vpc": one.get("VpcId"),
            "tags": _tags(one.get("Tags", [])),
            "in": one["IpPermissions"],
            "out": one["IpPermissionsEgress"],
        }
        for one in ec2.describe_security_groups()["SecurityGroups"]
    }


def _tags(tags: list[dict[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}
