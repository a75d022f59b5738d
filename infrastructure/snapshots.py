"""Snapshots that stay, and cost, when the cluster or the namespace is gone."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from infrastructure import compute
from infrastructure.errors import AwsFailed, doing
from infrastructure.prices import STORAGE
from infrastructure.serverless import calls
from infrastructure.stack import SERVERLESS, money

if TYPE_CHECKING:
    from infrastructure.stack import Stack


class Kept(NamedTuple):
    """A snapshot, its size where AWS tells it, and the command that deletes it."""

    name: str
    megabytes: float
    removal: str


def show_remaining(stack: Stack) -> list[str] | None:
    """What is left and costs money, and how to be rid of it: the snapshots' names, None where AWS does not tell."""
    title, state = compute.title(stack), compute.of(stack).look(stack)
    if state.exists:
        costs = "" if state.per_hour is None else f", and costs {money(state.per_hour)} an hour while it runs"
        stack.report.say(f"The {title} is left ({state.status}){costs}.", "yellow")
    try:
        found = _of_namespace(stack) if stack.kind == SERVERLESS else _of_cluster(stack)
    except AwsFailed as error:
        stack.report.say(f"Whether snapshots of the {title} are kept is not known: {error.message}", "yellow")
        return None
    if not found:
        nothing = "." if state.exists else ": nothing of it is left that costs money."
        stack.report.say(f"No snapshots of the {title} are kept{nothing}")
        return []
    price = stack.prices.of(STORAGE)
    stack.report.say(f"Manual snapshots are kept, and cost about ${price} a GB-month until they are deleted:")
    for one in found:
        stack.report.say(f"  {one.name}{_size(one.megabytes, price)}")
        stack.report.say(f"      aws {one.removal} {one.name} --region {stack.account.region}")
    return [one.name for one in found]


def _of_cluster(stack: Stack) -> list[Kept]:
    """Out of all, since AWS may answer ClusterNotFound where one asks for those of a cluster that is gone.

    https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeClusterSnapshots.html
    """
    removal = "redshift delete-cluster-snapshot --snapshot-identifier"
    with doing(f"listing the snapshots of the cluster {stack.name}"):
        pages = stack.account.client("redshift").get_paginator("describe_cluster_snapshots")
        answers = [page["Snapshots"] for page in pages.paginate(SnapshotType="manual")]
    return [
        Kept(one["SnapshotIdentifier"], one.get("TotalBackupSizeInMegaBytes", 0), removal)
        for answer in answers
        for one in answer
        if one["SnapshotType"] == "manual" and one["ClusterIdentifier"] == stack.name
    ]


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
