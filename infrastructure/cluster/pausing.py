"""A cluster paused: AWS does it only with a recent backup, and some time after another change."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from infrastructure.cluster import state as cluster_state
from infrastructure.errors import AwsFailed, Stuck, doing
from infrastructure.waiting import Passing, Seen, insist, until

if TYPE_CHECKING:
    from infrastructure.stack import Stack
    from infrastructure.state import State

GOES_ON = "The cluster goes on being paused, and then costs its storage only."
# In AWS's words: "You can't pause cluster sparkify because no recently available backup was found. Create a manual
# snapshot or wait for an automated snapshot, then retry"
NO_BACKUP = "recently available backup"
BACKUP_DAYS = 1
# A cluster that is shown as available refuses such calls for a while: https://github.com/apache/airflow/pull/27276
SETTLING = Passing(rf"(?s)^(?!.*{NO_BACKUP}).*\(InvalidClusterState", "not yet to be changed", tries=12)


def pause(stack: Stack, state: State) -> None:
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_PauseCluster.html, and the wait.

    Raises AwsFailed, StillWaiting, Stuck.
    """
    try:
        _order(stack, state)
    except AwsFailed as error:
        if NO_BACKUP not in error.message:
            raise
        _back_up(stack)
        _order(stack, state)
    cluster_state.until_paused(stack, GOES_ON)


def _order(stack: Stack, state: State) -> None:
    def call() -> None:
        with doing(f"pausing the cluster {stack.name}"):
            stack.account.client("redshift").pause_cluster(ClusterIdentifier=stack.name)

    passing = (SETTLING,) if state.status.startswith("available") else ()
    goes_on = f"If AWS has not begun it, it costs {cluster_state.hourly(stack)}."
    insist(stack, f"cluster {stack.name}", call, passing, goes_on)


def _back_up(stack: Stack) -> None:
    """A snapshot that AWS deletes after a day: the one of the pause itself is kept as long as the cluster.

    AWS's own operators do so: https://docs.aws.amazon.com/managedservices/latest/ctref/management-advanced-redshift-pause-cluster.html
    """
    name = f"{stack.name}-pause-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    stack.report.say(
        f"AWS pauses a cluster only with a recent backup, and has none: the snapshot {name} is made, which AWS deletes "
        "after a day."
    )

    def call() -> None:
        with doing(f"backing up the cluster {stack.name}"):
            stack.account.client("redshift").create_cluster_snapshot(
                SnapshotIdentifier=name, ClusterIdentifier=stack.name, ManualSnapshotRetentionPeriod=BACKUP_DAYS
            )

    goes_on = f"The cluster is not paused, and costs {cluster_state.hourly(stack)}."
    insist(stack, f"snapshot {name}", call, (SETTLING,), goes_on)
    until(stack, f"snapshot {name}", lambda: _made(stack, name, goes_on), goes_on)


def _made(stack: Stack, name: str, goes_on: str) -> Seen:
    """https://docs.aws.amazon.com/redshift/latest/APIReference/API_Snapshot.html; raises Stuck where it failed."""
    with doing(f"looking at the snapshot {name}"):
        found = stack.account.client("redshift").describe_cluster_snapshots(SnapshotIdentifier=name)["Snapshots"]
    status = found[0]["Status"] if found else "ordered"
    if status not in {"available", "creating", "ordered"}:
        raise Stuck(f"The snapshot {name} is {status}. {goes_on}")
    return Seen(status == "available", status)
