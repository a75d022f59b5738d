"""How a run on EMR on EC2 ended, told to people: the job's own summary, or why it failed and what to do; its cost.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-manage-view-web-log-files.html
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from infrastructure.emr import ec2_clusters, ec2_usage, run_logs
from infrastructure.emr.compute import too_long
from infrastructure.emr.ec2_clusters import title
from infrastructure.errors import JobFailed
from infrastructure.report import elapsed
from infrastructure.stack import money
from warehouse.remedies import remedy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from infrastructure.emr.stack import LakeStack
    from warehouse.remedies import Remedies

COMPLETED = "COMPLETED"  # of a step
CANCELLED, OF_ITS_STEP = "USER_REQUEST", "STEP_FAILURE"  # why a cluster ended
NO_RIGHTS = re.compile(r"insufficient EC2 permissions")  # AWS's words about EMR's role
# Pattern of AWS's code (after ^) or of its words -> what helps; the first that fits counts.
REMEDIES: Remedies = {
    NO_RIGHTS.pattern: (
        "python infrastructure/lake.py up puts the roles right; one that was just made takes AWS some minutes: run it "
        "again."
    ),
    r"[Ii]nstance type|capacity|quota|limit": (
        "Set another INSTANCE_TYPE, fewer INSTANCES or another SUBNET_ID in [EMR] of dl.cfg; or ask for more of EC2's "
        "vCPU at https://console.aws.amazon.com/servicequotas/home."
    ),
    r"^BOOTSTRAP_FAILURE": (
        "The instances could not be set up: does the subnet (SUBNET_ID in [EMR] of dl.cfg) reach the internet, or S3 "
        "by an endpoint?"
    ),
    r"^(INSTANCE_FAILURE|INTERNAL_ERROR)": "That is AWS's side: run it again.",
    r"OutOfMemory|ExitCode: 137|exit code 137": "It ran out of memory: set a larger INSTANCE_TYPE in [EMR] of dl.cfg.",
}


def succeeded(step: Mapping[str, Any]) -> bool:
    return bool(step) and step["Status"]["State"] == COMPLETED


def place(stack: LakeStack, cluster: Mapping[str, Any], step: Mapping[str, Any]) -> str:
    """The s3:// URL of the logs of the step, or of the cluster where it has none; AWS may call it s3n://."""
    root = str(cluster.get("LogUri", stack.logs_url)).replace("s3n://", "s3://", 1).rstrip("/")
    below = f"steps/{step['Id']}/" if step else ""
    return f"{root}/{cluster['Id']}/{below}"


def tell(stack: LakeStack, cluster: Mapping[str, Any], cost: Decimal | None) -> None:
    """Of a cluster that has ended. Raises AwsFailed, JobFailed."""
    step, report = ec2_clusters.step(stack, cluster), stack.report
    price = "what it cost is not known" if cost is None else f"it cost at most {money(cost)}"
    spent = f"took {elapsed(ec2_usage.seconds(cluster))}; {price}"
    if not succeeded(step):
        raise _failed(stack, cluster, step, spent)
    run_logs.show_summary(stack, place(stack, cluster, step))
    report.headline("The job has succeeded.")
    report.say(f"The {title(cluster)} {spent}. It has ended.")
    report.say(f"Its logs: {place(stack, cluster, step)}")


def _failed(stack: LakeStack, cluster: Mapping[str, Any], step: Mapping[str, Any], spent: str) -> JobFailed:
    """The job's own words where it had any, else AWS's reason; what to do; where the logs are."""
    reason = cluster["Status"].get("StateChangeReason", {})
    code, words = reason.get("Code", ""), reason.get("Message", "") or "AWS does not say why"
    end = f"The cluster {spent}. It has ended."
    if code == CANCELLED:
        return JobFailed(f"The {title(cluster)} was cancelled: somebody ordered that.", end)
    if code != OF_ITS_STEP:
        hints = [remedy(REMEDIES, f"{code} {words}"), f"Its logs: {place(stack, cluster, {})}", end]
        return JobFailed(f"The {title(cluster)} failed: {words.rstrip('.')} ({code}).", _lines(hints))
    log = run_logs.failure(stack, place(stack, cluster, step))
    told = [_limit(stack, step), *(line.removeprefix("error: ") for line in log.lines)]
    said = [line for line in told if line] or [words]
    hints = [*said[1:], remedy(REMEDIES, said[0]), log.missing, f"Its logs: {place(stack, cluster, step)}", end]
    return JobFailed(f"The job on the {title(cluster)} failed: {said[0].rstrip('.')}.", _lines(hints))


def _limit(stack: LakeStack, step: Mapping[str, Any]) -> str:
    """That the job took longer than it may; empty where it did not."""
    times, minutes = step["Status"].get("Timeline", {}), stack.settings.job_minutes
    if not {"StartDateTime", "EndDateTime"} <= times.keys():
        return ""
    late = times["EndDateTime"] - times["StartDateTime"] >= timedelta(minutes=minutes)
    return too_long(minutes) if late else ""


def _lines(hints: list[str]) -> str:
    return "\n".join(hint for hint in hints if hint)
