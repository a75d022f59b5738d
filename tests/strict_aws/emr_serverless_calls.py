"""The calls of EMR Serverless."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from strict_aws import shapes
from strict_aws.emr_serverless import (
    CREATED,
    IDLE,
    OVER,
    RELEASES,
    STARTED,
    STOPPED,
    TERMINATED,
    UNTRUSTED,
    Application,
    JobRun,
    assumable,
    by_arn,
    invalid,
)
from strict_aws.emr_workers import misfit, workers
from strict_aws.states import Life, Phase
from strict_aws.wire import AwsError
from strict_aws.world import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Callable

    from strict_aws.wire import Call
    from strict_aws.world import World

ENGINES = {"SPARK": "Spark", "HIVE": "Hive"}
PAGE = 50
KEPT = ("initialCapacity", "networkConfiguration", "runtimeConfiguration", "monitoringConfiguration")
"""Members of an application that are kept as they are given."""
LINKED = "ops.emr-serverless.amazonaws.com"
"""The service whose role AWS makes with the account's first application."""


def create_application(world: World, call: Call) -> dict[str, Any]:
    if known := _same_token(world, call, world.applications):
        return _created(known)
    kind, release = call.parameters["type"].upper(), call.parameters["releaseLabel"]
    if kind not in ENGINES:
        raise invalid(f"Unsupported engine {call.parameters['type']}")
    if release not in RELEASES:
        text = f"Type '{call.parameters['type']}' is not supported for release label '{release}' "
        raise invalid(text + "or release label does not exist")
    members = {"name": call.get("name"), "releaseLabel": release, "type": ENGINES[kind], **_settings(call, _DEFAULTS)}
    life = Life(world.clock, Phase("CREATING", polls=world.polls["creating"]), CREATED)
    made = Application(world, call.region, members, life, dict(call.get("tags", {})))
    world.applications[made.id] = made
    world.linked.add(LINKED)
    _remember(world, call, made.id)
    return _created(made)


def update_application(world: World, call: Call) -> dict[str, Any]:
    one = _application(world, call)
    one.require(*IDLE)
    if (release := call.get("releaseLabel", one.members["releaseLabel"])) not in RELEASES:
        raise invalid(f"Type '{one.members['type']}' is not supported for release label '{release}'")  # ours
    one.members |= {"releaseLabel": release, **_settings(call, one.members)}
    one.updated = datetime.now(UTC)
    return {"application": one.describe()}


def get_application(world: World, call: Call) -> dict[str, Any]:
    one = _application(world, call)
    one.life.see()
    return {"application": one.describe()}


def list_applications(world: World, call: Call) -> dict[str, Any]:
    everyone = [one for one in world.applications.values() if one.region == call.region]
    for one in everyone:
        one.life.see()
    return _page(call, "applications", everyone)


def start_application(world: World, call: Call) -> dict[str, Any]:
    one = _application(world, call)
    one.require(*IDLE, STARTED)
    one.start()
    return {}


def stop_application(world: World, call: Call) -> dict[str, Any]:
    one = _application(world, call)
    if one.state not in ("STARTING", "STARTED"):  # the words are those of sleeper issue 1212
        text = "Application cannot be STOPPED. Applications must be in one of the following statuses: "
        raise invalid(f"{text}[STARTING, STARTED]")
    if one.busy:  # the words are ours; that it is refused is from airflow pull request 30757
        raise invalid(f"Application {one.id} cannot be stopped while it has active job runs.")
    one.enter(Phase("STOPPING"), STOPPED)
    return {}


def delete_application(world: World, call: Call) -> dict[str, Any]:
    """It is still described afterwards, as terminated."""
    one = _application(world, call)
    one.require(*IDLE)
    one.enter(TERMINATED)
    return {}


def start_job_run(world: World, call: Call) -> dict[str, Any]:
    if known := _same_token(world, call, world.job_runs):
        return _submitted(known)
    application = _application(world, call)
    _check_job(call, application)
    life = Life(world.clock, Phase("SUBMITTED"))
    made = JobRun(application, dict(call.parameters), life, dict(call.get("tags", {})))
    application.start()
    if refused := _hopeless(world, made):
        made.ending = refused
        made.enter("SUBMITTED", "PENDING", "FAILED")
    elif world.scheduled is not None:
        made.enter("SUBMITTED", "PENDING", "SCHEDULED")
    else:
        state, made.ending = world.outcome
        made.enter("SUBMITTED", "PENDING", "SCHEDULED", "RUNNING", state)
    world.job_runs[made.id] = made
    _remember(world, call, made.id)
    return _submitted(made)


def get_job_run(world: World, call: Call) -> dict[str, Any]:
    one = _job_run(world, call)
    one.see()
    return {"jobRun": one.describe()}


def list_job_runs(world: World, call: Call) -> dict[str, Any]:
    runs = _application(world, call).runs
    for one in runs:
        one.see()
    return _page(call, "jobRuns", runs)


def cancel_job_run(world: World, call: Call) -> dict[str, Any]:
    one = _job_run(world, call)
    if one.state in OVER:  # the words are ours
        raise invalid(f"Job run {one.id} cannot be cancelled: it is in the terminal state {one.state}.")
    if one.state != "CANCELLING":
        executed = world.scheduled is not None and one.state in ("SCHEDULED", "RUNNING")
        one.ending = ""
        one.enter("CANCELLING", *([] if executed else ["CANCELLED"]))
    return {"applicationId": one.application.id, "jobRunId": one.id}


def list_tags(world: World, call: Call) -> dict[str, Any]:
    return {"tags": _by_arn(world, call).tags}


def tag(world: World, call: Call) -> dict[str, Any]:
    _by_arn(world, call).tags.update(call.parameters["tags"])
    return {}


def untag(world: World, call: Call) -> dict[str, Any]:
    for key in call.parameters["tagKeys"]:
        _by_arn(world, call).tags.pop(key, None)
    return {}


_DEFAULTS: dict[str, Any] = {
    "architecture": "X86_64",
    "autoStartConfiguration": {"enabled": True},
    "autoStopConfiguration": {"enabled": True, "idleTimeoutMinutes": 15},
}


def _settings(call: Call, before: dict[str, Any]) -> dict[str, Any]:
    """What the call sets of an application, over what it was before."""
    found = {name: call.get(name, value) for name, value in before.items() if name in _DEFAULTS or name in KEPT}
    found |= {name: call.parameters[name] for name in KEPT if name in call.parameters}
    stop = found["autoStopConfiguration"]
    if stop.get("enabled", True):
        found["autoStopConfiguration"] = {"enabled": True, "idleTimeoutMinutes": 15, **stop}
    if limit := call.get("maximumCapacity", before.get("maximumCapacity")):
        found["maximumCapacity"] = {name: _amount(name, text) for name, text in limit.items()}
    return found


def _amount(name: str, text: str) -> str:
    """As AWS writes it, however it was asked for: 16 vCPU, 64 GB."""
    digits = re.match(r"\d+", text)
    return f"{digits[0] if digits else text} {'vCPU' if name == 'cpu' else 'GB'}"


def _check_job(call: Call, application: Application) -> None:
    if application.life.phase is TERMINATED:
        raise invalid(f"Application {application.id} is terminated. Cannot start job run.")
    if call.parameters["executionRoleArn"].split(":")[4] != ACCOUNT:
        raise AwsError("AccessDeniedException", "Cross-account pass role is not allowed.", 403)
    if 0 < call.get("executionTimeoutMinutes", 0) < 5:
        raise invalid("RunTimeout must be at least 5 minutes.")
    if "sparkSubmit" not in call.get("jobDriver", {}):  # the words are ours
        raise invalid("jobDriver must be sparkSubmit for an application of type Spark.")
    if application.life.phase in IDLE and not application.members["autoStartConfiguration"]["enabled"]:
        application.require(STARTED)


def _hopeless(world: World, run: JobRun) -> str | None:
    """Why it fails before it runs."""
    role = run.parameters["executionRoleArn"]
    if not assumable(world, role, run.application):
        return UNTRUSTED.format(role)
    parameters = run.driver.get("sparkSubmitParameters", "")
    if wrong := misfit(parameters):
        return wrong
    limit = run.application.members.get("maximumCapacity", {})
    (_, _, cores, memory), _ = workers(parameters)
    over = [
        f"{name}: {limit[name]}"
        for name, needed in (("cpu", cores), ("memory", memory))
        if name in limit and int(limit[name].split()[0]) < needed
    ]
    if not over:
        return None
    text = "Worker could not be allocated as the application has exceeded maximumCapacity settings: "
    return f"ApplicationMaxCapacityExceededException: {text}[{', '.join(over)}]"


def _same_token(world: World, call: Call, among: dict[str, Any]) -> Any:
    """What the same request has made before; the same token with another request is a conflict."""
    found = world.tokens.get((call.region, call.operation, call.parameters["clientToken"]))
    if found is None:
        return None
    made, parameters = found
    if parameters != call.parameters:  # the words are ours
        raise AwsError("ConflictException", "The client token has been used with other parameters.")
    return among[made]


def _remember(world: World, call: Call, made: str) -> None:
    world.tokens[call.region, call.operation, call.parameters["clientToken"]] = made, call.parameters


def _created(one: Application) -> dict[str, Any]:
    return {"applicationId": one.id, "name": one.members["name"], "arn": one.arn}


def _submitted(one: JobRun) -> dict[str, Any]:
    return {"applicationId": one.application.id, "jobRunId": one.id, "arn": one.arn}


def _page(call: Call, name: str, everyone: list[Any]) -> dict[str, Any]:
    """The newest first, a page of those in the states asked for."""
    states = call.get("states") or ()
    told = [one.summary() for one in reversed(everyone) if not states or one.state in states]
    told = [one for one in told if _within(call, one["createdAt"])]
    start, size = int(call.get("nextToken", "0")), call.get("maxResults", PAGE)
    more = {"nextToken": str(start + size)} if start + size < len(told) else {}
    return {name: told[start : start + size], **more}


def _within(call: Call, created: datetime) -> bool:
    """Times are read without their zone, which is UTC."""
    at, after, before = created.replace(tzinfo=None), call.get("createdAtAfter"), call.get("createdAtBefore")
    return (after is None or at >= after) and (before is None or at <= before)


def _application(world: World, call: Call) -> Application:
    wanted = call.parameters["applicationId"]
    found = world.applications.get(wanted)
    if found is None or found.region != call.region:
        raise AwsError("ResourceNotFoundException", f"Application {wanted} does not exist")
    return found


def _job_run(world: World, call: Call) -> JobRun:
    application = _application(world, call)
    wanted = call.parameters["jobRunId"]
    found = world.job_runs.get(wanted)
    if found is None or found.application is not application:
        raise AwsError("ResourceNotFoundException", f"JobRun {wanted} does not exist")
    return found


def _by_arn(world: World, call: Call) -> Application | JobRun:
    wanted = call.parameters["resourceArn"]
    if found := by_arn(world, wanted):
        return found
    raise AwsError("ResourceNotFoundException", f"Resource {wanted} does not exist")  # the words are ours


def _checked(answer: Callable[[World, Call], dict[str, Any]]) -> Callable[[World, Call], dict[str, Any]]:
    def checked(world: World, call: Call) -> dict[str, Any]:
        shapes.check(call)
        return answer(world, call)

    return checked


ANSWERS = {
    name: _checked(answer)
    for name, answer in {
        "CreateApplication": create_application,
        "UpdateApplication": update_application,
        "GetApplication": get_application,
        "ListApplications": list_applications,
        "StartApplication": start_application,
        "StopApplication": stop_application,
        "DeleteApplication": delete_application,
        "StartJobRun": start_job_run,
        "GetJobRun": get_job_run,
        "ListJobRuns": list_job_runs,
        "CancelJobRun": cancel_job_run,
        "ListTagsForResource": list_tags,
        "TagResource": tag,
        "UntagResource": untag,
    }.items()
}
