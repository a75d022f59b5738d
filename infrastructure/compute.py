"""What computes: a provisioned cluster or a serverless workgroup. The scripts need not know which."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from infrastructure.access import redshift_role, security_group
from infrastructure.errors import Refused
from infrastructure.stack import CLUSTER, SERVERLESS, made_for
from warehouse.cluster import named_by
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Callable

    from infrastructure.plan import Change
    from infrastructure.stack import Stack
    from infrastructure.state import State

    Agree = Callable[[str], None]  # asks a question; raises Refused unless the answer is yes


class Compute(Protocol):
    """The functions that ``cluster`` and ``serverless`` both have. All that ask AWS raise AwsFailed."""

    def look(self, stack: Stack) -> State:
        """What AWS says now; ours or not."""

    def plan_up(self, stack: Stack, agree: Agree) -> list[Change]:
        """What makes or repairs it; the changes wait until it is available.

        Raises ConfigError, NotOurs, Refused, Stuck.
        """

    def costs(self, stack: Stack) -> list[str]:
        """What it costs by the table: an hour, a day, a month, paused; a line each."""

    def plan_down(self, stack: Stack, snapshot: str) -> list[Change]:
        """What removes it, the final snapshot ``snapshot`` (empty: none) taken before. Raises NotOurs, Refused."""

    def pause(self, stack: Stack) -> None:
        """Stop paying for it, and wait until it has stopped. Raises NotOurs, Refused, StillWaiting, Stuck."""

    def resume(self, stack: Stack) -> None:
        """Start it again, and wait until it is available. Raises NotOurs, Refused, StillWaiting, Stuck."""


def of(stack: Stack) -> Compute:
    """The module for the stack's kind."""
    if stack.kind == SERVERLESS:
        from infrastructure import serverless

        return serverless
    from infrastructure import cluster

    return cluster


def find_kind(stack: Stack) -> None:
    """Set the stack's kind to what was made, whatever dwh.cfg says of what is to be made: the role's tag tells; where
    there is no such role any more, the group's, or HOST.
    """
    tags = redshift_role.tags(stack) or {}
    if stack.owns(tags):
        stack.kind = made_for(tags)
    elif kind := security_group.kind_of(stack):
        stack.kind = kind
    elif told := named_by(stack.settings.host):
        stack.kind = SERVERLESS if told.serverless else CLUSTER


def check_place(stack: Stack) -> None:
    """Raise Refused where dwh.cfg was filled in for this stack in another region or account: what is there would
    silently go on costing money.
    """
    settings, here = stack.settings, (stack.account.region, stack.account.identity.account)
    told = named_by(settings.host)
    if told is None or told.name != stack.name:
        return
    account = re.match(r"arn:[\w-]+:iam::(\d{12}):", settings.arn)
    there = (told.region, account[1] if account else here[1])
    if there != here:
        raise Refused(
            f"HOST in dwh.cfg is {told.name} in region {there[0]} of account {there[1]}; this is region {here[0]} of "
            f"account {here[1]}. Nothing was changed: what is there may cost money.",
            f"To go on with that one, set REGION = {there[0]} in [AWS] of dwh.cfg and use its account. If it is not "
            "yours any more, empty HOST and ARN.",
        )


def see_port(stack: Stack) -> None:
    """Take the cluster's own port for the stack's, since dwh.cfg does not change it: the group has to open that one."""
    if stack.kind == CLUSTER:
        stack.port = of(stack).look(stack).port or stack.port


def existing(stack: Stack) -> State:
    """What there is of this stack, its kind set. Raises WarehouseError where nothing is, NotOurs, AwsFailed."""
    find_kind(stack)
    state = of(stack).look(stack)
    what = title(stack)
    if not state.exists:
        raise WarehouseError(
            f"There is no {what} in {stack.account.region}.",
            "python infrastructure/setup.py makes it; or CLUSTER_IDENTIFIER or [AWS] REGION in dwh.cfg means another.",
        )
    stack.check_ours(f"the {what}", state.tags, "Check CLUSTER_IDENTIFIER in dwh.cfg.")
    return state


def title(stack: Stack) -> str:
    """What people call it: its kind and name."""
    return f"serverless workgroup {stack.name}" if stack.kind == SERVERLESS else f"cluster {stack.name}"
