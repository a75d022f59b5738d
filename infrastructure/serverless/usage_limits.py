"""The usage limit of a serverless warehouse: so many RPU-hours a day, then AWS turns queries off until the next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from infrastructure.errors import doing
from infrastructure.plan import Change, Sign
from infrastructure.serverless import workgroups
from infrastructure.serverless.calls import client, found

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infrastructure.stack import Stack

USAGE, PERIOD, ACTION = "serverless-compute", "daily", "deactivate"


def title(stack: Stack) -> str:
    return f"usage limit of the serverless workgroup {stack.name}"


def all_of(stack: Stack, arn: str) -> list[Mapping[str, Any]]:
    """The limits of the workgroup ``arn``, of whatever kind. Raises AwsFailed.

    https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_ListUsageLimits.html
    """
    answer = found(f"looking for the {title(stack)}", lambda: client(stack).list_usage_limits(resourceArn=arn))
    return list(answer["usageLimits"]) if answer else []


def plan_up(stack: Stack) -> Change:
    """The daily limit made or set right again; others are left. Raises AwsFailed."""
    what, amount, arn = title(stack), stack.settings.rpu_hours, workgroups.arn(stack)
    line = f"after {amount} RPU-hours in a day, queries are turned off until the next"
    limit = next((one for one in all_of(stack, arn) if _is_daily(one)), None) if arn else None
    if limit is None:
        return Change(Sign.ADD, what, (line,), lambda: _create(stack))
    if limit["amount"] == amount and limit["breachAction"] == ACTION:
        return Change(Sign.KEEP, what)
    before = f"it is {limit['amount']} RPU-hours in a day now, with the action {limit['breachAction']}"
    return Change(Sign.CHANGE, what, (line, before), lambda: _update(stack, limit["usageLimitId"]))


def plan_down(stack: Stack, arn: str) -> list[Change]:
    """The limits of the workgroup ``arn`` removed, to be done after it: until then they bound its costs.

    Raises AwsFailed.
    """
    return [
        Change(
            Sign.REMOVE,
            title(stack),
            (f"{limit['amount']} RPU-hours, {limit['period']}",),
            partial(_delete, stack, limit["usageLimitId"]),
        )
        for limit in all_of(stack, arn)
    ]


def _is_daily(limit: Mapping[str, Any]) -> bool:
    return bool(limit["usageType"] == USAGE and limit["period"] == PERIOD)


def _create(stack: Stack) -> None:
    """https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateUsageLimit.html"""
    with doing(f"creating the {title(stack)}"):
        client(stack).create_usage_limit(
            resourceArn=workgroups.arn(stack),
            usageType=USAGE,
            amount=stack.settings.rpu_hours,
            period=PERIOD,
            breachAction=ACTION,
        )


def _update(stack: Stack, identifier: str) -> None:
    """https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_UpdateUsageLimit.html"""
    with doing(f"changing the {title(stack)}"):
        client(stack).update_usage_limit(usageLimitId=identifier, amount=stack.settings.rpu_hours, breachAction=ACTION)


def _delete(stack: Stack, identifier: str) -> None:
    """Where it did not go with its workgroup."""
    found(f"deleting the {title(stack)}", lambda: client(stack).delete_usage_limit(usageLimitId=identifier))
