"""How a job run ended, told to people: the job's own summary, or why it failed and what to do; and what it cost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from infrastructure.emr import run_logs, usage
from infrastructure.emr.compute import too_long
from infrastructure.emr.job_runs import SUCCESS, title
from infrastructure.errors import JobFailed
from infrastructure.report import elapsed
from warehouse.remedies import remedy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infrastructure.emr.run_logs import Log
    from infrastructure.emr.stack import LakeStack
    from warehouse.remedies import Remedies

# The words are AWS's, as public logs of job runs have them.
NO_ROLE = re.compile(r"Could not assume runtime role")
REMEDIES: Remedies = {
    NO_ROLE.pattern: (
        "A role that was just made takes AWS some minutes: run it again. python infrastructure/lake.py up repairs it."
    ),
    r"maximumCapacity": (
        "Set a larger MAX_VCPU and MAX_MEMORY_GB in [EMR] of dl.cfg, then run python infrastructure/lake.py up."
    ),
    r"[Qq]uota|[Ll]imit.*vCPU|vCPU.*[Ll]imit": (
        "Set a smaller MAX_VCPU in [EMR] of dl.cfg and run python infrastructure/lake.py up, or ask for more of EMR "
        "Serverless's vCPU at https://console.aws.amazon.com/servicequotas/home."
    ),
    r"ExitCode: 137|memory usage exceeded|OutOfMemory": (
        "Its workers ran out of memory: set a larger MAX_MEMORY_GB in [EMR] of dl.cfg, then run "
        "python infrastructure/lake.py up."
    ),
}


def tell(stack: LakeStack, run: Mapping[str, Any]) -> None:
    """Of a job run that is over. Raises JobFailed."""
    if run["state"] != SUCCESS:
        raise _failed(stack, run)
    run_logs.show_summary(stack, run_logs.place(stack, run))
    stack.report.headline("The job has succeeded.")
    stack.report.say(f"The {title(run)} took {elapsed(usage.seconds(run) or 0)}; {_cost(stack, run)}.")
    stack.report.say(f"Its logs: {run_logs.place(stack, run)}")


def _cost(stack: LakeStack, run: Mapping[str, Any]) -> str:
    cost = usage.in_all(stack, run)
    return "AWS has not told yet what it cost" if cost is None else f"it cost {usage.shown(cost)}"


def _failed(stack: LakeStack, run: Mapping[str, Any]) -> JobFailed:
    details, log = run.get("stateDetails", "").strip(), _log(stack, run)
    told = [line.removeprefix("error: ") for line in log.lines]
    reason = _cancelled(stack, run) or (told[0] if told else details) or "AWS does not say why"
    happened = "was cancelled" if run["state"] == "CANCELLED" else "failed"
    hints = [
        *told[1:],
        remedy(REMEDIES, f"{reason} {details}"),
        f"AWS says: {details}" if details not in {"", reason} else "",
        *(_ran(stack, run, log) if run.get("startedAt") else ["It did not start, and cost nothing."]),
    ]
    return JobFailed(f"The {title(run)} {happened}: {reason.rstrip('.')}.", "\n".join(hint for hint in hints if hint))


def _log(stack: LakeStack, run: Mapping[str, Any]) -> Log:
    """What tells why it failed; nothing of a run that was cancelled, which does not."""
    if run["state"] == "CANCELLED":
        return run_logs.Log()
    return run_logs.failure(stack, run_logs.place(stack, run), run_logs.LOOKS if run.get("startedAt") else 1)


def _ran(stack: LakeStack, run: Mapping[str, Any], log: Log) -> list[str]:
    took = f"It ran for {elapsed(usage.seconds(run) or 0)}; {_cost(stack, run)}."
    return [log.missing, f"Its logs: {run_logs.place(stack, run)}", took]


def _cancelled(stack: LakeStack, run: Mapping[str, Any]) -> str:
    """Why a run was cancelled, empty for one that was not."""
    if run["state"] != "CANCELLED":
        return ""
    minutes = usage.minutes(stack, run)
    if (usage.seconds(run) or 0) >= minutes * 60:
        return too_long(minutes)
    return "somebody ordered that"
