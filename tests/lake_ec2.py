"""The lake on EMR on EC2, in this process: dl.cfg's settings as arguments, the stand-in for AWS behind real boto3."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from io import StringIO
from typing import TYPE_CHECKING, Any

from lake_scripts import make_bucket
from strict_aws.emr_step import Ended

from infrastructure import plan
from infrastructure.account import Account
from infrastructure.emr import bucket, ec2_cluster, ec2_clusters
from infrastructure.emr.settings import EmrSettings
from infrastructure.emr.stack import LakeStack
from infrastructure.emr.upload import Job
from infrastructure.report import Report

if TYPE_CHECKING:
    import pytest
    from strict_aws import StrictAws
    from strict_aws.emr_clusters import Cluster

SUMMARY = "songplays 6820 rows\nusers 96 rows\n"


@dataclass
class Lake:
    """Somebody with a dl.cfg on the stand-in; each stack is a run of lake.py of its own."""

    aws: StrictAws
    said: StringIO = field(default_factory=StringIO)
    commands: list[list[str]] = field(default_factory=list)

    def stack(self, **settings: Any) -> LakeStack:
        given = EmrSettings(**{"on_ec2": True, "poll_seconds": 0.01, **settings})
        return LakeStack(given, _account(self.aws.url), Report(given.secrets, self.said))

    def up(self, **settings: Any) -> LakeStack:
        stack = self.stack(**settings)
        plan.carry_out([*bucket.plan_up(stack), *ec2_cluster.plan_up(stack)], stack.report)
        return stack

    def ends(self, code: int = 0, stdout: str = SUMMARY, stderr: str = "") -> None:
        """What every step does from now on."""

        def command(arguments: list[str]) -> Ended:
            self.commands.append(arguments)
            return Ended(code, stdout, stderr)

        self.aws.emr_step = command

    @property
    def clusters(self) -> list[Cluster]:
        return list(self.aws.emr_clusters.values())

    def calls(self, operation: str) -> list[dict[str, Any]]:
        return [call.parameters for call in self.aws.calls if call.operation == operation]


@cache
def _account(url: str) -> Account:
    """Its clients take long to make, and serve all tests."""
    return Account(EmrSettings())


def lake_on(aws: StrictAws, environment: pytest.MonkeyPatch) -> Lake:
    """An account with the input's bucket, which this process takes for AWS from now on."""
    for name, value in aws.environment().items():
        environment.setenv(name, value)
    make_bucket(aws, "udacity-dend")
    made = Lake(aws)
    made.ends()
    return made


def started(lake: Lake, stack: LakeStack) -> Cluster:
    """A cluster as ``run`` orders it, nobody following."""
    before = {one.id for one in lake.clusters}
    ec2_clusters.start(stack, uploaded(stack))
    (new,) = (one for one in lake.clusters if one.id not in before)
    return new


def uploaded(stack: LakeStack) -> Job:
    job = Job(f"{stack.jobs_url}1/etl.py", f"{stack.jobs_url}1/sparkify_lake.zip")
    for url in job:
        stack.account.client("s3").put_object(Bucket=stack.bucket, Key=url.split("/", 3)[3], Body=b"")
    return job
