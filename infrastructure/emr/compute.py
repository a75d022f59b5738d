"""What runs the lake's job: EMR Serverless or EMR on EC2. The page need not know which."""

from __future__ import annotations

import re
from collections.abc import Mapping  # noqa: TC003  dataclasses have these as fields
from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003
from decimal import Decimal  # noqa: TC003
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from infrastructure.errors import AwsFailed, NotOurs, Refused
from infrastructure.stack import money

if TYPE_CHECKING:
    from collections.abc import Callable

    from infrastructure.emr.stack import LakeStack
    from infrastructure.plan import Change

Told = TypeVar("Told")
ABSENT = "absent"
DENIED = re.compile(r"AccessDenied|Unauthorized|403")


@dataclass(frozen=True)
class Run:
    """One execution of the job: a job run of EMR Serverless, or a cluster with its one step.

    ``status`` is AWS's word in small letters; ``seconds`` and ``usd`` are so far, or in all once it has ended (None:
    AWS has not told, or there is no price); ``detail`` is AWS's reason; ``logs`` is s3://.../ of this run.
    """

    id: str
    status: str
    active: bool
    failed: bool = False
    started: datetime | None = None
    seconds: float | None = None
    usd: Decimal | None = None
    detail: str = ""
    logs: str = ""


@dataclass(frozen=True)
class Look:
    """What AWS says of it now.

    ``status`` is AWS's word in small letters or ``absent`` (on EC2: of the roles, ``ready`` or ``incomplete``);
    ``usable`` is true where a job can be started. ``differences`` are sentences: what ``up`` would put right.
    ``facts`` are further lines for people: a word and what it is. ``runs`` are the latest, the newest first.
    """

    status: str = ABSENT
    usable: bool = False
    ours: bool = True
    differences: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    runs: tuple[Run, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def exists(self) -> bool:
        return self.status != ABSENT


class Compute(Protocol):
    """The functions that ``serverless`` and ``ec2_cluster`` both have. All that ask AWS raise AwsFailed."""

    def title(self, stack: LakeStack) -> str:
        """What people call it: "EMR Serverless application sparkify-lake"."""

    def plan_up(self, stack: LakeStack) -> list[Change]:
        """What makes or repairs it and its roles. Raises NotOurs, Refused, Stuck."""

    def plan_down(self, stack: LakeStack) -> list[Change]:
        """What ends its runs and removes it and its roles; a stranger's thing is shown as left."""

    def costs(self, stack: LakeStack) -> list[str]:
        """What it costs by the table, while a job runs and while none does; a line each."""

    def look(self, stack: LakeStack) -> Look:
        """What AWS says now; ours or not."""

    def run(self, stack: LakeStack, *, another: bool, agreed: bool = True) -> None:
        """Upload the job, start it and follow it to its end; one that is active already is followed instead, unless
        ``another``. Nothing is started that nobody has ``agreed`` to.

        Raises NotOurs, Refused (nothing to run it on), StillWaiting, WarehouseError (the job failed).
        """

    def cancel(self, stack: LakeStack) -> bool:
        """End the runs that are active, and wait until they have ended; whether there were any.

        Raises NotOurs, StillWaiting.
        """

    def under_way(self, stack: LakeStack) -> list[str]:
        """The runs of ours that are active, as people call them. Raises NotOurs."""


def so_far(cost: Decimal | None) -> str:
    """What a run that goes on has cost, behind its state; empty where that is not known."""
    return "" if cost is None else f", at most {money(cost)} so far"


def too_long(minutes: int) -> str:
    """Why a run was stopped that took longer than it may."""
    return f"it had not ended after {minutes} minutes, which is what JOB_MINUTES in [EMR] of dl.cfg allows"


def of(stack: LakeStack) -> Compute:
    """The module for the lake's kind."""
    serverless, on_ec2 = _both()
    return on_ec2 if stack.settings.on_ec2 else serverless


def check_agreed(stack: LakeStack, *, agreed: bool) -> None:
    """Raise Refused where a run is to be started whose price nobody was asked about."""
    if not agreed:
        raise Refused(
            "The run that was active has ended meanwhile. Nothing was started.",
            f"{stack.words.status} tells how it ended; the same command again starts one.",
        )


def plan_all_down(stack: LakeStack) -> list[Change]:
    """What removes the lake's kind, and what is left of the other one. Raises AwsFailed."""
    nothing: list[Change] = []
    return [*of(stack).plan_down(stack), *_if_allowed(lambda: _other(stack).plan_down(stack), nothing)]


def cancel_all(stack: LakeStack) -> bool:
    """End the active runs of the lake's kind and of the other one; whether there were any.

    Raises AwsFailed, NotOurs, StillWaiting.
    """
    found = of(stack).cancel(stack)
    return _if_allowed(lambda: _other(stack).cancel(stack), False) or found


def under_way_elsewhere(stack: LakeStack) -> list[str]:
    """The active runs of the other kind, which ON_EC2 and --on-ec2 hide. Raises AwsFailed."""
    return _if_allowed(lambda: _other(stack).under_way(stack), [])


def _if_allowed(ask: Callable[[], Told], otherwise: Told) -> Told:
    """Whoever may do what the one kind needs, and no more, has made nothing of the other."""
    try:
        return ask()
    except NotOurs:
        return otherwise
    except AwsFailed as error:
        if not DENIED.search(error.code):
            raise
        return otherwise


def _other(stack: LakeStack) -> Compute:
    serverless, on_ec2 = _both()
    return serverless if stack.settings.on_ec2 else on_ec2


def _both() -> tuple[Compute, Compute]:
    from infrastructure.emr import ec2_cluster, serverless

    return serverless, ec2_cluster
