"""The workgroup of a serverless warehouse: what computes, its endpoint and who reaches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from infrastructure.access import vpc
from infrastructure.errors import NotOurs, doing
from infrastructure.plan import Change, Sign
from infrastructure.prices import RPU_HOUR
from infrastructure.serverless import namespaces
from infrastructure.serverless.calls import (
    AVAILABLE,
    DELETING,
    NOT_OURS,
    check_usable,
    client,
    create,
    delete,
    found,
    insist_on,
    name_of,
    own_tags,
    tags,
    until_usable,
)
from infrastructure.stack import money
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infrastructure.stack import Stack

ZONES = 3
NO_MAXIMUM = -1  # takes the maximum away, as AWS told https://github.com/hashicorp/terraform-provider-aws/pull/36032


class Update(NamedTuple):
    """One parameter of UpdateWorkgroup, and the line that shows it."""

    parameter: str
    value: object
    line: str


def title(stack: Stack) -> str:
    return f"serverless workgroup {stack.name}"


def get(stack: Stack) -> Mapping[str, Any] | None:
    """AWS's description, None where there is none. Raises AwsFailed, ConfigError.

    https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_Workgroup.html
    """
    name = name_of(stack)
    answer = found(f"looking for the {title(stack)}", lambda: client(stack).get_workgroup(workgroupName=name))
    return answer["workgroup"] if answer else None


def arn(stack: Stack) -> str:
    """Of the workgroup, empty where there is none. Raises AwsFailed."""
    return str((get(stack) or {}).get("workgroupArn", ""))


def running(stack: Stack, capacity: int) -> str:
    """What it costs."""
    price = stack.prices.cluster(RPU_HOUR, capacity)
    return f"{money(price)} an hour while queries run" if price is not None else "billed while queries run"


def plan_up(stack: Stack) -> Change:
    """The workgroup made, or set right. Raises AwsFailed, ConfigError, NotOurs, Refused."""
    workgroup, what = get(stack), title(stack)
    if workgroup is None:
        subnets = _subnets(stack)
        return Change(Sign.ADD, what, _details(stack, subnets), lambda: _create(stack, subnets))
    check_usable(stack, what, workgroup["workgroupArn"], workgroup["status"])
    stack.stands(what, running(stack, workgroup.get("baseCapacity", 0)))
    lines = [update.line for update in updates(stack, workgroup)]
    if not is_available(workgroup, workgroup):
        lines.append(f"~ is {workgroup['status'].lower()}: waits until one can connect")
    if not lines:
        return Change(Sign.KEEP, what)
    return Change(Sign.CHANGE, what, tuple(lines), lambda: _repair(stack))


def updates(stack: Stack, workgroup: Mapping[str, Any]) -> list[Update]:
    """What differs from dwh.cfg, in an order that AWS takes: it changes one parameter at a time.

    https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_UpdateWorkgroup.html
    """
    settings = stack.settings
    groups = workgroup.get("securityGroupIds", [])
    # Where public clients look for it: https://github.com/hashicorp/terraform-provider-aws/pull/34925
    port = workgroup.get("endpoint", {}).get("port") or workgroup.get("port") or settings.port
    differing = _capacity_updates(stack, workgroup)
    if stack.group_id not in groups:
        differing.append(Update("securityGroupIds", [*groups, stack.group_id], f"+ security group {stack.group_name}"))
    if workgroup.get("publiclyAccessible", False) != settings.public:
        line = "~ gets a public address" if settings.public else "~ loses its public address"
        differing.append(Update("publiclyAccessible", settings.public, line))
    if port != settings.port:
        differing.append(Update("port", settings.port, f"~ port: {port} -> {settings.port}"))
    return differing


def plan_down(stack: Stack, workgroup: Mapping[str, Any]) -> Change:
    """The workgroup removed; left where it is not ours. Raises AwsFailed."""
    what = title(stack)
    try:
        stack.check_ours(what, tags(stack, workgroup["workgroupArn"]), NOT_OURS)
    except NotOurs as error:
        return Change(Sign.KEEP, what, (error.message,))
    stack.stands(what, running(stack, workgroup.get("baseCapacity", 0)))
    details = ("is being deleted already",) if workgroup["status"] == DELETING else ()
    return Change(Sign.REMOVE, what, details, lambda: _delete(stack))


def is_available(workgroup: Mapping[str, Any] | None, namespace: Mapping[str, Any] | None) -> bool:
    """Whether everything that AWS tells of both agrees that one can connect."""
    return bool(
        workgroup
        and namespace
        and workgroup["status"] == namespace["status"] == AVAILABLE
        and workgroup.get("endpoint", {}).get("address")
    )


def wait(stack: Stack) -> None:
    """Until one can connect. Raises AwsFailed, StillWaiting, Stuck."""
    costs = running(stack, stack.settings.base_capacity)
    until_usable(
        stack,
        title(stack),
        get,
        lambda workgroup: is_available(workgroup, namespaces.get(stack)),
        f"AWS goes on with it; once it is there, it costs {costs}, else storage only.",
    )


def _capacity_updates(stack: Stack, workgroup: Mapping[str, Any]) -> list[Update]:
    """The base may never exceed the maximum: which of them goes first depends on what is there."""
    wanted, base = stack.settings, workgroup.get("baseCapacity", 0)
    most = workgroup.get("maxCapacity") or 0
    differing = []
    if base != wanted.base_capacity:
        line = f"~ base capacity: {base} -> {wanted.base_capacity} RPU, {running(stack, wanted.base_capacity)}"
        differing.append(Update("baseCapacity", wanted.base_capacity, line))
    if most != wanted.max_capacity:
        line = f"~ maximum capacity: {_rpu(most)} -> {_rpu(wanted.max_capacity)}"
        differing.append(Update("maxCapacity", wanted.max_capacity or NO_MAXIMUM, line))
    return differing[::-1] if 0 < most < wanted.base_capacity else differing


def _rpu(capacity: int) -> str:
    return f"{capacity} RPU" if capacity else "AWS's own"


def _details(stack: Stack, subnets: list[str]) -> tuple[str, ...]:
    settings = stack.settings
    most = f", at most {settings.max_capacity} RPU" if settings.max_capacity else ""
    reach = "public address" if settings.public else "no public address"
    return (
        f"base capacity {settings.base_capacity} RPU{most}: {running(stack, settings.base_capacity)}",
        f"port {settings.port}, {reach}, security group {stack.group_name}",
        f"subnets {', '.join(subnets)}" if subnets else "subnets of the default VPC",
    )


def _subnets(stack: Stack) -> list[str]:
    """Of SUBNET_GROUP or else of VPC_ID; empty for those of the default VPC, which AWS finds itself.

    https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-usage-considerations.html
    Raises AwsFailed, ConfigError.
    """
    settings = stack.settings
    if settings.subnet_group:
        where, zones = f"subnet group {settings.subnet_group}", _subnets_of_group(stack)
    elif settings.vpc:
        where, zones = f"VPC {settings.vpc}", _subnets_of_vpc(stack)
    else:
        return []
    if len(set(zones.values())) < ZONES:
        raise ConfigError(
            f"The {where} has subnets in {len(set(zones.values()))} availability zones: "
            f"Redshift Serverless needs {ZONES}.",
            "Add subnets to it, name another in [NETWORK] of dwh.cfg, or leave it out for the default VPC.",
        )
    return sorted(zones)


def _subnets_of_group(stack: Stack) -> dict[str, str]:
    """Subnet -> zone."""
    subnets = vpc.subnet_group(stack)["Subnets"]
    return {subnet["SubnetIdentifier"]: subnet["SubnetAvailabilityZone"]["Name"] for subnet in subnets}


def _subnets_of_vpc(stack: Stack) -> dict[str, str]:
    """Subnet -> zone. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html"""
    chosen = stack.settings.vpc
    with doing(f"looking for the subnets of {chosen}"):
        pages = stack.account.client("ec2").get_paginator("describe_subnets")
        answers = [page["Subnets"] for page in pages.paginate(Filters=[{"Name": "vpc-id", "Values": [chosen]}])]
    return {subnet["SubnetId"]: subnet["AvailabilityZone"] for subnets in answers for subnet in subnets}


def _create(stack: Stack, subnets: list[str]) -> None:
    """https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateWorkgroup.html"""
    settings, what = stack.settings, title(stack)
    optional = {"maxCapacity": settings.max_capacity, "subnetIds": subnets}
    create(
        stack,
        what,
        running(stack, settings.base_capacity),
        lambda: client(stack).create_workgroup(
            workgroupName=name_of(stack),
            namespaceName=name_of(stack),
            baseCapacity=settings.base_capacity,
            publiclyAccessible=settings.public,
            securityGroupIds=[stack.group_id],
            port=settings.port,
            tags=own_tags(stack),
            **{name: value for name, value in optional.items() if value},
        ),
        get,
        "workgroupArn",
    )
    wait(stack)


def _repair(stack: Stack) -> None:
    wait(stack)
    for update in updates(stack, get(stack) or {}):
        _update(stack, {update.parameter: update.value})
        wait(stack)


def _update(stack: Stack, change: Mapping[str, object]) -> None:
    what = title(stack)
    insist_on(
        stack,
        what,
        f"changing the {what}",
        lambda: client(stack).update_workgroup(workgroupName=name_of(stack), **change),
    )


def _delete(stack: Stack) -> None:
    """https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_DeleteWorkgroup.html"""
    delete(
        stack,
        title(stack),
        get,
        lambda: client(stack).delete_workgroup(workgroupName=name_of(stack)),
        f"AWS goes on deleting it; its namespace stays and costs {namespaces.storage(stack)}.",
    )
