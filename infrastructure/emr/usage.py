"""What EMR Serverless costs: a job run at most before it starts, while it runs, and in the end.

https://aws.amazon.com/emr/pricing/ (Amazon EMR Serverless): by the second that workers run, a minute each at least.
Workers have the 20 GB of disk that cost nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from infrastructure.emr.workers import told
from infrastructure.prices import MEMORY_HOUR, VCPU_HOUR
from infrastructure.stack import money

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infrastructure.emr.stack import LakeStack

CENT = Decimal("0.01")


def an_hour(stack: LakeStack) -> Decimal:
    """USD an hour at the maximum capacity."""
    settings = stack.settings
    return stack.prices.workers(Decimal(settings.max_vcpu), Decimal(settings.max_memory_gb))


def an_hour_of(stack: LakeStack, run: Mapping[str, Any]) -> Decimal:
    """USD an hour of a job run with all the workers that it may have, whatever dl.cfg says by now."""
    asked = told(run.get("jobDriver", {}).get("sparkSubmit", {}).get("sparkSubmitParameters", ""))
    if asked is None:
        return an_hour(stack)
    return stack.prices.workers(Decimal(asked.count * asked.vcpu), Decimal(asked.count * asked.memory_gb))


def minutes(stack: LakeStack, run: Mapping[str, Any]) -> int:
    """After how many minutes AWS cancels a job run."""
    return int(run.get("executionTimeoutMinutes", stack.settings.job_minutes))


def ceiling(stack: LakeStack, run: Mapping[str, Any]) -> str:
    """The most that a job run costs, in words."""
    most = an_hour_of(stack, run) * minutes(stack, run) / 60
    return f"at most {money(most)}: AWS cancels it after {minutes(stack, run)} minutes"


def costs(stack: LakeStack) -> list[str]:
    """What it costs by the table, a line each."""
    settings, prices, limit = stack.settings, stack.prices, stack.settings.job_minutes
    most = money(an_hour(stack) * limit / 60)
    vcpu = f"{settings.max_vcpu} vCPU at ${prices.of(VCPU_HOUR)}"
    memory = f"{settings.max_memory_gb} GB at ${prices.of(MEMORY_HOUR)}"
    return [
        f"a job run: at most {most}: AWS cancels it after {limit} minutes (JOB_MINUTES)",
        f"while it runs: at most {money(an_hour(stack))} an hour ({vcpu}, {memory}), by the second",
        f"while no job runs: nothing; the application stops by itself after {settings.idle_minutes} minutes",
    ]


def seconds(run: Mapping[str, Any]) -> float | None:
    """How long a job run has run, or ran; None before it has started."""
    started = run.get("startedAt")
    if started is None:
        return None
    ran: timedelta = (run.get("endedAt") or datetime.now(UTC)) - started
    return max(ran.total_seconds(), 0.0)


def so_far(stack: LakeStack, run: Mapping[str, Any]) -> Decimal | None:
    """USD at most until now; None before it has started: AWS tells only in the end what was used."""
    ran = seconds(run)
    return None if ran is None else an_hour_of(stack, run) * Decimal(timedelta(seconds=ran) / timedelta(hours=1))


def in_all(stack: LakeStack, run: Mapping[str, Any]) -> Decimal | None:
    """USD of a job run that is over, None while AWS has not told what it used.

    As billed, and until AWS has told that, as used, which is without the rounding up to a minute for each worker:
    https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_JobRun.html
    """
    hours = run.get("billedResourceUtilization") or run.get("totalResourceUtilization")
    if not hours:
        return None
    vcpu, memory = (Decimal(str(hours.get(name, 0))) for name in ("vCPUHour", "memoryGBHour"))
    return stack.prices.workers(vcpu, memory)


def shown(cost: Decimal) -> str:
    """
    >>> shown(Decimal("0.002")), shown(Decimal("1.234")), shown(Decimal(0))
    ('less than $0.01', '$1.23', '$0.00')
    """
    return f"less than {money(CENT)}" if 0 < cost < CENT else money(cost)
