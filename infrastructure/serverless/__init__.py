"""Redshift Serverless as what computes: a namespace, a workgroup and a usage limit, all named as the stack is.

https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-workgroup-namespace.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infrastructure.plan import Change, Sign
from infrastructure.prices import RPU_HOUR, TABLE
from infrastructure.serverless import namespaces, usage_limits, workgroups
from infrastructure.serverless.calls import AVAILABLE, tags
from infrastructure.stack import money
from infrastructure.state import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infrastructure.compute import Agree
    from infrastructure.stack import Stack

LEAST_RPU, DEFAULT_RPU = 4, 128  # of AWS: https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-capacity.html
DAYS_A_MONTH = 31
NO_MAXIMUM = "MAX_CAPACITY in [SERVERLESS] of dwh.cfg can bound that"
NOT_NEEDED = "is billed only while queries run, by the second"


def look(stack: Stack) -> State:
    """A namespace without a workgroup is ``incomplete``. Raises AwsFailed, ConfigError."""
    namespace, workgroup = namespaces.get(stack), workgroups.get(stack)
    if workgroup is None:
        stack.absent(workgroups.title(stack))
    if namespace is None and workgroup is None:
        return State()
    there, one = namespace or {}, workgroup or {}
    given = tags(stack, there.get("namespaceArn") or one["workgroupArn"])
    if stack.owns(given):
        _remember(stack, there, one)
    capacity, endpoint = one.get("baseCapacity", 0), one.get("endpoint", {})
    return State(
        status=_status(there, one),
        available=workgroups.is_available(workgroup, namespace),
        host=endpoint.get("address", ""),
        port=endpoint.get("port", 0),
        size=f"{capacity} RPU" if capacity else "",
        per_hour=stack.prices.cluster(RPU_HOUR, capacity) if capacity else None,
        created=there.get("creationDate") or one.get("creationDate"),
        public=one.get("publiclyAccessible", False),
        role_arns=namespaces.role_arns(there),
        group_ids=tuple(one.get("securityGroupIds", ())),
        secret_arn=there.get("adminPasswordSecretArn", ""),
        tags=given,
        raw={"namespace": there, "workgroup": one},
    )


def _remember(stack: Stack, namespace: Mapping[str, Any], workgroup: Mapping[str, Any]) -> None:
    """Both, as far as they are there, for the sentence after a failure."""
    if namespace:
        stack.stands(namespaces.title(stack), namespaces.storage(stack))
    if workgroup:
        stack.stands(workgroups.title(stack), workgroups.running(stack, workgroup.get("baseCapacity", 0)))


def plan_up(stack: Stack, agree: Agree) -> list[Change]:  # noqa: ARG001  nothing here needs consent of its own
    """Namespace, workgroup, usage limit. Raises AwsFailed, ConfigError, NotOurs, Refused."""
    return [
        namespaces.plan_up(stack),
        workgroups.plan_up(stack),
        usage_limits.plan_up(stack),
    ]


def costs(stack: Stack) -> list[str]:
    """https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-billing.html"""
    settings, price = stack.settings, stack.prices.of(RPU_HOUR)
    an_hour = TABLE[RPU_HOUR] if price is None else price
    least, default, base, most, a_day, a_month = (
        money(rpu_hours * an_hour)
        for rpu_hours in (
            LEAST_RPU,
            DEFAULT_RPU,
            settings.base_capacity,
            settings.max_capacity,
            settings.rpu_hours,
            settings.rpu_hours * DAYS_A_MONTH,
        )
    )
    base_rpu = f"{settings.base_capacity} RPU at ${an_hour}"
    grows = f"at most {settings.max_capacity}, {most} an hour" if settings.max_capacity else NO_MAXIMUM
    return [
        f"{base} an hour while queries run ({base_rpu}), by the second, a minute at least",
        f"AWS adds RPU when queries need them: {grows}",
        f"at most about {a_day} a day, {a_month} a month: the usage limit is {settings.rpu_hours} RPU-hours a day",
        f"while no queries run: {namespaces.storage(stack)}; there is nothing to pause",
        f"AWS's own base capacity would be {DEFAULT_RPU} RPU, {default} an hour; the least is {LEAST_RPU}, {least}",
    ]


def plan_down(stack: Stack, snapshot: str) -> list[Change]:
    """The workgroup, its usage limits, then the namespace; what is not ours is kept, and so is what it stands on.

    Raises AwsFailed, ConfigError, Refused.
    """
    workgroup, namespace = workgroups.get(stack), namespaces.get(stack)
    changes = [workgroups.plan_down(stack, workgroup)] if workgroup else []
    kept = any(change.sign is Sign.KEEP for change in changes)
    if workgroup and not kept:
        changes += usage_limits.plan_down(stack, workgroup["workgroupArn"])
    if namespace and kept:
        changes.append(Change(Sign.KEEP, namespaces.title(stack), ("its workgroup is not ours",)))
    elif namespace:
        changes.append(namespaces.plan_down(stack, namespace, snapshot))
    return changes


def pause(stack: Stack) -> None:
    """Nothing to do."""
    stack.report.say(f"Not needed: the {workgroups.title(stack)} {NOT_NEEDED}.")


def resume(stack: Stack) -> None:
    """Nothing to do."""
    stack.report.say(f"Not needed: the {workgroups.title(stack)} {NOT_NEEDED}, and starts with the first.")


def _status(namespace: Mapping[str, Any], workgroup: Mapping[str, Any]) -> str:
    """The workgroup's; the namespace's where that is busy; ``incomplete`` where one is missing."""
    if namespace.get("status", AVAILABLE) != AVAILABLE and workgroup.get("status", AVAILABLE) == AVAILABLE:
        return str(namespace["status"]).lower()
    return str(workgroup["status"]).lower() if workgroup and namespace else "incomplete"
