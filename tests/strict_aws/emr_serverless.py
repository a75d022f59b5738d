"""EMR Serverless: applications and job runs with the states that AWS takes them through; moto's have none.

Sources: https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/applications.html#application-states,
https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/job-states.html
"""

from __future__ import annotations

import json
import math
import secrets
import string
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from strict_aws.emr_workers import hours
from strict_aws.policies import holds
from strict_aws.states import Life, Phase
from strict_aws.wire import AwsError
from strict_aws.world import ACCOUNT, role_named, trusted_services

if TYPE_CHECKING:
    from strict_aws.world import World

SERVICE = "emr-serverless.amazonaws.com"
CREATED = Phase("CREATED")
STARTED = Phase("STARTED")
STOPPED = Phase("STOPPED")
TERMINATED = Phase("TERMINATED")
IDLE = (CREATED, STOPPED)
"""An application in one of these runs nothing, and may be changed or deleted."""
OVER = frozenset({"SUCCESS", "FAILED", "CANCELLED"})
RELEASES = frozenset(
    {"emr-spark-8.0.0", *(f"emr-6.{one}.0" for one in range(6, 16)), *(f"emr-7.{one}.0" for one in range(15))}
)
# the words are those of a public log of a job run
UNTRUSTED = (
    "Could not assume runtime role {} because it doesn't exist or isn't setup with the required trust relationship."
)
DETAILS = 256
"""The most characters of a job run's stateDetails."""


def invalid(text: str) -> AwsError:
    return AwsError("ValidationException", text)


def new_id(end: str) -> str:
    """As AWS makes them: 00g4bj3mboofea09 is an application, 00g4bj4lu4dmqg0b a job run."""
    letters = "".join(secrets.choice(string.digits + string.ascii_lowercase[:22]) for _ in range(12))
    return f"00{letters}{end}"


@dataclass
class Application:
    """``members`` are the fixed parts of its description."""

    world: World
    region: str
    members: dict[str, Any]
    life: Life
    tags: dict[str, str]
    id: str = field(default_factory=lambda: new_id("09"))
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    updated: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def arn(self) -> str:
        return f"arn:aws:emr-serverless:{self.region}:{ACCOUNT}:/applications/{self.id}"

    @property
    def state(self) -> str:
        return self.life.phase.status

    @property
    def runs(self) -> list[JobRun]:
        return [one for one in self.world.job_runs.values() if one.application is self]

    @property
    def busy(self) -> bool:
        return any(not one.over for one in self.runs)

    def enter(self, *phases: Phase) -> None:
        lengths = self.world.polls
        self.life = Life(
            self.world.clock,
            *(Phase(one.status, polls=lengths.get(one.status.lower(), -1)) for one in phases[:-1]),
            phases[-1],
        )
        self.updated = datetime.now(UTC)

    def require(self, *phases: Phase) -> None:
        """Raises AwsError unless it is in one of the states."""
        if self.life.phase not in phases:
            wanted = ", ".join(one.status for one in phases)
            raise invalid(
                f"Application {self.id} must be in one of the following statuses [{wanted}]. "
                f"Current status: {self.state}"
            )

    def start(self) -> None:
        if self.life.phase in IDLE:
            self.enter(Phase("STARTING"), STARTED)

    def idle(self) -> None:
        """The minutes pass after which it stops by itself."""
        stops: bool = self.members["autoStopConfiguration"]["enabled"]
        if stops and self.life.phase is STARTED and not self.busy:
            self.enter(Phase("STOPPING"), STOPPED)

    def summary(self) -> dict[str, Any]:
        short = {name: self.members.get(name) for name in ("name", "releaseLabel", "type", "architecture")}
        times = {"createdAt": self.created, "updatedAt": self.updated}
        return {"id": self.id, "arn": self.arn, "state": self.state, "stateDetails": "", **times, **short}

    def describe(self) -> dict[str, Any]:
        return {**self.members, **self.summary(), "applicationId": self.id, "tags": self.tags}


@dataclass
class JobRun:
    """``parameters`` are those of StartJobRun; ``ending`` is what its last phase says beside the state."""

    application: Application
    parameters: dict[str, Any]
    life: Life
    tags: dict[str, str]
    ending: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    id: str = field(default_factory=lambda: new_id("0b"))
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    updated: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def world(self) -> World:
        return self.application.world

    @property
    def arn(self) -> str:
        return f"{self.application.arn}/jobruns/{self.id}"

    @property
    def state(self) -> str:
        return self.life.phase.status

    @property
    def over(self) -> bool:
        return self.state in OVER

    @property
    def driver(self) -> dict[str, Any]:
        """entryPoint, entryPointArguments and sparkSubmitParameters."""
        return self.parameters["jobDriver"]["sparkSubmit"]  # type: ignore[no-any-return]

    @property
    def log_uri(self) -> str:
        """Where the logs go: s3://bucket/prefix/, empty where nobody asked for them in S3."""
        monitoring = self.parameters.get("configurationOverrides", {}).get("monitoringConfiguration", {})
        found = monitoring.get("s3MonitoringConfiguration", {}).get("logUri", "")
        return f"{found.rstrip('/')}/" if found else ""

    def enter(self, *statuses: str) -> None:
        """Go through states, each as long as the test has it; the last stays."""
        lengths = self.world.polls
        *passing, last = statuses
        phases = [Phase(one, polls=lengths[one.lower()]) for one in passing]
        self.life = Life(self.world.clock, *phases, Phase(last))
        self._mark()

    def end(self, state: str, details: str = "") -> None:
        """It has come to an end, by itself or by whoever executes it."""
        self.ending = details[:DETAILS]
        self.enter(state)

    def see(self) -> None:
        """One describe looks at it; before its application has started it waits."""
        if not self.over and self.application.life.phase is not STARTED:
            self.application.life.see()
            self.application.start()
        if self.state == "PENDING" and self.application.life.phase is not STARTED:
            return
        before = self.state
        self.life.see()
        self._mark()
        if self.state == "SCHEDULED" != before and self.world.scheduled is not None:
            self.world.scheduled.put(self)

    def _mark(self) -> None:
        self.updated = datetime.now(UTC)
        if self.state == "RUNNING" and self.started is None:
            self.started = self.updated
        if self.over and self.ended is None:
            self.ended = self.updated

    def summary(self) -> dict[str, Any]:
        return {
            "applicationId": self.application.id,
            "id": self.id,
            "name": self.parameters.get("name"),
            "mode": self.parameters.get("mode", "BATCH"),
            "arn": self.arn,
            "createdBy": f"arn:aws:iam::{ACCOUNT}:user/operator",
            "createdAt": self.created,
            "updatedAt": self.updated,
            "executionRole": self.parameters["executionRoleArn"],
            "state": self.state,
            "stateDetails": self.ending if self.over else "",
            "releaseLabel": self.application.members["releaseLabel"],
            "type": self.application.members["type"],
            "attempt": 1,
        }

    def describe(self) -> dict[str, Any]:
        kept = ("configurationOverrides", "jobDriver", "retryPolicy")
        return {
            **self.summary(),
            **{name: self.parameters[name] for name in kept if name in self.parameters},
            "jobRunId": self.id,
            "tags": self.tags,
            "executionTimeoutMinutes": self.parameters.get("executionTimeoutMinutes", 720),
            "startedAt": self.started,
            "endedAt": self.ended,
            **self._used(),
        }

    def _used(self) -> dict[str, Any]:
        """Told when it is over: seconds to the next whole one; a worker is billed for a minute at least."""
        if not (self.started and self.ended):
            return {}
        seconds = math.ceil((self.ended - self.started).total_seconds())
        parameters = self.driver.get("sparkSubmitParameters", "")
        return {
            "totalExecutionDurationSeconds": seconds,
            "totalResourceUtilization": hours(parameters, seconds),
            "billedResourceUtilization": hours(parameters, max(seconds, 60)),
        }


def by_arn(world: World, arn: str) -> Application | JobRun | None:
    everything: list[Application | JobRun] = [*world.applications.values(), *world.job_runs.values()]
    return next((one for one in everything if one.arn == arn), None)


def assumable(world: World, arn: str, application: Application) -> bool:
    """Whether EMR Serverless may assume the role for the application; not before a new role has spread."""
    role = role_named(arn)
    if role is None or arn != role.arn or SERVICE not in trusted_services(role):
        return False
    context = {"aws:SourceAccount": [ACCOUNT], "aws:SourceArn": [application.arn]}
    statements = json.loads(role.assume_role_policy_document)["Statement"]
    listed = statements if isinstance(statements, list) else [statements]
    if not any(holds(context, one.get("Condition", {})) for one in listed):
        return False
    if world.refused_roles[arn] >= world.propagation:
        return True
    world.refused_roles[arn] += 1
    return False
