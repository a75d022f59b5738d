"""The calls of Redshift Serverless."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from strict_aws.redshift import temporary_login
from strict_aws.serverless import (
    AVAILABLE,
    GONE,
    Namespace,
    Resource,
    UsageLimit,
    Workgroup,
    check_name,
    check_namespace,
    check_workgroup,
    conflict,
    invalid,
    missing,
    one_change,
)
from strict_aws.states import Life, Phase
from strict_aws.wire import AwsError

if TYPE_CHECKING:
    from strict_aws.wire import Call
    from strict_aws.world import World

LOGIN = frozenset({"adminUsername", "adminUserPassword", "manageAdminPassword", "adminPasswordSecretKmsKeyId"})
ROLES = frozenset({"iamRoles", "defaultIamRoleArn"})
NO_MAXIMUM = -1
"""Takes the maximum away, and is refused where there is none: terraform-provider-aws pull request 36032."""


def create_namespace(world: World, call: Call) -> dict[str, Any]:
    name = call.parameters["namespaceName"]
    check_name(name, "namespace")
    if (call.region, name) in world.namespaces:
        raise conflict(f"A namespace named {name} already exists.")  # the words are ours
    check_namespace(world, call)
    members = {
        "adminUsername": call.get("adminUsername", "admin"),
        "dbName": call.get("dbName", "dev"),
        "defaultIamRoleArn": call.get("defaultIamRoleArn"),
        "iamRoles": call.get("iamRoles", []),
        "kmsKeyId": call.get("kmsKeyId", "AWS_OWNED_KMS_KEY"),
        "logExports": call.get("logExports", []),
    }
    made = Namespace(call.region, name, members, Life(world.clock, AVAILABLE), _tags(call))
    world.namespaces[call.region, name] = made
    if call.get("manageAdminPassword"):
        made.keep_password()
    return {"namespace": made.describe()}


def update_namespace(world: World, call: Call) -> dict[str, Any]:
    one = _namespace(world, call)
    one_change(call, LOGIN, ROLES)
    one.require()
    check_namespace(world, call)
    for name in ("adminUsername", "iamRoles", "defaultIamRoleArn", "logExports", "kmsKeyId"):
        if name in call.parameters:
            one.members[name] = call.parameters[name]
    if call.get("manageAdminPassword") and "adminPasswordSecretArn" not in one.members:
        one.keep_password()
    if call.get("manageAdminPassword") is False or call.get("adminUserPassword"):
        one.forget_password()
    one.enter("MODIFYING", AVAILABLE)
    return {"namespace": one.describe()}


def delete_namespace(world: World, call: Call) -> dict[str, Any]:
    one = _namespace(world, call)
    if any(two.members["namespaceName"] == one.name for two in _of(world.workgroups, call.region)):
        raise conflict(f"The namespace {one.name} still has a workgroup. Delete the workgroup first.")  # ours
    one.require()
    _keep(world, call, one)
    one.enter("DELETING", GONE)
    return {"namespace": one.describe()}


def create_workgroup(world: World, call: Call) -> dict[str, Any]:
    name, namespace = call.parameters["workgroupName"], call.parameters["namespaceName"]
    check_name(name, "workgroup")
    if (call.region, name) in world.workgroups:
        raise conflict(f"A workgroup named {name} already exists.")  # the words are ours
    _namespace(world, call).require()
    if any(one.members["namespaceName"] == namespace for one in _of(world.workgroups, call.region)):
        raise conflict(f"The namespace {namespace} already has a workgroup.")  # the words are ours
    base = call.get("baseCapacity", 128)
    check_workgroup(call, base, call.get("maxCapacity"))
    members = {
        "namespaceName": namespace,
        "baseCapacity": base,
        "maxCapacity": call.get("maxCapacity"),
        "publiclyAccessible": call.get("publiclyAccessible", False),
        "enhancedVpcRouting": call.get("enhancedVpcRouting", False),
        "securityGroupIds": call.get("securityGroupIds", []),
        "subnetIds": call.get("subnetIds", []),
        "port": call.get("port", 5439),
        "configParameters": call.get("configParameters", []),
    }
    life = Life(world.clock, Phase("CREATING", polls=world.polls["creating"]), AVAILABLE)
    made = Workgroup(call.region, name, members, life, _tags(call), endpoint=world.endpoint)
    world.workgroups[call.region, name] = made
    return {"workgroup": made.describe()}


def update_workgroup(world: World, call: Call) -> dict[str, Any]:
    one = _workgroup(world, call)
    one_change(call)
    one.require()
    members = {**one.members, **{name: value for name, value in call.parameters.items() if name in one.members}}
    if call.get("maxCapacity") == NO_MAXIMUM:
        if one.members["maxCapacity"] is None:
            raise invalid("The workgroup has no maximum capacity.")  # the words are ours
        members["maxCapacity"] = None
    check_workgroup(call, members["baseCapacity"], members["maxCapacity"])
    one.members = members
    one.enter("MODIFYING", AVAILABLE)
    return {"workgroup": one.describe()}


def delete_workgroup(world: World, call: Call) -> dict[str, Any]:
    one = _workgroup(world, call)
    one.require()
    one.enter("DELETING", GONE)
    return {"workgroup": one.describe()}


def get_namespace(world: World, call: Call) -> dict[str, Any]:
    _see(world, _namespace(world, call))
    return {"namespace": _namespace(world, call).describe()}


def get_workgroup(world: World, call: Call) -> dict[str, Any]:
    _see(world, _workgroup(world, call))
    return {"workgroup": _workgroup(world, call).describe()}


def list_namespaces(world: World, call: Call) -> dict[str, Any]:
    for one in _of(world.namespaces, call.region):
        _see(world, one)
    return {"namespaces": [one.describe() for one in _of(world.namespaces, call.region)]}


def list_workgroups(world: World, call: Call) -> dict[str, Any]:
    for one in _of(world.workgroups, call.region):
        _see(world, one)
    return {"workgroups": [one.describe() for one in _of(world.workgroups, call.region)]}


def create_usage_limit(world: World, call: Call) -> dict[str, Any]:
    asked = {"period": "monthly", "breachAction": "log", **call.parameters}
    _by_arn(world, asked["resourceArn"])
    if asked["amount"] < 1:
        raise invalid("The amount of a usage limit must be positive.")  # the words are ours
    same = ("resourceArn", "usageType", "period")
    if any(all(one.members[name] == asked[name] for name in same) for one in world.limits.values()):
        raise conflict("A usage limit of this type and period already exists.")  # the words are ours
    made = UsageLimit(call.region, asked)
    world.limits[made.id] = made
    return {"usageLimit": made.describe()}


def list_usage_limits(world: World, call: Call) -> dict[str, Any]:
    wanted = {name: call.get(name) for name in ("resourceArn", "usageType") if call.get(name)}
    everyone = [one for one in world.limits.values() if one.region == call.region]
    return {"usageLimits": [one.describe() for one in everyone if wanted.items() <= one.members.items()]}


def get_usage_limit(world: World, call: Call) -> dict[str, Any]:
    return {"usageLimit": _limit(world, call).describe()}


def update_usage_limit(world: World, call: Call) -> dict[str, Any]:
    one = _limit(world, call)
    one.members |= {name: call.get(name) for name in ("amount", "breachAction") if call.get(name) is not None}
    return {"usageLimit": one.describe()}


def delete_usage_limit(world: World, call: Call) -> dict[str, Any]:
    one = world.limits.pop(_limit(world, call).id)
    return {"usageLimit": one.describe()}


def list_snapshots(world: World, call: Call) -> dict[str, Any]:
    return {"snapshots": _of(world.namespace_snapshots, call.region)}


def get_credentials(world: World, call: Call) -> dict[str, Any]:
    _workgroup(world, call)
    seconds = call.get("durationSeconds", 900)
    if not 900 <= seconds <= 3600:
        raise invalid("Token duration must be between 900 and 3600 seconds")  # the words are ours
    user, password = temporary_login(world, "IAM:operator")
    until = datetime.now(UTC) + timedelta(seconds=seconds)
    return {"dbUser": user, "dbPassword": password, "expiration": until, "nextRefreshTime": until}


def list_tags(world: World, call: Call) -> dict[str, Any]:
    tags = _by_arn(world, call.parameters["resourceArn"]).tags
    return {"tags": [{"key": key, "value": value} for key, value in tags.items()]}


def tag(world: World, call: Call) -> dict[str, Any]:
    _by_arn(world, call.parameters["resourceArn"]).tags.update(_tags(call))
    return {}


def untag(world: World, call: Call) -> dict[str, Any]:
    tags = _by_arn(world, call.parameters["resourceArn"]).tags
    for key in call.parameters["tagKeys"]:
        tags.pop(key, None)
    return {}


def _keep(world: World, call: Call, one: Namespace) -> None:
    """The final snapshot that was asked for."""
    name = call.get("finalSnapshotName")
    if not name:
        return
    if (call.region, name) in world.namespace_snapshots:
        raise conflict(f"A snapshot named {name} already exists.")  # the words are ours
    made = {"snapshotName": name, "namespaceName": one.name, "status": "AVAILABLE", "totalBackupSizeInMegaBytes": 2048}
    world.namespace_snapshots[call.region, name] = made


def _tags(call: Call) -> dict[str, str]:
    return {tag["key"]: tag["value"] for tag in call.get("tags", [])}


def _of(everyone: dict[tuple[str, str], Any], region: str) -> list[Any]:
    return [one for (where, _), one in list(everyone.items()) if where == region]


def _namespace(world: World, call: Call) -> Namespace:
    name = call.parameters["namespaceName"]
    if (call.region, name) not in world.namespaces:
        raise missing("namespace", name)
    return world.namespaces[call.region, name]


def _workgroup(world: World, call: Call) -> Workgroup:
    name = call.parameters["workgroupName"]
    if (call.region, name) not in world.workgroups:
        raise missing("workgroup", name)
    return world.workgroups[call.region, name]


def _limit(world: World, call: Call) -> UsageLimit:
    wanted = call.parameters["usageLimitId"]
    if wanted not in world.limits:
        raise AwsError("ResourceNotFoundException", f"Usage limit {wanted} not found.")  # the words are ours
    return world.limits[wanted]


def _by_arn(world: World, arn: str) -> Resource:
    for one in (*world.namespaces.values(), *world.workgroups.values()):
        if one.arn == arn:
            return one
    raise AwsError("ResourceNotFoundException", f"Resource {arn} not found.")  # the words are ours


def _see(world: World, one: Resource) -> None:
    """One describe looks at it."""
    phase = one.life.see()
    if isinstance(one, Workgroup):
        one.born |= phase is AVAILABLE
        one.endpoint = world.endpoint
    if phase is not GONE:
        return
    if isinstance(one, Namespace):
        one.forget_password()
        del world.namespaces[one.region, one.name]
    else:
        world.linger(one.members["securityGroupIds"])
        world.limits = {key: two for key, two in world.limits.items() if two.members["resourceArn"] != one.arn}
        del world.workgroups[one.region, one.name]


ANSWERS = {
    "CreateNamespace": create_namespace,
    "GetNamespace": get_namespace,
    "ListNamespaces": list_namespaces,
    "UpdateNamespace": update_namespace,
    "DeleteNamespace": delete_namespace,
    "CreateWorkgroup": create_workgroup,
    "GetWorkgroup": get_workgroup,
    "ListWorkgroups": list_workgroups,
    "UpdateWorkgroup": update_workgroup,
    "DeleteWorkgroup": delete_workgroup,
    "CreateUsageLimit": create_usage_limit,
    "GetUsageLimit": get_usage_limit,
    "ListUsageLimits": list_usage_limits,
    "UpdateUsageLimit": update_usage_limit,
    "DeleteUsageLimit": delete_usage_limit,
    "ListSnapshots": list_snapshots,
    "GetCredentials": get_credentials,
    "ListTagsForResource": list_tags,
    "TagResource": tag,
    "UntagResource": untag,
}
