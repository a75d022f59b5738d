"""EMR Serverless as what runs the lake's job: made, repaired, run, followed, cancelled and removed, over HTTP."""

from __future__ import annotations

import gzip
import os
import shlex
import signal
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from io import StringIO
from queue import Queue
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ReadTimeoutError
from lake_scripts import lake_place

from infrastructure import plan
from infrastructure.account import Account
from infrastructure.emr import application, job_runs, run_logs, serverless, usage, workers
from infrastructure.emr.settings import EmrSettings
from infrastructure.emr.stack import LakeStack
from infrastructure.errors import AwsFailed, JobFailed, NotOurs, Refused, StillWaiting, Stuck
from infrastructure.plan import Sign
from infrastructure.report import Report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from strict_aws import StrictAws
    from strict_aws.emr_serverless import Application, JobRun

SERVICE = "emr-serverless"
BUCKET = "lake-bucket"
OUTPUT = f"s3://{BUCKET}/lake/"
LIMIT = 60  # seconds until something counts as hung
SUMMARY = "songplays 6820 rows\nusers 96 rows\n"


@dataclass
class Lake:
    """Somebody with a dl.cfg on the stand-in; each stack is a run of lake.py of its own."""

    aws: StrictAws
    said: StringIO = field(default_factory=StringIO)

    def stack(self, **settings: Any) -> LakeStack:
        given = EmrSettings(**{"output": OUTPUT, "poll_seconds": 0.01, **settings})
        return LakeStack(given, _account(self.aws.url), Report(given.secrets, self.said))

    def up(self, **settings: Any) -> LakeStack:
        stack = self.stack(**settings)
        plan.carry_out(serverless.plan_up(stack), stack.report)
        return stack

    def down(self) -> None:
        stack = self.stack()
        plan.carry_out(serverless.plan_down(stack), stack.report)

    @property
    def applications(self) -> list[Application]:
        return [one for one in self.aws.applications.values() if one.state != "TERMINATED"]

    @property
    def application(self) -> Application:
        (only,) = self.applications
        return only

    @property
    def runs(self) -> list[JobRun]:
        return list(self.aws.job_runs.values())

    def calls(self, operation: str) -> list[dict[str, Any]]:
        return [call.parameters for call in self.aws.calls if call.operation == operation]


@cache
def _account(url: str) -> Account:
    """Its clients take long to make, and serve all tests."""
    return Account(EmrSettings())


@pytest.fixture
def lake(aws: StrictAws, monkeypatch: pytest.MonkeyPatch) -> Lake:
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    aws.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    return Lake(aws)


@contextmanager
def executing(
    lake: Lake, state: str = "SUCCESS", details: str = "", stdout: str | bytes = SUMMARY, stderr: str = ""
) -> Iterator[None]:
    """Job runs are taken up as they are scheduled, and end so, their driver having written that."""
    queue: Queue[JobRun | None] = Queue()
    lake.aws.scheduled = queue

    def work() -> None:
        for run in iter(queue.get, None):
            run.enter("RUNNING")
            write(lake, run, "stdout", stdout)
            write(lake, run, "stderr", stderr)
            run.end(state, details)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        queue.put(None)
        thread.join(LIMIT)


def write(lake: Lake, run: JobRun, stream: str, content: str | bytes) -> None:
    """As EMR Serverless does, where the job run was told to."""
    key = f"{run.log_uri}applications/{run.application.id}/jobs/{run.id}/SPARK_DRIVER/{stream}.gz"
    body = content if isinstance(content, bytes) else gzip.compress(content.encode())
    lake.aws.client("s3").put_object(Bucket=BUCKET, Key=key.removeprefix(f"s3://{BUCKET}/"), Body=body)


@contextmanager
def answers_lost(stack: LakeStack, operation: str, times: int) -> Iterator[None]:
    """AWS does what it is told, and the first answers do not come back."""
    events, event = stack.account.client(SERVICE).meta.events, f"after-call.{SERVICE}.{operation}"
    left = [None] * times

    def lose(**_: object) -> None:
        if left:
            left.pop()
            raise ReadTimeoutError(endpoint_url="https://emr-serverless")

    events.register(event, lose)
    try:
        yield
    finally:
        events.unregister(event, lose)


def lines(changes: list[plan.Change]) -> list[str]:
    return [line for change in changes for line in (f"{change.sign} {change.what}", *change.details)]


# The application


def test_application_is_made_with_its_limits(lake: Lake) -> None:
    stack = lake.stack()
    planned = lines(serverless.plan_up(stack))
    assert "+ EMR Serverless application sparkify-lake" in planned
    assert {"maximum capacity: 16 vCPU, 64 GB", "workers kept ready: none"} <= set(planned)
    assert "stops by itself: after 5 minutes without a job" in planned
    assert not lake.applications
    lake.up()
    members = lake.application.members
    assert members["maximumCapacity"] == {"cpu": "16 vCPU", "memory": "64 GB"}
    assert members["autoStopConfiguration"] == {"enabled": True, "idleTimeoutMinutes": 5}
    assert (members["architecture"], members["releaseLabel"]) == ("X86_64", "emr-7.13.0")
    assert lake.application.tags == {"dwh:stack": "sparkify-lake", "dwh:kind": "lake"}
    assert lake.application.state == "CREATED"  # it was waited for


def test_second_time_nothing_differs(lake: Lake) -> None:
    lake.up()
    assert not plan.differs(serverless.plan_up(lake.stack()))


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"max_vcpu": 8, "max_memory_gb": 32}, "~ maximum capacity: 16 vCPU, 64 GB -> 8 vCPU, 32 GB"),
        (
            {"idle_minutes": 9},
            "~ stops by itself: after 5 minutes without a job -> after 9 minutes without a job",
        ),
        ({"release": "emr-7.12.0"}, "~ release: emr-7.13.0 -> emr-7.12.0"),
    ],
)
def test_other_settings_change_it(lake: Lake, settings: dict[str, Any], line: str) -> None:
    lake.up()
    assert line in lines(serverless.plan_up(lake.stack(**settings)))
    lake.up(**settings)
    (only,) = lake.calls("UpdateApplication")
    assert len(only) == 3  # the application, the token, and what differs
    assert not plan.differs(serverless.plan_up(lake.stack(**settings)))


def test_what_costs_money_by_itself_is_taken_away(lake: Lake) -> None:
    lake.up()
    aws = lake.aws.client(SERVICE)
    kept = {"Driver": {"workerCount": 1, "workerConfiguration": {"cpu": "4 vCPU", "memory": "16 GB"}}}
    aws.update_application(
        applicationId=lake.application.id,
        initialCapacity=kept,
        autoStopConfiguration={"enabled": False},
        autoStartConfiguration={"enabled": False},
    )
    planned = lines(serverless.plan_up(lake.stack()))
    assert "~ workers kept ready: some, which cost money all the time -> none" in planned
    assert "~ stops by itself: never -> after 5 minutes without a job" in planned
    assert "~ starts by itself: no -> yes" in planned
    lake.up()
    assert not lake.application.members["initialCapacity"]
    assert not plan.differs(serverless.plan_up(lake.stack()))


def test_a_started_one_is_stopped_to_be_changed(lake: Lake) -> None:
    lake.up()
    lake.aws.client(SERVICE).start_application(applicationId=lake.application.id)
    lake.up(max_vcpu=8, max_memory_gb=32)
    assert len(lake.calls("StopApplication")) == 1
    assert lake.application.members["maximumCapacity"] == {"cpu": "8 vCPU", "memory": "32 GB"}


def test_it_is_not_changed_under_a_job(lake: Lake) -> None:
    lake.up()
    lake.aws.hold("running")
    run = start(lake)
    with pytest.raises(Refused, match=f"cannot be changed while the job run {run.id} is active"):
        lake.up(max_vcpu=8, max_memory_gb=32)
    assert not lake.calls("StopApplication")


def test_one_that_is_stopping_is_waited_for(lake: Lake) -> None:
    lake.up()
    lake.aws.client(SERVICE).start_application(applicationId=lake.application.id)
    lake.aws.client(SERVICE).get_application(applicationId=lake.application.id)
    lake.aws.client(SERVICE).get_application(applicationId=lake.application.id)
    lake.aws.polls["stopping"] = 8
    lake.application.idle()
    assert "~ is stopping: waits until a job can be run" in lines(serverless.plan_up(lake.stack()))
    lake.up()
    assert lake.application.state == "STOPPED"


def test_somebody_elses_of_that_name_is_left(lake: Lake) -> None:
    aws = lake.aws.client(SERVICE)
    aws.create_application(name="sparkify-lake", type="SPARK", releaseLabel="emr-7.13.0", tags={"team": "other"})
    for act in (serverless.plan_up, lambda stack: serverless.run(stack, another=False), serverless.cancel):
        with pytest.raises(NotOurs, match="was not made by this project; it is left alone") as refused:
            act(lake.stack())
        assert "another NAME in [EMR] of dl.cfg" in refused.value.hint
    looked = serverless.look(lake.stack())
    assert (looked.ours, looked.usable) == (False, False)
    lake.down()
    changed = {call.operation for call in lake.aws.calls if call.service == SERVICE}
    assert changed == {"ListApplications", "GetApplication", "ListJobRuns"}


def test_ours_is_found_beside_a_strangers(lake: Lake) -> None:
    aws = lake.aws.client(SERVICE)
    stranger = aws.create_application(name="sparkify-lake", type="SPARK", releaseLabel="emr-7.13.0")["applicationId"]
    aws.create_application(name="sparkify-lake", type="SPARK", releaseLabel="emr-7.13.0", tags=lake.stack().tags())
    lake.up()
    assert lake.calls("CreateApplication") == []
    lake.down()
    assert lake.application.id == stranger


def test_twins_are_told_of_and_go_together(lake: Lake) -> None:
    lake.up()
    twin = dict(lake.calls("CreateApplication")[0], clientToken="another")
    lake.aws.client(SERVICE).create_application(**twin)
    planned = serverless.plan_up(lake.stack())
    assert not plan.differs(planned)
    assert "down removes both" in " ".join(lines(planned))
    lake.down()
    assert not lake.applications


def test_ours_on_the_second_page_is_found(lake: Lake) -> None:
    lake.up()
    aws = lake.aws.client(SERVICE)
    for _ in range(55):
        aws.create_application(name="another", type="SPARK", releaseLabel="emr-7.13.0")
    assert not plan.differs(serverless.plan_up(lake.stack()))


def test_a_lost_answer_makes_one_application(lake: Lake) -> None:
    with answers_lost(lake.stack(), "CreateApplication", 3):
        lake.up()
    assert len(lake.calls("CreateApplication")) == 4
    assert len(lake.applications) == 1


def test_one_deleted_meanwhile_is_told_of(lake: Lake) -> None:
    lake.up()
    stack, identifier = lake.stack(), lake.application.id
    lake.aws.client(SERVICE).delete_application(applicationId=identifier)
    with pytest.raises(Stuck, match="is gone: somebody has deleted it meanwhile"):
        application.wait(stack, identifier)


def test_one_that_is_not_visible_yet_is_waited_for(lake: Lake) -> None:
    lake.aws.fault(SERVICE, "GetApplication", "ResourceNotFoundException", "Not there.", 404, times=3)
    lake.up()
    assert "not visible yet" in lake.said.getvalue()


def test_rights_that_are_missing_are_told_of(lake: Lake) -> None:
    lake.up()
    lake.aws.client(SERVICE).start_application(applicationId=lake.application.id)
    lake.aws.fault(SERVICE, "StopApplication", "AccessDeniedException", "Not you.", 403)
    with pytest.raises(
        StillWaiting, match="While stopping the EMR Serverless application sparkify-lake, AWS said: Not"
    ):
        lake.down()
    lake.aws.fault(SERVICE, "GetApplication", "AccessDeniedException", "Not you.", 403)
    with pytest.raises(AwsFailed, match="Not you"):
        serverless.look(lake.stack())


def test_one_that_stops_by_itself_meanwhile_is_waited_for(lake: Lake) -> None:
    lake.up()
    lake.aws.client(SERVICE).start_application(applicationId=lake.application.id)
    text = "Application cannot be STOPPED. Applications must be in one of the following statuses: [STARTING, STARTED]"
    lake.aws.fault(SERVICE, "StopApplication", "ValidationException", text, times=2)
    lake.down()
    assert text in lake.said.getvalue()
    assert not lake.applications


def test_a_refusal_is_told_in_awss_words(lake: Lake) -> None:
    lake.aws.fault(SERVICE, "CreateApplication", "ValidationException", "That release is retired.")
    with pytest.raises(AwsFailed, match="While creating the EMR Serverless application sparkify-lake, AWS said: That"):
        lake.up()


def test_what_helps_is_told_of_the_lake(lake: Lake, tmp_path: Path) -> None:
    here = lake_place(tmp_path, lake.aws)
    said = "User: arn:aws:iam::1:user/me is not authorized to perform: emr-serverless:ListApplications"
    lake.aws.fault(SERVICE, "ListApplications", "AccessDeniedException", said, 403)
    failed = here.lake_fails("status")
    assert said in failed
    assert "infrastructure/lake.py plan --print-policy" in failed
    lake.aws.fault(SERVICE, "ListApplications", "UnrecognizedClientException", "The security token is invalid.", 403)
    assert "SECRET in [AWS] of dl.cfg" in here.lake_fails("status")


# Workers


@pytest.mark.parametrize("vcpu", [4, 5, 7, 8, 15, 16, 17, 100, 4000])
@pytest.mark.parametrize("memory", [16, 17, 31, 64, 65, 1000, 30_000])
def test_workers_fit_the_capacity_and_awss_sizes(vcpu: int, memory: int) -> None:
    """https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html"""
    sizes = {1: (2, 8), 2: (4, 16), 4: (8, 30)}
    chosen = workers.fitting(vcpu, memory)
    least, most = sizes[chosen.vcpu]
    assert least <= chosen.memory_gb <= most
    assert chosen.count >= 4
    assert chosen.count * chosen.vcpu <= vcpu
    assert chosen.count * chosen.memory_gb <= memory
    confs = chosen.spark_settings()
    parts = [int(confs[f"spark.executor.{name}"].rstrip("g")) for name in ("memory", "memoryOverhead")]
    assert min(parts) >= 1
    assert sum(parts) == chosen.memory_gb
    assert workers.told(shlex.join(f"--conf={name}={value}" for name, value in confs.items())) == chosen
    assert parts[1] >= max(0.384, 0.1 * parts[0])  # Spark's own overhead, which is the least


# Job runs


def test_runs_of_unknown_size_count_at_the_maximum_capacity(lake: Lake) -> None:
    stack = lake.stack()
    assert workers.told("--conf spark.driver.cores=many") is None
    asked = {"jobDriver": {"sparkSubmit": {"sparkSubmitParameters": "--conf spark.executor.cores=4"}}}
    assert usage.an_hour_of(stack, asked) == usage.an_hour(stack)


def test_a_run_costs_what_its_own_workers_cost(lake: Lake) -> None:
    """dl.cfg may have another capacity by now."""
    lake.up()
    lake.aws.hold("running")
    there = start(lake)
    found = job_runs.describe(lake.stack(), there.application.id, there.id)
    now = lake.stack(max_vcpu=160, max_memory_gb=640)
    assert usage.an_hour_of(now, found) * 10 == usage.an_hour(now)


def start(lake: Lake) -> JobRun:
    """A run of the job that goes on."""
    stack = lake.stack()
    found = job_runs.start(stack, lake.application.id)
    return lake.aws.job_runs[found["jobRunId"]]


def run(lake: Lake, *, another: bool = False, **settings: Any) -> str:
    """What is said."""
    lake.said.truncate(0)
    lake.said.seek(0)
    serverless.run(lake.stack(**settings), another=another)
    return lake.said.getvalue()


def test_job_is_started_with_what_it_needs(lake: Lake) -> None:
    stack = lake.up(input="s3://music/")
    with executing(lake):
        run(lake, input="s3://music/", job_minutes=30)
    (asked,) = lake.calls("StartJobRun")
    spark = asked["jobDriver"]["sparkSubmit"]
    assert spark["entryPointArguments"] == ["--input", "s3://music/", "--output", OUTPUT]
    assert asked["executionTimeoutMinutes"] == 30
    assert asked["executionRoleArn"] == stack.role_arn
    assert asked["tags"] == stack.tags()
    words = spark["sparkSubmitParameters"].split()
    assert words[:2] == ["--py-files", spark["entryPoint"].replace("etl.py", "sparkify_lake.zip")]
    assert {"spark.driver.cores=4", "spark.executor.memory=14g", "spark.dynamicAllocation.maxExecutors=3"} < set(words)
    assert spark["entryPoint"].startswith(f"{OUTPUT}_jobs/")
    for url in (spark["entryPoint"], words[1]):
        key = url.removeprefix(f"s3://{BUCKET}/")
        assert lake.aws.client("s3").get_object(Bucket=BUCKET, Key=key)["ContentLength"] > 100


def test_same_job_is_uploaded_to_the_same_place(lake: Lake) -> None:
    lake.up()
    with executing(lake):
        run(lake)
        run(lake)
    places = {asked["jobDriver"]["sparkSubmit"]["entryPoint"] for asked in lake.calls("StartJobRun")}
    assert len(places) == 1


def test_summary_cost_and_logs_are_shown(lake: Lake) -> None:
    lake.up()
    with executing(lake):
        said = run(lake)
    (only,) = lake.runs
    assert f"Started the job run {only.id} with a driver and up to 3 executors of 4 vCPU and 16 GB." in said
    assert "\nThe job says:\n  songplays 6820 rows\n  users 96 rows\n" in said
    assert "The job has succeeded." in said
    assert "; it cost $0.02." in said  # 16 vCPU and 64 GB for the least minute
    assert f"{OUTPUT}_logs/applications/{only.application.id}/jobs/{only.id}/SPARK_DRIVER/" in said


def test_prices_of_dl_cfg_count(lake: Lake) -> None:
    lake.up()
    prices = {"vcpu_hour": Decimal(1), "memory_gb_hour": Decimal(0)}
    with executing(lake):
        assert "it cost $0.27." in run(lake, prices=prices)
    assert serverless.costs(lake.stack(prices=prices))[0].startswith("a job run: at most $16.00:")


def test_costs_before_it_starts() -> None:
    stack = LakeStack(EmrSettings(job_minutes=30), Account(EmrSettings()), Report())
    assert serverless.costs(stack) == [
        "a job run: at most $0.61: AWS cancels it after 30 minutes (JOB_MINUTES)",
        "while it runs: at most $1.21 an hour (16 vCPU at $0.052624, 64 GB at $0.0057785), by the second",
        "while no job runs: nothing; the application stops by itself after 5 minutes",
    ]


def test_there_must_be_an_application(lake: Lake) -> None:
    with pytest.raises(Refused, match="There is no EMR Serverless application sparkify-lake in us-west-2") as refused:
        run(lake)
    assert "lake.py up makes it" in refused.value.hint


def test_a_drifted_application_runs_nothing(lake: Lake) -> None:
    """What was said of the costs would not hold."""
    lake.up(max_vcpu=32, max_memory_gb=128)
    with pytest.raises(Refused, match=r"32 vCPU, 128 GB -> 16 vCPU, 64 GB.*Nothing was started") as refused:
        run(lake)
    assert "lake.py up puts it right" in refused.value.hint
    assert not lake.runs


def test_a_missing_bucket_is_told_of(lake: Lake) -> None:
    lake.up()
    lake.aws.client("s3").delete_bucket(Bucket=BUCKET)
    with pytest.raises(AwsFailed, match=f"While uploading {OUTPUT}_jobs/.*NoSuchBucket"):
        run(lake)
    assert not lake.runs


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_failure_is_the_jobs_own_sentence(lake: Lake, stream: str) -> None:
    lake.up()
    text = (
        "26/11/22 10:00:00 INFO SparkContext: Running Spark version 3.5.6\n"
        "error: There is nothing below s3://music/log_data.\n"
        "Check INPUT_DATA.\n"
        "26/11/22 10:00:01 INFO ShutdownHookManager: Shutdown hook called\n"
    )
    details = "Job failed, please check complete logs in configured logging destination. ExitCode: 1."
    written: dict[str, Any] = {stream: text}
    with executing(lake, "FAILED", details, **written), pytest.raises(JobFailed) as failed:
        run(lake)
    (only,) = lake.runs
    message, hint = failed.value.message, failed.value.hint.splitlines()
    assert message == f"The job run {only.id} failed: There is nothing below s3://music/log_data."
    assert hint[0] == "Check INPUT_DATA."
    assert f"AWS says: {details}" in hint
    assert f"Its logs: {OUTPUT}_logs/applications/{only.application.id}/jobs/{only.id}/SPARK_DRIVER/" in hint
    assert hint[-1].startswith("It ran for ")
    assert hint[-1].endswith("; it cost $0.02.")


def test_failure_of_python_is_its_exception(lake: Lake) -> None:
    lake.up()
    stderr = "Traceback (most recent call last):\n  File 'etl.py', line 3\nValueError: day is out of range\nbye\n"
    with executing(lake, "FAILED", "ExitCode: 1", stderr=stderr), pytest.raises(JobFailed) as failed:
        run(lake)
    assert failed.value.message.endswith(" failed: ValueError: day is out of range.")


def test_memory_is_what_to_give_more_of(lake: Lake) -> None:
    lake.up()
    details = "ExitCode: 137 (Worker has been killed as memory usage exceeded configured memory size)"
    with executing(lake, "FAILED", details), pytest.raises(JobFailed, match="ExitCode: 137") as failed:
        run(lake)
    assert "set a larger MAX_MEMORY_GB in [EMR] of dl.cfg" in failed.value.hint


def test_failure_without_logs_is_awss(lake: Lake) -> None:
    """Nobody wrote any: the driver did not get that far."""
    lake.up()
    lake.aws.outcome = ("FAILED", "Internal failure of the worker")
    with pytest.raises(JobFailed) as failed:
        run(lake)
    assert failed.value.message.endswith(" failed: Internal failure of the worker.")
    assert "stderr.gz yet." in failed.value.hint


def test_success_without_logs_is_success(lake: Lake) -> None:
    lake.up()
    said = run(lake)
    assert "stdout.gz yet." in said
    assert "The job has succeeded." in said


def test_a_log_that_is_cut_off_is_shown_as_far_as_it_goes(lake: Lake) -> None:
    lake.up()
    whole = gzip.compress(os.urandom(2000).hex().encode() + b"\nsongplays 6820 rows\n" * 2000)
    with executing(lake, stdout=whole[:-12]):
        said = run(lake)
    assert "(the rest of this log cannot be read)" in said
    assert "Traceback" not in said


def test_a_log_that_is_no_gzip(lake: Lake) -> None:
    lake.up()
    with executing(lake, stdout=b"plain"):
        assert "(the rest of this log cannot be read)" in run(lake)


def test_a_log_does_not_move_the_cursor() -> None:
    body = gzip.compress(b"\x1b[2J\x1b[31mred\x1b[0m\ttab\x07\n\xff" + b"x" * 5000)
    from io import BytesIO

    first, second = run_logs._unzipped(BytesIO(body))
    assert first == "red tab "
    assert len(second) == run_logs.LONGEST


def test_logs_one_may_not_read_hide_no_failure(lake: Lake) -> None:
    lake.up()
    lake.aws.fault("s3", "GetObject", "AccessDenied", "Access Denied", 403, times=None)
    with executing(lake, "FAILED", "ExitCode: 1"), pytest.raises(JobFailed, match="failed: ExitCode: 1") as failed:
        run(lake)
    assert "While reading s3://" in failed.value.hint


def test_an_active_run_is_followed(lake: Lake) -> None:
    lake.up()
    lake.aws.polls["running"] = 6
    there = start(lake)
    said = run(lake)
    assert f"The job run {there.id} is active already (--input s3://udacity-dend/ --output {OUTPUT}): it is" in said
    assert "running, at most $0.00 so far" in said
    assert lake.runs == [there]
    assert there.state == "SUCCESS"


def test_another_is_started_beside_it(lake: Lake) -> None:
    lake.up()
    lake.aws.hold("running")
    there = start(lake)
    lake.aws.polls["running"] = 1
    lake.aws.release("running")
    run(lake, another=True)
    assert len(lake.runs) == 2
    assert there in lake.runs


def test_a_strangers_run_in_our_application_is_not_ours_to_follow_or_end(lake: Lake) -> None:
    stack = lake.up()
    lake.aws.hold("running")
    strange = dict(job_runs._parameters(stack, lake.application.id, job()), tags={"team": "other"})
    lake.aws.client(SERVICE).start_job_run(**strange)
    assert not serverless.cancel(stack)
    planned = serverless.plan_down(lake.stack())
    assert planned[0].sign is Sign.KEEP
    assert "was not started by this project" in planned[0].details[0]
    assert [change.details for change in planned if change.what == "IAM role sparkify-lake-job"] == [(plan.IN_USE,)]
    assert not serverless.look(lake.stack()).runs
    assert lake.runs[0].state != "CANCELLED"


def job() -> Any:
    from infrastructure.emr.upload import Job

    return Job(f"{OUTPUT}_jobs/1/etl.py", f"{OUTPUT}_jobs/1/sparkify_lake.zip")


def test_a_lost_answer_starts_one_run(lake: Lake) -> None:
    stack = lake.up()
    with answers_lost(stack, "StartJobRun", 3):
        run(lake)
    assert len(lake.calls("StartJobRun")) == 4
    assert len(lake.runs) == 1


def test_no_answer_at_all_says_that_it_may_run(lake: Lake) -> None:
    stack = lake.up()
    with answers_lost(stack, "StartJobRun", 99), pytest.raises(StillWaiting) as waiting:
        serverless.run(stack, another=False)
    assert "Whether AWS has begun starting the job run is not known" in waiting.value.message
    assert "lake.py status tells" in waiting.value.message
    assert "job run (perhaps: " in stack.standing()
    assert len(lake.runs) == 1


def test_a_refused_order_leaves_nothing(lake: Lake) -> None:
    stack = lake.up()
    said = "User: arn:aws:iam::1:user/me is not authorized to perform: iam:PassRole on resource: sparkify-lake-job"
    lake.aws.fault(SERVICE, "StartJobRun", "AccessDeniedException", said, 403)
    with pytest.raises(AwsFailed, match="While starting the job run, AWS said: User"):
        serverless.run(stack, another=False)
    assert "job run (" not in stack.standing()


def test_an_application_that_begins_to_stop_takes_the_order_later(lake: Lake) -> None:
    lake.up()
    text = "Application 00f must be in one of the following statuses [STARTED]. Current status: STOPPING"
    lake.aws.fault(SERVICE, "StartJobRun", "ValidationException", text, times=2)
    assert "job run: busy with a change" in run(lake)
    assert len(lake.runs) == 1


def test_throttling_is_waited_out(lake: Lake) -> None:
    lake.up()
    lake.aws.fault(SERVICE, "GetJobRun", "ThrottlingException", "Rate exceeded", 429, times=6, after=1)
    lake.aws.fault(SERVICE, "StartJobRun", "ThrottlingException", "Rate exceeded", 429, times=3)
    run(lake)
    assert lake.runs[0].state == "SUCCESS"


def test_an_expired_token_says_that_it_goes_on_and_costs(lake: Lake) -> None:
    stack = lake.up()
    said = "The security token included in the request is expired"
    lake.aws.fault(SERVICE, "GetJobRun", "ExpiredTokenException", said, 403, times=None, after=3)
    with pytest.raises(StillWaiting) as waiting:
        serverless.run(stack, another=False)
    assert said in waiting.value.message
    assert "The job goes on by itself and costs at most $1.21 an hour while it runs" in waiting.value.message
    assert "AWS cancels it after 60 minutes" in waiting.value.message
    assert "lake.py run --cancel ends it" in waiting.value.message
    assert "Sign in again" in waiting.value.hint
    assert f"job run {lake.runs[0].id} (at most $1.21" in stack.standing()


def test_ctrl_c_says_how_to_look_and_how_to_end_it(lake: Lake) -> None:
    lake.up()
    stack = lake.stack(wait_minutes=1, job_minutes=5)  # an end, should nobody interrupt
    lake.aws.hold("running")
    sent = threading.Thread(target=_interrupt_when, args=(lambda: "running" in lake.said.getvalue(),))
    sent.start()
    with pytest.raises(StillWaiting) as waiting:
        serverless.run(stack, another=False)
    sent.join(LIMIT)
    assert waiting.value.message.startswith(
        f"Interrupted while waiting for the job run {lake.runs[0].id}. The job goes"
    )
    assert "lake.py run --cancel ends it" in waiting.value.message
    assert "lake.py status to look" in waiting.value.hint
    assert lake.runs[0].state == "RUNNING"


def _interrupt_when(seen: Any) -> None:
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        if seen():
            return os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.01)
    return None


def test_a_run_queued_for_long_is_still_waited_for_after_the_time(lake: Lake) -> None:
    stack = lake.up()
    lake.aws.polls["queued"] = 1
    lake.aws.hold("queued")
    there = start(lake)
    there.enter("QUEUED", "RUNNING", "SUCCESS")
    found = dict(job_runs.describe(stack, there.application.id, there.id), executionTimeoutMinutes=0)
    with pytest.raises(StillWaiting, match=r"is still queued, until other runs end\. The job goes on by itself"):
        job_runs.follow(lake.stack(wait_minutes=0), found)
    lake.aws.release("queued")
    assert job_runs.follow(lake.stack(wait_minutes=0), found | {"executionTimeoutMinutes": 5})["state"] == "SUCCESS"


def test_a_role_that_is_new_is_waited_for(lake: Lake) -> None:
    lake.up()
    lake.aws.propagation = 2
    said = run(lake)
    assert [one.state for one in lake.runs] == ["FAILED", "FAILED", "SUCCESS"]
    assert said.count("AWS does not know the role sparkify-lake-job yet: once more.") == 2


def test_a_role_that_stays_unknown_is_told_of(lake: Lake) -> None:
    lake.up()
    lake.aws.propagation = 99
    with pytest.raises(JobFailed, match="Could not assume runtime role") as failed:
        run(lake)
    assert "lake.py up repairs it" in failed.value.hint
    assert "It did not start, and cost nothing." in failed.value.hint
    assert len(lake.runs) == serverless.ROLE_TRIES


def test_a_run_ended_by_its_time_says_which_setting(lake: Lake) -> None:
    lake.up()
    there = start(lake)
    found = dict(job_runs.describe(lake.stack(), there.application.id, there.id))
    from datetime import UTC, datetime, timedelta

    from infrastructure.emr import outcome

    ended = datetime.now(UTC)
    over = {**found, "state": "CANCELLED", "startedAt": ended - timedelta(minutes=61), "endedAt": ended}
    with pytest.raises(JobFailed, match="was cancelled: it had not ended after 60 minutes, which is what JOB_MINUTES"):
        outcome.tell(lake.stack(), over)


def test_cancelling(lake: Lake) -> None:
    stack = lake.up()
    lake.aws.hold("running")
    there = start(lake)
    serverless.cancel(stack)
    assert there.state == "CANCELLED"
    assert f"job run {there.id}: cancelled" in lake.said.getvalue()
    assert not serverless.cancel(stack)


def test_following_a_run_that_somebody_cancels(lake: Lake) -> None:
    lake.up()
    there = start(lake)
    lake.aws.polls["cancelling"] = 6
    lake.aws.client(SERVICE).cancel_job_run(applicationId=there.application.id, jobRunId=there.id)
    with pytest.raises(JobFailed, match="was cancelled: somebody ordered that"):
        run(lake)
    assert not lake.calls("GetObject")  # no log tells more


def test_cancelling_that_aws_refuses(lake: Lake) -> None:
    stack = lake.up()
    lake.aws.hold("running")
    there = start(lake)
    lake.aws.fault(SERVICE, "CancelJobRun", "ValidationException", "Not now.")
    with pytest.raises(AwsFailed, match=f"While cancelling the job run {there.id}, AWS said: Not now"):
        serverless.cancel(stack)


def test_cancelling_one_that_has_just_ended(lake: Lake) -> None:
    stack = lake.up()
    there = start(lake)
    found = job_runs.describe(stack, there.application.id, there.id)
    there.end("SUCCESS")
    assert job_runs.cancel(stack, found)["state"] == "SUCCESS"


def test_an_application_deleted_under_a_run(lake: Lake) -> None:
    stack = lake.up()
    there = start(lake)
    found = job_runs.describe(stack, there.application.id, there.id)
    del lake.aws.job_runs[there.id]
    with pytest.raises(Stuck, match="is gone: somebody has deleted its application"):
        job_runs.follow(stack, found)


def test_look(lake: Lake) -> None:
    assert not serverless.look(lake.stack()).exists
    lake.up()
    with executing(lake):
        run(lake)
    lake.aws.scheduled = None
    lake.aws.hold("running")
    start(lake)
    for _ in range(9):
        looked = serverless.look(lake.stack())
    assert (looked.status, looked.usable, looked.ours, looked.differences) == ("started", True, True, ())
    assert looked.facts["maximum capacity"] == "16 vCPU, 64 GB"
    now, before = looked.runs
    assert (now.status, now.active, before.status, before.active) == ("running", True, "success", False)
    assert before.usd is not None
    assert round(before.usd, 2) == Decimal("0.02")
    assert now.started is not None
    assert not serverless.look(lake.stack(max_vcpu=8)).usable


def test_down_cancels_and_removes(lake: Lake) -> None:
    empty = lake.aws.snapshot()
    lake.up()
    lake.aws.hold("running")
    there = start(lake)
    for _ in range(6):
        serverless.look(lake.stack())
    planned = lines(serverless.plan_down(lake.stack()))
    assert f"- job run {there.id}" in planned
    assert "is running: it is cancelled, and what it was writing stays unfinished" in planned
    lake.down()
    assert there.state == "CANCELLED"
    assert lake.aws.snapshot() == empty
    assert not plan.differs(serverless.plan_down(lake.stack()))


def test_down_goes_on_where_it_ended(lake: Lake) -> None:
    lake.up()
    lake.aws.fault(SERVICE, "DeleteApplication", "AccessDeniedException", "No.", 403)
    with pytest.raises(AwsFailed):
        lake.down()
    lake.down()
    assert not lake.applications
