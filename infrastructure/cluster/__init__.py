"""A provisioned cluster: looked at, made or repaired, priced, paused, resumed and removed (see ``compute.Compute``)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from infrastructure import final_snapshot
from infrastructure.cluster import creation, node_types, pausing, repairs
from infrastructure.cluster import state as cluster_state
from infrastructure.cluster.state import look
from infrastructure.errors import AwsFailed, Refused, Stuck, doing, ignoring
from infrastructure.plan import Change, Sign
from infrastructure.prices import HOURS_A_MONTH
from infrastructure.stack import money
from infrastructure.waiting import PASSING, Seen, until

if TYPE_CHECKING:
    from infrastructure.compute import Agree
    from infrastructure.stack import Stack
    from infrastructure.state import State

__all__ = ["costs", "look", "pause", "plan_down", "plan_up", "resume"]

SETTLED = frozenset({"available", "paused", *cluster_state.BROKEN})
TRIES_WHEN_SETTLED = 12  # POLL_SECONDS apart: a cluster that looks available may be busy for a moment
TRIES_WHEN_PAUSED = 3
# AWS's guide speaks of paused clusters that are deleted; others saw that refused until they were resumed:
# https://github.com/apache/airflow/pull/68922
RESUMED_FIRST = "It is paused, and AWS does not delete it so: it is resumed first."


def plan_up(stack: Stack, agree: Agree) -> list[Change]:
    """What makes it, or what wakes and repairs it. Raises AwsFailed, ConfigError, NotOurs, Refused, Stuck."""
    state = look(stack)
    if not state.exists:
        return [creation.plan(stack, agree)]
    cluster_state.check_ours(stack, state)
    return [repairs.plan(stack, state)]


def costs(stack: Stack) -> list[str]:
    size, stored = stack.nodes or node_types.wanted(stack), f"{stack.prices.storage} of what is stored"
    price = size.per_hour(stack.prices)
    if price is None:
        return [
            f"{size} cost money by the hour. No price is known for {size.type}: [PRICES] of dwh.cfg can tell one.",
            f"Storage, also while it is paused: {stored}",
        ]
    return [
        f"{size}: {money(price)} an hour, {money(price * 24)} a day, {money(price * HOURS_A_MONTH)} a month of 730 h",
        f"and {stored}; paused, that alone",
    ]


def plan_down(stack: Stack, snapshot: str) -> list[Change]:
    """What removes it, after the final snapshot ``snapshot`` (empty: none). Raises AwsFailed, NotOurs."""
    state = look(stack)
    if not state.exists:
        return []
    cluster_state.check_ours(stack, state)
    what = f"cluster {stack.name} ({state.size}, {state.status})"
    if state.ending:
        waits = ("it is being deleted already: waits until it is gone",)
        return [Change(Sign.REMOVE, what, waits, partial(_until_gone, stack))]
    price = cluster_state.costs_now(stack, state)
    details = [
        final_snapshot.line(stack, snapshot)
        if snapshot
        else "its data and its automatic backups are lost: no final snapshot"
    ]
    if state.status == "paused":
        details.append(
            f"where AWS does not delete it while it is paused, it is resumed first: {cluster_state.hourly(stack)}"
        )
    if state.secret_arn:
        details.append("its administrator's password in Secrets Manager goes with it")
    return [Change(Sign.REMOVE, what, tuple(details), partial(_delete, stack, snapshot, price))]


def pause(stack: Stack) -> None:
    """Stop paying for it by the hour. Raises AwsFailed, NotOurs, Refused, StillWaiting, Stuck."""
    state = _present(stack)
    if state.status == "paused":
        stack.report.say(f"The cluster {stack.name} is paused already.")
        return
    if state.status == "pausing":
        cluster_state.until_paused(stack, pausing.GOES_ON)
    else:
        pausing.pause(stack, state)


def resume(stack: Stack) -> None:
    """Start it again, and wait until it is available. Raises AwsFailed, NotOurs, Refused, StillWaiting, Stuck."""
    state = _present(stack)
    if state.available:
        stack.report.say(f"The cluster {stack.name} is running already.")
        return
    if state.status == "pausing":
        state = cluster_state.until_paused(stack, pausing.GOES_ON)
    if state.status == "paused":
        repairs.wake(stack)
        return
    goes_on = f"AWS goes on with it by itself, and it costs {cluster_state.hourly(stack)}."
    cluster_state.until_available(stack, goes_on)


def _present(stack: Stack) -> State:
    """The cluster, to be paused or resumed. Raises NotOurs, Refused where there is none or not for long."""
    state = look(stack)
    if not state.exists:
        raise Refused(f"There is no cluster {stack.name}.", "python infrastructure/setup.py makes one.")
    cluster_state.check_ours(stack, state)
    if state.ending:
        raise Refused(f"The cluster {stack.name} is being deleted.")
    return state


def _delete(stack: Stack, snapshot: str, price: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_DeleteCluster.html"""
    settled: list[str] = []
    farewell = {"FinalClusterSnapshotIdentifier": snapshot} if snapshot else {"SkipFinalClusterSnapshot": True}

    def attempt() -> Seen:
        state = look(stack)
        if state.ending:
            return Seen(True, "deleting")
        try:
            with ignoring(cluster_state.MISSING), doing(f"deleting the cluster {stack.name}"):
                stack.account.client("redshift").delete_cluster(ClusterIdentifier=stack.name, **farewell)
        except AwsFailed as error:
            settled.extend([state.status] if state.status in SETTLED else [])
            if error.code.startswith("InvalidClusterState") and settled.count("paused") == TRIES_WHEN_PAUSED:
                return Seen(True, "paused")
            if error.code.startswith("InvalidClusterState") and len(settled) < TRIES_WHEN_SETTLED:
                return Seen(False, f"{state.status}, not yet to be deleted")
            if error.code.startswith("ClusterSnapshotAlreadyExists"):
                raise final_snapshot.taken(snapshot) from None
            if PASSING.search(error.code):
                raise
            raise Stuck(f"{error.message} It is not deleted, and costs {price}.", error.hint) from None
        return Seen(True, "deleting")

    goes_on = f"If AWS has taken the order, it is being deleted; if not, it goes on costing {price}."
    until(stack, f"cluster {stack.name}", attempt, goes_on)
    if settled.count("paused") == TRIES_WHEN_PAUSED:
        stack.report.say(f"  {RESUMED_FIRST}", "yellow")
        repairs.wake(stack)
        _delete(stack, snapshot, cluster_state.hourly(stack))
        return
    stack.stands(f"cluster {stack.name}", "being deleted")
    _until_gone(stack)
    if snapshot:
        stack.stands(f"snapshot {snapshot}", stack.prices.storage)


def _until_gone(stack: Stack) -> None:
    cluster_state.until_gone(stack, "The cluster goes on being deleted; once it is gone, it costs nothing any more.")
    stack.gone(f"cluster {stack.name}")
