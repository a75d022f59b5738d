"""Runs of the lake's job on EMR Serverless: started, followed to their end, cancelled.

https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/job-states.html
"""

from __future__ import annotations

import shlex
import uuid
from itertools import islice
from typing import TYPE_CHECKING, Any

from infrastructure.emr import usage
from infrastructure.emr.compute import so_far
from infrastructure.emr.orders import NOT_FOUND, client, order
from infrastructure.emr.upload import upload
from infrastructure.emr.workers import fitting
from infrastructure.errors import AwsFailed, Stuck, doing
from infrastructure.stack import money
from infrastructure.waiting import Seen, until

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infrastructure.emr.stack import LakeStack
    from infrastructure.emr.upload import Job

LATEST = 5  # how many are told of
# The states in which a job run is active, and what they mean.
ACTIVE = {
    "SUBMITTED": "submitted",
    "QUEUED": "queued, until other runs end",
    "PENDING": "waiting for its turn",
    "SCHEDULED": "workers are being started",
    "RUNNING": "running",
    "CANCELLING": "being cancelled",
}
SUCCESS = "SUCCESS"


def title(run: Mapping[str, Any]) -> str:
    return f"job run {run['jobRunId']}"


def describe(stack: LakeStack, application: str, identifier: str) -> Mapping[str, Any]:
    """As AWS describes it. Raises AwsFailed; Stuck where it is gone, with its application.

    https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_JobRun.html
    """
    try:
        with doing(f"looking for the job run {identifier}"):
            run: Mapping[str, Any] = client(stack).get_job_run(applicationId=application, jobRunId=identifier)["jobRun"]
    except AwsFailed as error:
        if error.code == NOT_FOUND:
            raise Stuck(f"The job run {identifier} is gone: somebody has deleted its application.") from None
        raise
    return run


def is_ours(stack: LakeStack, run: Mapping[str, Any]) -> bool:
    return stack.owns(run.get("tags", {}))


def active(stack: LakeStack, application: str) -> list[Mapping[str, Any]]:
    """All that are not over, whoever started them, the newest first. Raises AwsFailed.

    https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_ListJobRuns.html
    """
    with doing("looking for active job runs"):
        pages = client(stack).get_paginator("list_job_runs").paginate(applicationId=application, states=list(ACTIVE))
        found = [run for page in pages for run in page["jobRuns"]]
    runs = [describe(stack, application, run["id"]) for run in _newest_first(found)]
    return [run for run in runs if run["state"] in ACTIVE]


def latest(stack: LakeStack, application: str) -> list[Mapping[str, Any]]:
    """The last few that we started, the newest first. Raises AwsFailed."""
    with doing("looking for job runs"):
        found = client(stack).list_job_runs(applicationId=application)["jobRuns"]
    runs = (describe(stack, application, run["id"]) for run in _newest_first(found))
    return list(islice((run for run in runs if is_ours(stack, run)), LATEST))


def _newest_first(runs: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(runs, key=lambda run: run["createdAt"], reverse=True)


def start(stack: LakeStack, application: str) -> Mapping[str, Any]:
    """Upload the job and start a run of it, which is returned as far as it is known. Raises AwsFailed, StillWaiting.

    Where the answer is lost the order is given again with the same token, so that it starts once.
    https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_StartJobRun.html
    """
    asked, ordered = _parameters(stack, application, upload(stack)), "job run"
    stack.stands(ordered, f"perhaps: it was being ordered; {stack.words.status} tells")
    try:
        made = order(stack, ordered, "starting the job run", lambda: client(stack).start_job_run(**asked))
    except AwsFailed:
        stack.gone(ordered)
        raise
    run = {**asked, "jobRunId": made["jobRunId"]}
    stack.stands(title(run), usage.ceiling(stack, run))
    stack.gone(ordered)
    return run


def _parameters(stack: LakeStack, application: str, job: Job) -> dict[str, Any]:
    settings = stack.settings
    confs = fitting(settings.max_vcpu, settings.max_memory_gb).spark_settings()
    flags = [part for name, value in confs.items() for part in ("--conf", f"{name}={value}")]
    return {
        "applicationId": application,
        "clientToken": str(uuid.uuid4()),
        "name": stack.name,
        "executionRoleArn": stack.role_arn,
        "executionTimeoutMinutes": settings.job_minutes,
        "tags": stack.tags(),
        "jobDriver": {
            "sparkSubmit": {
                "entryPoint": job.entry_point,
                "entryPointArguments": ["--input", stack.input, "--output", stack.output],
                "sparkSubmitParameters": shlex.join(["--py-files", job.package, *flags]),
            }
        },
        "configurationOverrides": {
            "monitoringConfiguration": {"s3MonitoringConfiguration": {"logUri": stack.logs_url}}
        },
    }


def follow(stack: LakeStack, run: Mapping[str, Any]) -> Mapping[str, Any]:
    """The run as it is when it is over. Raises StillWaiting, which says what it costs meanwhile, and AwsFailed."""
    seen = [run]
    stack.stands(title(run), usage.ceiling(stack, run))

    def look() -> Seen:
        seen.append(describe(stack, run["applicationId"], run["jobRunId"]))
        return Seen(seen[-1]["state"] not in ACTIVE, _told(stack, seen[-1]))

    until(stack, title(run), look, _goes_on(stack, run), usage.minutes(stack, run))
    stack.gone(title(run))
    return seen[-1]


def _told(stack: LakeStack, run: Mapping[str, Any]) -> str:
    """Its state, and what it has cost at most."""
    return f"{ACTIVE.get(run['state'], run['state'].lower())}{so_far(usage.so_far(stack, run))}"


def _goes_on(stack: LakeStack, run: Mapping[str, Any]) -> str:
    return (
        f"The job goes on by itself and costs at most {money(usage.an_hour_of(stack, run))} an hour while it runs; AWS "
        f"cancels it after {usage.minutes(stack, run)} minutes. python infrastructure/lake.py run --cancel ends it."
    )


def cancel(stack: LakeStack, run: Mapping[str, Any]) -> Mapping[str, Any]:
    """The run when it is over, cancelled or ended before that by itself. Raises AwsFailed, StillWaiting, Stuck.

    https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_CancelJobRun.html
    """
    names = {"applicationId": run["applicationId"], "jobRunId": run["jobRunId"]}
    try:
        order(stack, title(run), f"cancelling the {title(run)}", lambda: client(stack).cancel_job_run(**names))
    except AwsFailed as error:
        if error.code != "ValidationException" or describe(stack, *names.values())["state"] in ACTIVE:
            raise
    return follow(stack, run)
