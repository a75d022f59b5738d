"""Snapshots: the name of a final one, and those that stay when the cluster or the namespace is gone."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from infrastructure import compute
from infrastructure.errors import AwsFailed, doing
from infrastructure.prices import STORAGE
from infrastructure.serverless import calls
from infrastructure.stack import SERVERLESS, money

if TYPE_CHECKING:
    from infrastructure.stack import Stack

MISSING = ("ClusterNotFound", "ClusterSnapshotNotFound")


class Kept(NamedTuple):
    """A snapshot, its size where AWS tells it, and the command that deletes it."""

    name: str
    megabytes: float
    removal: str


def offered_name(stack: Stack) -> str:
    """A name for the final snapshot, such as sparkify-final-20261122-0912 (UTC)."""
    return f"{stack.name}-final-{datetime.now(UTC):%Y%m%d-%H%M}"


def show_remaining(stack: Stack) -> None:
    """What is kept and costs money, and how to be rid of it."""
    title = compute.title(stack)
    try:
        found = _of_namespace(stack) if stack.kind == SERVERLESS else _of_cluster(stack)
    except AwsFailed as error:
        stack.report.say(f"Whether snapshots of the {title} are kept is not known: {error.message}", "yellow")
        return
    if not found:
        stack.report.say(f"No snapshots of the {title} are kept: nothing of it is left that costs money.")
        return
    price = stack.prices.of(STORAGE)
    stack.report.say(f"Manual snapshots are kept, and cost about ${price} a GB-month until they are deleted:")
    for one in found:
        stack.report.say(f"  {one.name}{_size(one.megabytes, price)}")
        stack.report.say(f"      aws {one.removal} {one.name} --region {stack.account.region}")


def _of_cluster(stack: Stack) -> list[Kept]:
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeClusterSnapshots.html"""
    removal = "redshift delete-cluster-snapshot --snapshot-identifier"
    try:
        with doing(f"listing the snapshots of the cluster {stack.name}"):
            pages = stack.account.client("redshift").get_paginator("describe_cluster_snapshots")
            answers = pages.paginate(ClusterIdentifier=stack.name, SnapshotType="manual")
            return [
                Kept(one["SnapshotIdentifier"], one.get("TotalBackupSizeInMegaBytes", 0), removal)
                for answer in answers
                for one in answer["Snapshots"]
                if one["SnapshotType"] == "manual"
            ]
    except AwsFailed as error:
        if error.code.startswith(MISSING):
            return []
        raise


def _of_namespace(stack: Stack) -> list[Kept]:
    removal = "redshift-serverless delete-snapshot --snapshot-name"
    return [
        Kept(one["snapshotName"], one.get("totalBackupSizeInMegaBytes", 0), removal)
        for one in calls.snapshots(stack)
        if one["namespaceName"] == stack.name
    ]


def _size(megabytes: float, price: Decimal | None) -> str:
    """How large it is and what that costs, where AWS tells."""
    if megabytes <= 0 or price is None:
        return ""
    gigabytes = Decimal(megabytes) / 1024
    return f" ({gigabytes:.1f} GB, about {money(gigabytes * price)} a month)"
