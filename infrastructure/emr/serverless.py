"""EMR Serverless as what runs the lake's job: an application, which costs nothing while no job runs, and its job runs.

https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/emr-serverless.html
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from infrastructure.emr import application, job_runs, outcome, role, run_logs, usage
from infrastructure.emr.application import title
from infrastructure.emr.compute import Look, Run, check_agreed
from infrastructure.emr.job_runs import ACTIVE, SUCCESS
from infrastructure.emr.usage import costs
from infrastructure.emr.workers import fitting
from infrastructure.errors import Refused
from infrastructure.plan import Change, Sign

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from infrastructure.emr.stack import LakeStack

__all__ = ["cancel", "costs", "look", "plan_down", "plan_up", "run", "title", "under_way"]

ROLE_TRIES = 3  # how often a run is started that fails since AWS does not know the role yet


def plan_up(stack: LakeStack) -> list[Change]:
    """The job's role, and the application made or set right. Raises AwsFailed, NotOurs."""
    return [*role.plan_up(stack), *_plan_application(stack)]


def _plan_application(stack: LakeStack) -> list[Change]:
    ours, what = application.ours(stack), title(stack)
    if not ours:
        words = application.in_words(application.wanted(stack))
        details = tuple(f"{name}: {value}" for name, value in words.items())
        return [Change(Sign.ADD, what, details, lambda: application.create(stack))]
    stack.stands(what, application.IDLE)
    why = f"is another of this name, {application.IDLE}: {stack.words.down} removes both"
    twins = [Change(Sign.KEEP, f"{what} ({twin['applicationId']})", (why,)) for twin in ours[1:]]
    return [_plan_repair(stack, ours[0]), *twins]


def _plan_repair(stack: LakeStack, mine: Mapping[str, Any]) -> Change:
    what, identifier = title(stack), mine["applicationId"]
    changes = [f"~ {difference.line}" for difference in application.differences(stack, mine)]
    if changes:
        return Change(Sign.CHANGE, what, tuple(changes), partial(_change, stack, identifier))
    if mine["state"] not in application.READY:
        line = f"~ is {mine['state'].lower()}: waits until a job can be run"
        return Change(Sign.CHANGE, what, (line,), partial(application.wait, stack, identifier))
    return Change(Sign.KEEP, what)


def _change(stack: LakeStack, identifier: str) -> None:
    """Raises also Refused, since AWS changes no application while a job runs in it."""
    busy = job_runs.active(stack, identifier)
    if busy:
        raise Refused(
            f"The {title(stack)} cannot be changed while the {job_runs.title(busy[0])} is active.",
            "Run the same command again when it has ended; python infrastructure/lake.py run --cancel ends it.",
        )
    application.update(stack, identifier)


def plan_down(stack: LakeStack) -> list[Change]:
    """Active job runs cancelled, all applications of ours removed, and the role. Raises AwsFailed."""
    found = application.named(stack)
    ours = [one["applicationId"] for one in found if application.is_ours(stack, one)]
    active = {identifier: job_runs.active(stack, identifier) for identifier in ours}
    changes = [change for one in found for change in _plan_removal(stack, one, active.get(one["applicationId"]))]
    used = any(_strange(stack, runs) for runs in active.values())
    return [*changes, *role.plan_down(stack, {stack.role_arn} if used else ())]


def _plan_removal(stack: LakeStack, one: Mapping[str, Any], active: Sequence[Mapping[str, Any]] | None) -> list[Change]:
    """``active`` are the job runs in an application of ours that are not over, None for somebody else's."""
    what = f"{title(stack)} ({one['applicationId']})"
    if active is None:
        return [Change(Sign.KEEP, what, ("was not made by this project; it is left alone",))]
    stack.stands(title(stack), application.IDLE)
    if strange := _strange(stack, active):
        why = f"the {job_runs.title(strange[0])} is active in it, and was not started by this project"
        return [Change(Sign.KEEP, what, (why,))]
    return [
        *(_plan_cancelling(stack, run) for run in active),
        Change(Sign.REMOVE, what, (), partial(application.delete, stack, one["applicationId"])),
    ]


def _strange(stack: LakeStack, runs: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those of the job runs that we did not start."""
    return [run for run in runs if not job_runs.is_ours(stack, run)]


def _plan_cancelling(stack: LakeStack, found: Mapping[str, Any]) -> Change:
    line = f"is {ACTIVE[found['state']]}: it is cancelled, and what it was writing stays unfinished"
    return Change(Sign.REMOVE, job_runs.title(found), (line,), partial(_cancel, stack, found))


def look(stack: LakeStack) -> Look:
    """What AWS says now; ours or not. Raises AwsFailed."""
    found = application.named(stack)
    if not found:
        return Look()
    one = found[0]
    ours, words = application.is_ours(stack, one), application.in_words(one)
    lines = tuple(difference.line for difference in application.differences(stack, one)) if ours else ()
    return Look(
        status=one["state"].lower(),
        usable=ours and not lines and one["state"] in application.READY,
        ours=ours,
        differences=lines,
        facts={"application": one["applicationId"], **words},
        runs=tuple(_run(stack, run) for run in job_runs.latest(stack, one["applicationId"])),
        raw=one,
    )


def _run(stack: LakeStack, found: Mapping[str, Any]) -> Run:
    active = found["state"] in ACTIVE
    return Run(
        id=found["jobRunId"],
        status=found["state"].lower(),
        active=active,
        failed=not active and found["state"] != SUCCESS,
        started=found.get("startedAt"),
        seconds=usage.seconds(found),
        usd=usage.so_far(stack, found) if active else usage.in_all(stack, found),
        detail=found.get("stateDetails", ""),
        logs=run_logs.place(stack, found),
    )


def run(stack: LakeStack, *, another: bool, agreed: bool = True) -> None:
    """Run the job and tell how it ended; one that is active already is followed instead, unless ``another``.
    Nothing is started that nobody has ``agreed`` to.

    Raises AwsFailed, JobFailed, NotOurs, Refused, StillWaiting, Stuck.
    """
    ours = application.ours(stack)
    if not ours:
        there = f"There is no {title(stack)} in {stack.account.region}."
        raise Refused(there, "python infrastructure/lake.py up makes it.")
    stack.stands(title(stack), application.IDLE)
    under_way = [] if another else _active(stack, ours)
    if under_way:
        _tell_of(stack, under_way[0])
        ended = job_runs.follow(stack, under_way[0])
    else:
        check_agreed(stack, agreed=agreed)
        _check_as_planned(stack, ours[0])
        ended = _run_to_its_end(stack, ours[0]["applicationId"])
    outcome.tell(stack, ended)


def _active(stack: LakeStack, ours: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The job runs of ours that are not over."""
    found = (run for one in ours for run in job_runs.active(stack, one["applicationId"]))
    return [run for run in found if job_runs.is_ours(stack, run)]


def _tell_of(stack: LakeStack, found: Mapping[str, Any]) -> None:
    arguments = " ".join(found["jobDriver"].get("sparkSubmit", {}).get("entryPointArguments", ()))
    stack.report.say(
        f"The {job_runs.title(found)} is active already ({arguments}): it is followed. --another starts one beside it.",
        "yellow",
    )


def _check_as_planned(stack: LakeStack, mine: Mapping[str, Any]) -> None:
    """What was said of the costs holds only for an application that is as dl.cfg has it."""
    lines = [difference.line for difference in application.differences(stack, mine)]
    if lines:
        raise Refused(
            f"The {title(stack)} is not as dl.cfg has it ({'; '.join(lines)}). Nothing was started.",
            "python infrastructure/lake.py up puts it right.",
        )


def _run_to_its_end(stack: LakeStack, identifier: str) -> Mapping[str, Any]:
    application.wait(stack, identifier)
    workers = fitting(stack.settings.max_vcpu, stack.settings.max_memory_gb)
    for attempt in range(1, ROLE_TRIES + 1):
        started = job_runs.start(stack, identifier)
        stack.report.say(f"Started the {job_runs.title(started)} with {workers}.")
        ended = job_runs.follow(stack, started)
        if attempt == ROLE_TRIES or not outcome.NO_ROLE.search(ended.get("stateDetails", "")):
            return ended
        stack.report.say(f"AWS does not know the role {stack.role_name} yet: once more.", "yellow")
        time.sleep(stack.settings.poll_seconds)
    raise AssertionError("the last attempt returns")


def cancel(stack: LakeStack) -> bool:
    """Cancel the job runs of ours that are active, and wait until they have ended; whether there were any.

    Raises AwsFailed, NotOurs, StillWaiting, Stuck.
    """
    active = _active(stack, application.ours(stack))
    for found in active:
        _cancel(stack, found)
    return bool(active)


def under_way(stack: LakeStack) -> list[str]:
    """The job runs of ours that are active, as people call them. Raises AwsFailed, NotOurs."""
    return [job_runs.title(found) for found in _active(stack, application.ours(stack))]


def _cancel(stack: LakeStack, found: Mapping[str, Any]) -> None:
    ended = job_runs.cancel(stack, found)
    cost = usage.in_all(stack, ended)
    spent = "" if cost is None else f"; it cost {usage.shown(cost)}"
    stack.report.say(f"  {job_runs.title(ended)}: {ended['state'].lower()}{spent}")
