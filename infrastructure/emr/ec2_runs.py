"""A run of the job on EMR on EC2, from its cluster and its step: told of, and followed to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infrastructure.emr import ec2_clusters, ec2_outcome, ec2_usage
from infrastructure.emr.compute import Run, so_far
from infrastructure.emr.ec2_clusters import ENDED, title
from infrastructure.stack import money
from infrastructure.waiting import Seen, until

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from infrastructure.emr.ec2_clusters import Cluster
    from infrastructure.emr.stack import LakeStack

MEANINGS = {
    "STARTING": "EMR is starting the instances",
    "BOOTSTRAPPING": "EMR is setting up the instances",
    "RUNNING": "the job is running",
    "WAITING": "the cluster has nothing to do",
    "TERMINATING": "the cluster is ending",
}
"""What a state of a cluster that has not ended means."""


def describe(stack: LakeStack, cluster: Cluster) -> Run:
    """The run as people and programs are told of it. Raises AwsFailed."""
    status, step = cluster["Status"], ec2_clusters.step(stack, cluster)
    spent = ec2_usage.seconds(cluster)
    return Run(
        cluster["Id"],
        status["State"].lower(),
        active=status["State"] not in ENDED,
        failed=status["State"] in ENDED and not ec2_outcome.succeeded(step),
        started=status["Timeline"]["CreationDateTime"],
        seconds=spent,
        usd=ec2_usage.usd(_an_hour(stack, cluster), spent),
        detail=status.get("StateChangeReason", {}).get("Message", ""),
        logs=ec2_outcome.place(stack, cluster, step),
    )


def follow(stack: LakeStack, cluster: Cluster) -> None:
    """Until it has ended, and tell how. Raises AwsFailed, JobFailed, StillWaiting."""
    an_hour, minutes = _an_hour(stack, cluster), stack.settings.job_minutes
    price = f"{money(an_hour)} an hour" if an_hour is not None else "money"
    stack.stands(title(cluster), f"it costs {price} until it ends by itself")
    seen: list[Mapping[str, Any]] = [cluster]

    def look() -> Seen:
        seen.append(ec2_clusters.describe(stack, cluster["Id"]))
        return Seen(seen[-1]["Status"]["State"] in ENDED, _told(seen[-1], an_hour))

    until(stack, title(cluster), look, _goes_on(price, minutes), minutes)
    stack.gone(title(cluster))
    ec2_outcome.tell(stack, seen[-1], ec2_usage.usd(an_hour, ec2_usage.seconds(seen[-1])))


def _an_hour(stack: LakeStack, cluster: Cluster) -> Decimal | None:
    return ec2_usage.an_hour(stack, ec2_clusters.groups(stack, cluster))


def _told(cluster: Mapping[str, Any], an_hour: Decimal | None) -> str:
    """Its state, and what it has cost at most."""
    state, cost = cluster["Status"]["State"], ec2_usage.usd(an_hour, ec2_usage.seconds(cluster))
    return f"{MEANINGS.get(state, state.lower())}{so_far(cost)}"


def _goes_on(price: str, minutes: int) -> str:
    return (
        f"It goes on by itself; its cluster costs {price} until it ends with the job, which is stopped after {minutes} "
        "minutes. python infrastructure/lake.py run --cancel ends it now."
    )
