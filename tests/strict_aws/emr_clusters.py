"""One cluster of EMR on EC2: its states, its one step, the end of both, and its logs on S3.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-overview.html#emr-overview-cluster-lifecycle
"""

from __future__ import annotations

import gzip
import secrets
import string
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from moto.s3.models import s3_backends

from strict_aws import emr_rights
from strict_aws.states import Life, Phase
from strict_aws.wire import AwsError
from strict_aws.world import ACCOUNT

if TYPE_CHECKING:
    from strict_aws.emr_step import Ended
    from strict_aws.world import World

ACTIVE = ("STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING")
TIMED_OUT = 124
"""The exit code of ``timeout``, with which a step begins that may not last for ever."""
LETTERS = string.ascii_uppercase + string.digits


def invalid(text: str) -> AwsError:
    return AwsError("ValidationException", text)


@dataclass
class Cluster:
    """``asked`` are RunJobFlow's parameters; ``subnet`` is where its instances are."""

    world: World
    region: str
    asked: dict[str, Any]
    subnet: Any
    step_state: str = "PENDING"
    step_times: dict[str, datetime] = field(default_factory=dict)
    reason: dict[str, str] = field(default_factory=dict)
    ended_as: Ended | None = None
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    ready: datetime | None = None
    ended: datetime | None = None
    id: str = field(default_factory=lambda: "j-" + "".join(secrets.choice(LETTERS) for _ in range(13)))
    step_id: str = field(default_factory=lambda: "s-" + "".join(secrets.choice(LETTERS) for _ in range(13)))
    life: Life = field(init=False)

    @property
    def arn(self) -> str:
        return f"arn:aws:elasticmapreduce:{self.region}:{ACCOUNT}:cluster/{self.id}"

    @property
    def state(self) -> str:
        return self.life.phase.status

    @property
    def tags(self) -> dict[str, str]:
        return {tag["Key"]: tag.get("Value", "") for tag in self.asked.get("Tags", [])}

    @property
    def protected(self) -> bool:
        return bool(self.asked["Instances"].get("TerminationProtected")) and self.state in ACTIVE

    def start(self) -> None:
        """Its instances come only if the service role may start them: otherwise it ends before its step."""
        refused = emr_rights.refused_by_ec2(self)
        if refused:
            self.reason = {"Code": "VALIDATION_ERROR", "Message": refused}
            self._enter("STARTING", "TERMINATING", "TERMINATED_WITH_ERRORS")
            return
        emr_rights.make_groups(self)
        self._enter("STARTING", "BOOTSTRAPPING", "RUNNING", "TERMINATING", "TERMINATED")

    def terminate(self) -> None:
        self.reason = {"Code": "USER_REQUEST", "Message": "Terminated by user request"}
        self.step_state = "INTERRUPTED" if self.step_state == "RUNNING" else "CANCELLED"
        self._enter("TERMINATING", "TERMINATED")

    def _enter(self, *states: str) -> None:
        phases = [Phase(state, polls=self.world.polls.get(state.lower(), 1)) for state in states]
        self.life = Life(self.world.clock, *phases)

    def see(self) -> None:
        """One describe looks at it."""
        self.life.see()
        if self.state == "RUNNING" and self.ready is None:
            self.ready, self.step_state = datetime.now(UTC), "RUNNING"
            self.step_times["StartDateTime"] = self.ready
        if self.state == "TERMINATING" and self.step_state == "RUNNING":
            self._end_step()
        if self.state.startswith("TERMINATED") and self.ended is None:
            self.ended = datetime.now(UTC)
            if self.step_state in ("RUNNING", "PENDING"):
                self.step_state = "CANCELLED"
            self._write_logs()

    def _end_step(self) -> None:
        self.ended_as = emr_rights.run(self)
        failed = self.ended_as.code != 0
        late = timedelta(minutes=_limit(self)) if self.ended_as.code == TIMED_OUT else timedelta()
        self.step_times["EndDateTime"] = self.step_times["StartDateTime"] + late
        self.step_state = "FAILED" if failed else "COMPLETED"
        self.reason = {"Code": "ALL_STEPS_COMPLETED", "Message": "Steps completed"}
        if failed:
            self.reason = {"Code": "STEP_FAILURE", "Message": "Shut down as step failed"}
            self.life.phases[-1] = Phase("TERMINATED_WITH_ERRORS")

    @property
    def step_logs(self) -> str:
        """Where those of the step are, as s3://bucket/prefix/."""
        return f"{self.asked['LogUri'].rstrip('/')}/{self.id}/steps/{self.step_id}/"

    def _write_logs(self) -> None:
        """With the rights of the EC2 role; without them, nothing comes and nobody says so."""
        if self.ended_as is None or "LogUri" not in self.asked:
            return
        for name in ("stdout", "stderr"):
            bucket, _, key = f"{self.step_logs}{name}.gz".removeprefix("s3://").partition("/")
            if emr_rights.instances_may(self, "s3:PutObject", f"arn:aws:s3:::{bucket}/{key}"):
                s3_backends[ACCOUNT]["aws"].put_object(
                    bucket, key, gzip.compress(getattr(self.ended_as, name).encode())
                )

    def describe(self) -> dict[str, Any]:
        return {
            **self.summary(),
            **_present({name: self.asked.get(name) for name in ("LogUri", "ReleaseLabel", "ServiceRole")}),
            "Tags": self.asked.get("Tags", []),
            "AutoTerminate": not self.asked["Instances"].get("KeepJobFlowAliveWhenNoSteps"),
            "TerminationProtected": self.protected,
            "InstanceCollectionType": "INSTANCE_GROUP",
            "Ec2InstanceAttributes": {"Ec2SubnetId": self.subnet.id, "IamInstanceProfile": self.asked["JobFlowRole"]},
        }

    def summary(self) -> dict[str, Any]:
        times = {"CreationDateTime": self.created, "ReadyDateTime": self.ready, "EndDateTime": self.ended}
        return {
            "Id": self.id,
            "Name": self.asked["Name"],
            "ClusterArn": self.arn,
            "Status": {"State": self.state, "StateChangeReason": self._told(), "Timeline": _present(times)},
        }

    def _told(self) -> dict[str, str]:
        return self.reason if self.state not in ACTIVE else {}

    def describe_step(self) -> dict[str, Any]:
        config = self.asked["Steps"][0]
        status: dict[str, Any] = {"State": self.step_state, "StateChangeReason": {}, "Timeline": self.step_times}
        if self.step_state == "FAILED":
            status["FailureDetails"] = {"Reason": "Unknown Error.", "LogFile": f"{self.step_logs}stderr.gz"}
        return {
            "Id": self.step_id,
            "Name": config["Name"],
            "ActionOnFailure": config.get("ActionOnFailure"),
            "Config": {"Jar": config["HadoopJarStep"]["Jar"], "Args": config["HadoopJarStep"].get("Args", [])},
            "Status": status,
        }

    def instance_groups(self) -> list[dict[str, Any]]:
        return [
            {
                "Id": f"ig-{number}",
                "InstanceGroupType": one["InstanceRole"],
                "InstanceType": one["InstanceType"],
                "RequestedInstanceCount": one["InstanceCount"],
                "RunningInstanceCount": one["InstanceCount"] if self.state == "RUNNING" else 0,
            }
            for number, one in enumerate(self.asked["Instances"]["InstanceGroups"], 1)
        ]


def _limit(cluster: Cluster) -> int:
    """The minutes that the command of its step gives itself, as ``timeout 60m`` has them."""
    arguments = cluster.asked["Steps"][0]["HadoopJarStep"]["Args"]
    return int(next(one for one in arguments if one.endswith("m") and one[:-1].isdigit())[:-1])


def _present(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
