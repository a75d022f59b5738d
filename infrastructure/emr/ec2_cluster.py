"""EMR on EC2 as what runs the job: two roles and an instance profile that stay, and a cluster for each run.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-what-is-emr.html
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from infrastructure.emr import ec2_clusters, ec2_network, ec2_profile, ec2_roles, ec2_runs, ec2_usage
from infrastructure.emr.compute import ABSENT, Look, check_agreed
from infrastructure.emr.ec2_outcome import NO_RIGHTS
from infrastructure.emr.upload import upload
from infrastructure.errors import JobFailed, NotOurs, Refused
from infrastructure.plan import Change, Sign, differs
from infrastructure.stack import money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infrastructure.emr.stack import LakeStack
    from infrastructure.emr.upload import Job

READY, INCOMPLETE = "ready", "incomplete"
NOTHING = "costs nothing while no job runs"
ROLE_TRIES = 3  # how often a cluster is ordered that EC2 refuses since a role is new to it


def title(stack: LakeStack) -> str:
    """What people call it."""
    return f"EMR on EC2 {stack.name}"


def plan_up(stack: LakeStack) -> list[Change]:
    """The roles and the instance profile; clusters come with runs. Raises AwsFailed, ConfigError, NotOurs."""
    return [*ec2_roles.plan_up(stack), ec2_profile.plan_up(stack)]


def plan_down(stack: LakeStack) -> list[Change]:
    """Clusters that run, then the profile and the roles; EMR's own security groups are left. Raises AwsFailed."""
    clusters = [
        Change(Sign.REMOVE, ec2_clusters.title(one), ("a run that has not ended",), partial(_end, stack, one["Id"]))
        for one in ec2_clusters.active(stack)
    ]
    changes = [*clusters, *ec2_profile.plan_down(stack), *ec2_roles.plan_down(stack)]
    return [*changes, *_left(stack)] if differs(changes) else changes


def _end(stack: LakeStack, identifier: str) -> None:
    ec2_clusters.terminate(stack, [ec2_clusters.describe(stack, identifier)])


def _left(stack: LakeStack) -> list[Change]:
    why = "EMR made it for all clusters of its VPC; it is free, and stays"
    found = sorted(f"security group {one['GroupName']} ({one['GroupId']})" for one in ec2_network.groups(stack))
    return [Change(Sign.KEEP, what, (why,)) for what in found]


def costs(stack: LakeStack) -> list[str]:
    """What it costs by the table, a line each."""
    return ec2_usage.costs(stack)


def look(stack: LakeStack) -> Look:
    """What is there of the roles and the profile, and the latest runs. Raises AwsFailed, ConfigError."""
    runs = tuple(ec2_runs.describe(stack, one) for one in ec2_clusters.latest(stack))
    try:
        changes = plan_up(stack)
    except NotOurs as error:
        return Look(INCOMPLETE, ours=False, differences=(error.message,), runs=runs)
    settings = stack.settings
    facts = {"size": f"{settings.instances} x {settings.instance_type}, {settings.release}", "price": NOTHING}
    return Look(_status(changes), not differs(changes), differences=_differences(changes), facts=facts, runs=runs)


def _status(changes: Sequence[Change]) -> str:
    if all(change.sign is Sign.ADD for change in changes):
        return ABSENT
    return INCOMPLETE if differs(changes) else READY


def _differences(changes: Sequence[Change]) -> tuple[str, ...]:
    """What ``up`` would put right, a sentence each; nothing where there is nothing at all."""
    if _status(changes) == ABSENT:
        return ()
    missing = {Sign.ADD: "There is no {}.", Sign.CHANGE: "The {} is not as dl.cfg has it."}
    return tuple(missing[change.sign].format(change.what) for change in changes if change.sign in missing)


def run(stack: LakeStack, *, another: bool, agreed: bool = True) -> None:
    """Upload the job, order a cluster for it and follow that to its end; or follow one that is active already.
    Nothing is started that nobody has ``agreed`` to.

    Raises AwsFailed, ConfigError, JobFailed, NotOurs, Refused, StillWaiting.
    """
    going = ec2_clusters.active(stack)
    if going and not another:
        stack.report.say(
            f"The {ec2_clusters.title(going[0])} has not ended: it is followed. --another starts one more."
        )
        return ec2_runs.follow(stack, going[0])
    check_agreed(stack, agreed=agreed)
    if differs(plan_up(stack)):
        raise Refused(
            f"The roles of {title(stack)} are not as dl.cfg has them. Nothing was started.",
            "python infrastructure/lake.py up makes them, or puts them right.",
        )
    return _run_to_its_end(stack, upload(stack))


def _run_to_its_end(stack: LakeStack, job: Job) -> None:
    """Again where EC2 does not know yet what EMR's role may do: that comes before any instance, and costs nothing."""
    for attempt in range(1, ROLE_TRIES + 1):
        cluster = ec2_clusters.start(stack, job)
        stack.report.say(f"  {ec2_clusters.title(cluster)}: ordered; EMR takes some minutes to start it")
        try:
            return ec2_runs.follow(stack, cluster)
        except JobFailed as error:
            if attempt == ROLE_TRIES or not NO_RIGHTS.search(error.message):
                raise
        stack.report.say("EC2 does not know the rights of EMR's role yet: once more.", "yellow")
        time.sleep(stack.settings.poll_seconds)
    raise AssertionError("the last attempt returns or raises")


def cancel(stack: LakeStack) -> bool:
    """End the clusters that are active, and wait until they have ended; whether there were any.

    Raises AwsFailed, StillWaiting.
    """
    going = ec2_clusters.active(stack)
    ec2_clusters.terminate(stack, going)
    for cluster in going:
        ended = ec2_runs.describe(stack, ec2_clusters.describe(stack, cluster["Id"]))
        cost = "" if ended.usd is None else f"; it cost at most {money(ended.usd)}"
        stack.report.say(f"  {ec2_clusters.title(cluster)}: {ended.status}{cost}")
    return bool(going)


def under_way(stack: LakeStack) -> list[str]:
    """The clusters that are active, as people call them. Raises AwsFailed."""
    return [ec2_clusters.title(one) for one in ec2_clusters.active(stack)]
