"""Snapshots of a cluster: the name of a final one, and those that stay when the cluster is gone."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from infrastructure.errors import AwsFailed, doing
from infrastructure.prices import STORAGE
from infrastructure.stack import money

if TYPE_CHECKING:
    from infrastructure.stack import Stack

MISSING = ("ClusterNotFound", "ClusterSnapshotNotFound")


def offered_name(stack: Stack) -> str:
    """A name for the final snapshot, such as sparkify-final-20261122-0912 (UTC)."""
    return f"{stack.name}-final-{datetime.now(UTC):%Y%m%d-%H%M}"


def show_remaining(stack: Stack) -> None:
    """What is kept and costs money, and how to be rid of it.

    https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeClusterSnapshots.html
    """
    try:
        found = _manual(stack)
    except AwsFailed as error:
        stack.report.say(f"Whether snapshots of it are kept is not known: {error.message}", "yellow")
        return
    if not found:
        stack.report.say("No snapshots of it are kept: nothing is left that costs money.")
        return
    price = stack.prices.of(STORAGE)
    stack.report.say(f"Manual snapshots are kept, and cost about ${price} a GB-month until they are deleted:")
    for one in found:
        name = one["SnapshotIdentifier"]
        stack.report.say(f"  {name}{_size(one, price)}")
        stack.report.say(
            f"      aws redshift delete-cluster-snapshot --snapshot-identifier {name} --region {stack.account.region}"
        )


def _manual(stack: Stack) -> list[dict[str, Any]]:
    try:
        with doing(f"listing the snapshots of the cluster {stack.name}"):
            pages = stack.account.client("redshift").get_paginator("describe_cluster_snapshots")
            answers = pages.paginate(ClusterIdentifier=stack.name, SnapshotType="manual")
            return [one for answer in answers for one in answer["Snapshots"] if one["SnapshotType"] == "manual"]
    except AwsFailed as error:
        if error.code.startswith(MISSING):
            return []
        raise


def _size(snapshot: dict[str, Any], price: Decimal | None) -> str:
    """How large it is and what that costs, where AWS tells."""
    megabytes = snapshot.get("TotalBackupSizeInMegaBytes")
    if not megabytes or megabytes < 0 or price is None:
        return ""
    gigabytes = Decimal(megabytes) / 1024
    return f" ({gigabytes:.1f} GB, about {money(gigabytes * price)} a month)"
