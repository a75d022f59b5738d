"""The lake's job on EMR on EC2: ordered once, followed to its end, told how it ended, cancelled."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ReadTimeoutError
from lake_ec2 import Lake, lake_on, started, uploaded
from lake_scripts import BUCKET

from data_lake import etl
from infrastructure import plan
from infrastructure.emr import ec2_cluster, ec2_clusters, ec2_runs
from infrastructure.errors import AwsFailed, JobFailed, StillWaiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from strict_aws import StrictAws

    from infrastructure.emr.stack import LakeStack

LOST = ReadTimeoutError(endpoint_url="https://elasticmapreduce")


@pytest.fixture
def lake(aws: StrictAws, monkeypatch: pytest.MonkeyPatch) -> Lake:
    return lake_on(aws, monkeypatch)


def test_the_job_runs_and_its_cluster_ends(lake: Lake) -> None:
    lake.aws.polls["starting"] = 4
    stack = lake.up()
    ec2_cluster.run(stack, another=False)
    assert "EMR cluster" not in stack.standing()
    said = lake.said.getvalue()
    assert "The job says:\n  songplays 6820 rows\n  users 96 rows\n" in said
    assert "The job has succeeded." in said
    (cluster,) = lake.clusters
    assert f"The EMR cluster {cluster.id} took 0s; it cost at most $0.01. It has ended." in said
    assert f"Its logs: s3://{BUCKET}/lake/_logs/{cluster.id}/steps/{cluster.step_id}/" in said
    assert all(f"EMR cluster {cluster.id}: {state}, at most $0.01 so far" in said for state in told_states())
    assert cluster.state == "TERMINATED"
    assert not list(lake.aws.snapshot()["EMR clusters"])


def told_states() -> list[str]:
    return [ec2_runs.MEANINGS[state] for state in ("STARTING", "BOOTSTRAPPING", "RUNNING", "TERMINATING")]


def test_what_is_ordered_ends_by_itself_and_is_tagged(lake: Lake) -> None:
    ec2_cluster.run(lake.up(instances=4, release="emr-7.12.0", idle_minutes=7), another=False)
    (ordered,) = lake.calls("RunJobFlow")
    assert ordered["Instances"] == {
        "InstanceGroups": [
            {"InstanceRole": "MASTER", "InstanceType": "m5.xlarge", "InstanceCount": 1, "Market": "ON_DEMAND"},
            {"InstanceRole": "CORE", "InstanceType": "m5.xlarge", "InstanceCount": 3, "Market": "ON_DEMAND"},
        ],
        "KeepJobFlowAliveWhenNoSteps": False,
        "TerminationProtected": False,
    }
    assert (ordered["ReleaseLabel"], ordered["AutoTerminationPolicy"]) == ("emr-7.12.0", {"IdleTimeout": 420})
    tags = {tag["Key"]: tag["Value"] for tag in ordered["Tags"]}
    assert len(tags.pop("dwh:run")) == 32
    assert tags == {
        "dwh:stack": "sparkify-lake",
        "dwh:kind": "lake",
        "for-use-with-amazon-emr-managed-policies": "true",
    }
    assert [step["ActionOnFailure"] for step in ordered["Steps"]] == ["TERMINATE_CLUSTER"]


def test_the_step_is_what_etl_understands_within_a_time_limit(lake: Lake) -> None:
    ec2_cluster.run(lake.up(job_minutes=30), another=False)
    (command,) = lake.commands
    assert command[:6] == ["timeout", "--kill-after=60", "30m", "spark-submit", "--deploy-mode", "client"]
    entry = command.index(next(one for one in command if one.endswith("/etl.py")))
    given = etl._parser().parse_args(command[entry + 1 :])
    assert (given.input, given.output) == ("s3://udacity-dend/", f"s3://{BUCKET}/lake/")
    assert command[entry - 2] == "--py-files"
    assert command[entry - 1].endswith("/sparkify_lake.zip")


def test_a_failure_tells_the_jobs_own_words_the_logs_and_the_cost(lake: Lake) -> None:
    lake.ends(
        1, "", "26/11/22 10:00:00 INFO SparkContext: Running\nerror: No files below s3://a/.\nCheck INPUT_DATA.\n"
    )
    stack = lake.up()
    with pytest.raises(JobFailed) as failed:
        ec2_cluster.run(stack, another=False)
    (cluster,) = lake.clusters
    assert cluster.state == "TERMINATED_WITH_ERRORS"
    assert failed.value.message == f"The job on the EMR cluster {cluster.id} failed: No files below s3://a/."
    assert failed.value.hint.splitlines() == [
        "Check INPUT_DATA.",
        f"Its logs: s3://{BUCKET}/lake/_logs/{cluster.id}/steps/{cluster.step_id}/",
        "The cluster took 0s; it cost at most $0.01. It has ended.",
    ]
    (run,) = ec2_cluster.look(lake.stack()).runs
    assert (run.status, run.active, run.failed) == ("terminated_with_errors", False, True)
    assert run.detail == "Shut down as step failed"


def test_a_job_that_takes_too_long_is_stopped_and_told_so(lake: Lake) -> None:
    lake.ends(124, "", "")
    with pytest.raises(JobFailed, match=r"had not ended after 60 minutes, which is what JOB_MINUTES in \[EMR\]"):
        ec2_cluster.run(lake.up(), another=False)


def test_logs_that_never_come_are_told_as_missing(lake: Lake) -> None:
    stack = lake.up()
    cluster = started(lake, stack)
    cluster.asked["LogUri"] = "s3://somewhere-else/"  # where the role may write nothing
    cluster.see()
    ec2_runs.follow(stack, ec2_clusters.describe(stack, cluster.id))
    assert "AWS said" in lake.said.getvalue()


@pytest.mark.parametrize(
    ("dropped", "action"),
    [(0, "iam:PassRole"), (1, "ec2:RunInstances"), (2, "ec2:CreateSecurityGroup")],
)
def test_each_statement_of_the_service_roles_policy_is_needed(lake: Lake, dropped: int, action: str) -> None:
    stack = lake.up()
    iam, names = lake.aws.client("iam"), {"RoleName": "sparkify-lake-emr", "PolicyName": "start-instances-here"}
    document = iam.get_role_policy(**names)["PolicyDocument"]
    del document["Statement"][dropped]
    iam.put_role_policy(**names, PolicyDocument=json.dumps(document))
    with pytest.raises(JobFailed, match=f"insufficient EC2 permissions.*{action}.*VALIDATION_ERROR") as failed:
        ec2_runs.follow(stack, ec2_clusters.start(stack, uploaded(stack)))
    assert "python infrastructure/lake.py up puts the roles right" in failed.value.hint


def test_without_the_tag_aws_policy_lets_emr_start_nothing(lake: Lake) -> None:
    stack = lake.up()
    parameters = ec2_clusters.request(stack, uploaded(stack), "run")
    parameters["Tags"] = [tag for tag in parameters["Tags"] if tag["Key"].startswith("dwh:")]
    made = lake.aws.client("emr").run_job_flow(**parameters)
    with pytest.raises(JobFailed, match="insufficient EC2 permissions"):
        ec2_runs.follow(stack, ec2_clusters.describe(stack, made["JobFlowId"]))


def test_the_instances_have_no_rights_but_the_lakes(lake: Lake) -> None:
    stack = lake.up()
    lake.aws.client("iam").delete_role_policy(RoleName="sparkify-lake-ec2", PolicyName="read-input-write-lake")
    with pytest.raises(JobFailed, match="failed: Shut down as step failed") as failed:
        ec2_runs.follow(stack, ec2_clusters.start(stack, uploaded(stack)))
    assert "AWS has not written" in failed.value.hint


def test_a_new_profile_is_waited_for_until_emr_sees_it(lake: Lake) -> None:
    stack, lake.aws.propagation = lake.up(), 2
    ec2_cluster.run(stack, another=False)
    assert "its roles are not known to EMR yet" in lake.said.getvalue()
    assert len(lake.clusters) == 1


@pytest.mark.parametrize(
    ("settings", "message", "remedy"),
    [
        ({"release": "emr-9.9.9"}, "release label is invalid: emr-9.9.9", "Check RELEASE in [EMR]"),
        ({"instance_type": "m5.tiny"}, "Instance type 'm5.tiny' is not supported", "another INSTANCE_TYPE in [EMR]"),
    ],
)
def test_what_emr_refuses_at_once_says_which_setting_it_is(
    lake: Lake, settings: dict[str, Any], message: str, remedy: str
) -> None:
    with pytest.raises(AwsFailed, match=message) as refused:
        ec2_cluster.run(lake.up(**settings), another=False)
    assert remedy in refused.value.hint
    assert not lake.clusters


class Wire:
    """What happens to RunJobFlow on its way, to the first, the second...; in force until the block ends."""

    def __init__(self, stack: LakeStack, event: str, *do: Callable[[], object]) -> None:
        self.events = stack.account.client("emr").meta.events
        self.event, self.do = f"{event}.emr.RunJobFlow", list(do)

    def __enter__(self) -> None:
        self.events.register(self.event, self._handle)

    def __exit__(self, *_: object) -> None:
        self.events.unregister(self.event, self._handle)

    def _handle(self, **_: object) -> None:
        if self.do:
            self.do.pop(0)()


def lose() -> None:
    raise LOST


def test_a_lost_answer_starts_no_second_cluster(lake: Lake) -> None:
    stack = lake.up()
    with Wire(stack, "after-call", lose):
        ec2_cluster.run(stack, another=False)
    assert [one.state for one in lake.clusters] == ["TERMINATED"]
    assert "The job has succeeded." in lake.said.getvalue()


def test_an_order_that_never_arrived_is_told_as_uncertain(lake: Lake) -> None:
    stack = lake.up()
    with Wire(stack, "before-call", lose), pytest.raises(AwsFailed, match="While ordering the EMR cluster"):
        ec2_cluster.run(stack, another=False)
    assert not lake.clusters
    assert "perhaps: it was being ordered; python infrastructure/lake.py status tells" in stack.standing()


def test_a_cluster_that_was_ordered_twice_by_one_order_runs_once(lake: Lake) -> None:
    stack = lake.up()

    def twice() -> None:
        lake.aws.client("emr").run_job_flow(**lake.calls("RunJobFlow")[0])

    with Wire(stack, "after-call", twice):
        ec2_cluster.run(stack, another=False)
    assert [one.step_state for one in lake.clusters] == ["COMPLETED", "CANCELLED"]
    assert not lake.aws.snapshot()["EMR clusters"]


def test_a_role_whose_rights_ec2_does_not_know_yet_is_tried_again(lake: Lake) -> None:
    stack, iam = lake.up(), lake.aws.client("iam")
    names = {"RoleName": "sparkify-lake-emr", "PolicyName": "start-instances-here"}
    rights = json.dumps(iam.get_role_policy(**names)["PolicyDocument"])
    unknown = partial(iam.delete_role_policy, **names)
    known = partial(iam.put_role_policy, **names, PolicyDocument=rights)
    with Wire(stack, "before-call", unknown, known):
        ec2_cluster.run(stack, another=False)
    assert [one.state for one in lake.clusters] == ["TERMINATED_WITH_ERRORS", "TERMINATED"]
    with Wire(stack, "before-call", unknown), pytest.raises(JobFailed, match="insufficient EC2 permissions"):
        ec2_cluster.run(lake.stack(), another=False)
    assert len(lake.clusters) == 2 + ec2_cluster.ROLE_TRIES


def test_an_active_run_is_followed_unless_another_is_wanted(lake: Lake) -> None:
    stack = lake.up()
    first = started(lake, stack)
    ec2_cluster.run(lake.stack(), another=False)
    assert f"The EMR cluster {first.id} has not ended: it is followed." in lake.said.getvalue()
    second = started(lake, stack)
    ec2_cluster.run(lake.stack(), another=True)
    assert [one.id for one in lake.clusters[:2]] == [first.id, second.id]
    assert len(lake.clusters) == 3


def test_somebody_elses_cluster_of_the_name_is_no_run_of_ours(lake: Lake) -> None:
    stack = lake.up()
    parameters = ec2_clusters.request(stack, uploaded(stack), "run")
    parameters["Tags"] = [tag for tag in parameters["Tags"] if not tag["Key"].startswith("dwh:")]
    lake.aws.client("emr").run_job_flow(**parameters)
    assert not ec2_cluster.cancel(stack)
    assert not ec2_cluster.look(stack).runs
    plan.carry_out(ec2_cluster.plan_down(stack), stack.report)
    assert len(lake.aws.snapshot()["EMR clusters"]) == 1


def test_cancel_ends_it_and_whoever_follows_is_told(lake: Lake) -> None:
    stack = lake.up()
    cluster = started(lake, stack)
    ec2_cluster.cancel(stack)
    assert cluster.state == "TERMINATED"
    assert f"EMR cluster {cluster.id}: terminated; it cost at most $0.01" in lake.said.getvalue()
    with pytest.raises(JobFailed, match="was cancelled: somebody ordered that"):
        ec2_runs.follow(stack, ec2_clusters.describe(stack, cluster.id))


def test_a_wait_that_ends_early_says_what_goes_on_and_costs(lake: Lake) -> None:
    stack = lake.up(wait_minutes=0, job_minutes=0)
    lake.aws.hold("starting")
    with pytest.raises(StillWaiting) as waiting:
        ec2_cluster.run(stack, another=False)
    assert "its cluster costs $0.72 an hour until it ends with the job" in waiting.value.message
    assert "python infrastructure/lake.py run --cancel ends it now" in waiting.value.message
    assert "it costs $0.72 an hour until it ends by itself" in stack.standing()
