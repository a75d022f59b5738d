"""What EMR on EC2 costs: by the second that the instances run, EC2's price and EMR's together, a minute at least.

https://aws.amazon.com/emr/pricing/
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from infrastructure.stack import money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from infrastructure.emr.stack import LakeStack

LEAST = 60.0  # seconds
START_MINUTES = 10  # what EMR takes, about, to start the instances and to set them up
DISKS = "and about a cent an hour and instance for its disks"


def costs(stack: LakeStack) -> list[str]:
    """What it costs by the table, a line each."""
    settings, an_hour = stack.settings, _settings_hour(stack)
    size = f"{settings.instances} x {settings.instance_type}"
    if an_hour is None:
        known = f"{settings.instance_type.upper()} in [PRICES] of dl.cfg may tell the price, EMR's part included"
        return [f"while a job runs: not known for {size}: {known}", _rest()]
    most = money(an_hour * (settings.job_minutes + START_MINUTES) / 60)
    stopped = f"about {START_MINUTES} minutes to start, and the job is stopped after {settings.job_minutes}"
    each = f"{size} at ${stack.prices.of(settings.instance_type)}, EMR's part included"
    return [
        f"a job run: at most about {most}: {stopped} (JOB_MINUTES)",
        f"while it runs: {money(an_hour)} an hour ({each}), by the second, {DISKS}",
        _rest(),
    ]


def _rest() -> str:
    return "while no job runs: nothing; the cluster ends by itself with its job"


def _settings_hour(stack: LakeStack) -> Decimal | None:
    return stack.prices.cluster(stack.settings.instance_type, stack.settings.instances)


def an_hour(stack: LakeStack, groups: Sequence[Mapping[str, Any]]) -> Decimal | None:
    """USD an hour of a cluster of ours, whose instances are of one type; None where its price is not known.

    ``groups`` are as ListInstanceGroups has them.
    """
    if not groups:
        return None
    return stack.prices.cluster(groups[0]["InstanceType"], sum(group["RequestedInstanceCount"] for group in groups))


def seconds(cluster: Mapping[str, Any]) -> float:
    """From the order to the end, or until now: a little more than what is billed."""
    times = cluster["Status"]["Timeline"]
    end = times.get("EndDateTime") or datetime.now(UTC)
    return max(float((end - times["CreationDateTime"]).total_seconds()), 0.0)


def usd(an_hour: Decimal | None, spent: float) -> Decimal | None:
    """What so many seconds cost at most."""
    return None if an_hour is None else an_hour * Decimal(max(spent, LEAST)) / 3600
