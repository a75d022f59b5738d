"""The stand-in for AWS is itself held to what AWS does: EMR Serverless."""

from __future__ import annotations

from queue import Queue
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ParamValidationError
from strict_aws import ACCOUNT, REGION
from strict_aws.asking import client, policy, refusal, role, trust

if TYPE_CHECKING:
    from strict_aws import StrictAws

SERVICE = "emr-serverless.amazonaws.com"
SPARK = {"entryPoint": "s3://lake/_jobs/etl.py", "sparkSubmitParameters": "--py-files s3://lake/_jobs/lake.zip"}


def application(aws: StrictAws, **more: object) -> str:
    """Its id; created."""
    parameters = {"name": "lake", "releaseLabel": "emr-7.13.0", "type": "SPARK", **more}
    made = client(aws, "emr-serverless").create_application(**parameters)["applicationId"]
    application_states(aws, made, aws.polls["creating"] + 1)
    return str(made)


def application_states(aws: StrictAws, made: str, count: int) -> list[str]:
    emr = client(aws, "emr-serverless")
    return [emr.get_application(applicationId=made)["application"]["state"] for _ in range(count)]


def job(aws: StrictAws, made: str, **more: object) -> str:
    """The id of a job run whose role is there."""
    if "executionRoleArn" not in more and not aws.snapshot()["roles"]:
        role(aws, "job", trust(SERVICE))
    parameters = {
        "executionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/job",
        "jobDriver": {"sparkSubmit": SPARK},
        **more,
    }
    started = client(aws, "emr-serverless").start_job_run(applicationId=made, **parameters)
    return str(started["jobRunId"])


def described(aws: StrictAws, made: str, run: str) -> dict[str, Any]:
    return client(aws, "emr-serverless").get_job_run(applicationId=made, jobRunId=run)["jobRun"]  # type: ignore[no-any-return]


def job_states(aws: StrictAws, made: str, run: str, count: int) -> list[str]:
    return [described(aws, made, run)["state"] for _ in range(count)]


def test_a_job_run_starts_its_application(aws: StrictAws) -> None:
    made = application(aws, tags={"dwh:stack": "lake"})
    run = job(aws, made, name="sparkify", tags={"dwh:stack": "lake"})
    states = job_states(aws, made, run, 8)
    assert states == ["SUBMITTED", "PENDING", "SCHEDULED", "RUNNING", "RUNNING", "SUCCESS", "SUCCESS", "SUCCESS"]
    assert application_states(aws, made, 1) == ["STARTED"]
    told = described(aws, made, run)
    assert (told["name"], told["tags"], told["stateDetails"]) == ("sparkify", {"dwh:stack": "lake"}, "")
    assert told["arn"] == f"arn:aws:emr-serverless:{REGION}:{ACCOUNT}:/applications/{made}/jobruns/{run}"
    assert told["executionTimeoutMinutes"] == 720


def test_an_application_comes_and_goes(aws: StrictAws) -> None:
    emr = client(aws, "emr-serverless")
    before = aws.snapshot()
    made = emr.create_application(name="lake", releaseLabel="emr-7.13.0", type="SPARK")
    assert made["arn"] == f"arn:aws:emr-serverless:{REGION}:{ACCOUNT}:/applications/{made['applicationId']}"
    it = {"applicationId": made["applicationId"]}
    assert application_states(aws, it["applicationId"], 4) == ["CREATING"] * 3 + ["CREATED"]
    emr.start_application(**it)
    assert application_states(aws, it["applicationId"], 2) == ["STARTING", "STARTED"]
    refused = refusal(emr.delete_application, **it)
    assert refused.endswith("must be in one of the following statuses [CREATED, STOPPED]. Current status: STARTED")
    assert refusal(emr.update_application, **it).startswith("ValidationException: Application")
    emr.stop_application(**it)
    assert refusal(emr.delete_application, **it).endswith("Current status: STOPPING")
    assert application_states(aws, it["applicationId"], 3) == ["STOPPING", "STOPPING", "STOPPED"]
    refused = refusal(emr.stop_application, **it)
    assert refused.endswith("Applications must be in one of the following statuses: [STARTING, STARTED]")
    emr.delete_application(**it)
    assert [one["state"] for one in emr.list_applications()["applications"]] == ["TERMINATED"]
    assert emr.list_applications(states=["CREATED", "STARTED", "STOPPED"])["applications"] == []
    assert aws.snapshot() == before
    assert refusal(job, aws, it["applicationId"]).endswith("is terminated. Cannot start job run.")


def test_it_stops_by_itself_when_nothing_runs(aws: StrictAws) -> None:
    made = application(aws)
    run = job(aws, made)
    job_states(aws, made, run, 4)
    aws.applications[made].idle()
    assert application_states(aws, made, 1) == ["STARTED"]
    job_states(aws, made, run, 2)
    aws.applications[made].idle()
    assert application_states(aws, made, 3) == ["STOPPING", "STOPPING", "STOPPED"]
    assert job_states(aws, made, job(aws, made), 3) == ["SUBMITTED", "PENDING", "SCHEDULED"]


def test_it_is_not_stopped_while_a_job_runs(aws: StrictAws) -> None:
    emr, made = client(aws, "emr-serverless"), application(aws)
    run = job(aws, made)
    job_states(aws, made, run, 4)
    assert refusal(emr.stop_application, applicationId=made).endswith("while it has active job runs.")
    emr.cancel_job_run(applicationId=made, jobRunId=run)
    assert job_states(aws, made, run, 3) == ["CANCELLING", "CANCELLED", "CANCELLED"]
    assert refusal(emr.cancel_job_run, applicationId=made, jobRunId=run).startswith("ValidationException: Job run")
    emr.stop_application(applicationId=made)


def test_amounts_come_back_as_aws_writes_them(aws: StrictAws) -> None:
    """The trap: what is asked for as 16vCPU is described as 16 vCPU."""
    emr = client(aws, "emr-serverless")
    made = application(aws, maximumCapacity={"cpu": "16vCPU", "memory": "64gb"}, architecture="X86_64")
    told = emr.get_application(applicationId=made)["application"]
    assert told["maximumCapacity"] == {"cpu": "16 vCPU", "memory": "64 GB"}
    assert told["autoStopConfiguration"] == {"enabled": True, "idleTimeoutMinutes": 15}
    assert (told["type"], told["architecture"], told["autoStartConfiguration"]) == (
        "Spark",
        "X86_64",
        {"enabled": True},
    )
    changed = {"maximumCapacity": {"cpu": "8", "memory": "32"}, "releaseLabel": "emr-7.12.0"}
    emr.update_application(applicationId=made, autoStopConfiguration={"idleTimeoutMinutes": 5}, **changed)
    told = emr.get_application(applicationId=made)["application"]
    assert told["maximumCapacity"] == {"cpu": "8 vCPU", "memory": "32 GB"}
    assert told["autoStopConfiguration"] == {"enabled": True, "idleTimeoutMinutes": 5}
    assert told["releaseLabel"] == "emr-7.12.0"


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"releaseLabel": "emr-7.99.0"}, "Type 'SPARK' is not supported for release label 'emr-7.99.0' or release"),
        ({"type": "FLINK"}, "Unsupported engine FLINK"),
        ({"name": "my lake"}, "1 validation error detected: Value 'my lake' at 'name' failed to satisfy constraint:"),
        ({"maximumCapacity": {"cpu": "no", "memory": "8 TB"}}, "2 validation errors detected: Value 'no' at 'max"),
        ({"autoStopConfiguration": {"idleTimeoutMinutes": 10081}}, "1 validation error detected: Value '10081' at"),
        ({"architecture": "RISC"}, "1 validation error detected: Value 'RISC' at 'architecture' failed to satisfy"),
    ],
)
def test_what_create_application_refuses(aws: StrictAws, parameters: dict[str, object], expected: str) -> None:
    assert refusal(application, aws, **parameters).startswith(f"ValidationException: {expected}")
    assert aws.snapshot()["applications"] == []


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"executionRoleArn": "arn:aws:iam::210987654321:role/job"}, "AccessDeniedException: Cross-account pass role"),
        ({"executionRoleArn": "role-of-that-name-xx"}, "ValidationException: 1 validation error detected"),
        ({"executionTimeoutMinutes": 4}, "ValidationException: RunTimeout must be at least 5 minutes."),
        ({"jobDriver": {"hive": {"query": "SELECT 1"}}}, "ValidationException: jobDriver must be sparkSubmit"),
    ],
)
def test_what_start_job_run_refuses(aws: StrictAws, parameters: dict[str, object], expected: str) -> None:
    made = application(aws)
    assert refusal(job, aws, made, **parameters).startswith(expected)
    assert client(aws, "emr-serverless").list_job_runs(applicationId=made)["jobRuns"] == []


def test_boto3_itself_demands_what_is_required(aws: StrictAws) -> None:
    with pytest.raises(ParamValidationError, match="releaseLabel"):
        client(aws, "emr-serverless").create_application(type="SPARK")


@pytest.mark.parametrize(
    ("document", "waits"),
    [
        (trust("ec2.amazonaws.com"), 0),
        (trust(SERVICE).replace("}]", ', "Condition": {"StringEquals": {"aws:SourceAccount": "210987654321"}}}]'), 0),
        (trust(SERVICE), 1),
    ],
    ids=["another service", "another account", "not spread yet"],
)
def test_a_role_that_cannot_be_assumed_fails_the_job(aws: StrictAws, document: str, waits: int) -> None:
    aws.propagation = waits
    made, arn = application(aws), role(aws, "job", document)
    run = job(aws, made)
    assert job_states(aws, made, run, 3) == ["SUBMITTED", "PENDING", "FAILED"]
    words = f"Could not assume runtime role {arn} because it doesn't exist or isn't setup with the required trust"
    assert described(aws, made, run)["stateDetails"].startswith(words)
    again = job(aws, made)
    assert (job_states(aws, made, again, 3)[-1] == "SCHEDULED") is (waits == 1)


def test_a_role_for_this_account_can_be_assumed(aws: StrictAws) -> None:
    ours = f', "Condition": {{"StringEquals": {{"aws:SourceAccount": "{ACCOUNT}"}}}}}}]'
    made = application(aws)
    role(aws, "job", trust(SERVICE).replace("}]", ours))
    assert job_states(aws, made, job(aws, made), 3)[-1] == "SCHEDULED"


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("--driver-cores 3", "Worker configuration of the driver is refused: 3 vCPU"),
        ("--conf spark.executor.memory=30g", "Worker configuration of the executor is refused: 4 vCPU can have 8 to"),
        ("--conf spark.driver.memory=14g", "ApplicationMaxCapacityExceededException: Worker could not be allocated"),
    ],
)
def test_workers_that_cannot_be(aws: StrictAws, parameters: str, expected: str) -> None:
    made = application(aws, maximumCapacity={"cpu": "4 vCPU", "memory": "8 GB"})
    run = job(aws, made, jobDriver={"sparkSubmit": {**SPARK, "sparkSubmitParameters": parameters}})
    assert job_states(aws, made, run, 3)[-1] == "FAILED"
    assert described(aws, made, run)["stateDetails"].startswith(expected)


def test_a_job_fails_as_the_test_says(aws: StrictAws) -> None:
    aws.outcome = ("FAILED", "Job execution failed. ExitCode: 1.")
    made = application(aws)
    run = job(aws, made)
    assert job_states(aws, made, run, 6)[-1] == "FAILED"
    assert described(aws, made, run)["stateDetails"] == "Job execution failed. ExitCode: 1."


def test_what_was_used_is_told_at_the_end(aws: StrictAws) -> None:
    """Two workers of 2 vCPU and 8 GB, for less than the minute that is billed."""
    sizes = "--conf spark.driver.cores=2 --conf spark.driver.memory=7g --num-executors 1 --executor-cores 2"
    driver = {**SPARK, "sparkSubmitParameters": f"{sizes} --executor-memory 7g"}
    made = application(aws)
    run = job(aws, made, jobDriver={"sparkSubmit": driver})
    job_states(aws, made, run, 5)
    assert "billedResourceUtilization" not in described(aws, made, job(aws, made))
    told = described(aws, made, run)
    assert told["billedResourceUtilization"] == {"vCPUHour": 0.067, "memoryGBHour": 0.267, "storageGBHour": 0.667}
    assert told["totalResourceUtilization"]["vCPUHour"] < 0.067
    assert 1 <= told["totalExecutionDurationSeconds"] < 60


def test_states_are_held(aws: StrictAws) -> None:
    made = application(aws)
    aws.hold("running")
    run = job(aws, made)
    assert job_states(aws, made, run, 9)[-1] == "RUNNING"
    aws.release("running")
    assert job_states(aws, made, run, 1) == ["SUCCESS"]


def test_the_same_token_makes_one(aws: StrictAws) -> None:
    emr = client(aws, "emr-serverless")
    made = application(aws, clientToken="t")
    assert application(aws, clientToken="t") == made
    assert refusal(application, aws, clientToken="t", name="other").startswith("ConflictException")
    run = job(aws, made, clientToken="j")
    assert job(aws, made, clientToken="j") == run
    assert len(emr.list_job_runs(applicationId=made)["jobRuns"]) == 1
    assert job(aws, made) != run


def test_lists_have_pages(aws: StrictAws) -> None:
    emr = client(aws, "emr-serverless")
    made = application(aws)
    runs = [job(aws, made) for _ in range(3)]
    first = emr.list_job_runs(applicationId=made, maxResults=2)
    assert [one["id"] for one in first["jobRuns"]] == [runs[2], runs[1]]
    pages = emr.get_paginator("list_job_runs").paginate(applicationId=made, PaginationConfig={"PageSize": 2})
    assert [one["id"] for page in pages for one in page["jobRuns"]] == runs[::-1]
    after = first["jobRuns"][0]["createdAt"]
    assert [one["id"] for one in emr.list_job_runs(applicationId=made, createdAtAfter=after)["jobRuns"]] == runs[2:]


def test_tags(aws: StrictAws) -> None:
    emr, made = client(aws, "emr-serverless"), application(aws, tags={"a": "1"})
    arn = emr.get_application(applicationId=made)["application"]["arn"]
    emr.tag_resource(resourceArn=arn, tags={"b": "2"})
    emr.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert emr.list_tags_for_resource(resourceArn=arn)["tags"] == {"b": "2"}
    assert (
        refusal(emr.get_application, applicationId="00x") == "ResourceNotFoundException: Application 00x does not exist"
    )
    missing = refusal(emr.get_job_run, applicationId=made, jobRunId="00x")
    assert missing == "ResourceNotFoundException: JobRun 00x does not exist"


def test_faults_and_other_regions(aws: StrictAws) -> None:
    made = application(aws)
    aws.fault("emr-serverless", "GetApplication", "InternalServerException", "We are sorry", 500, times=2)
    emr = client(aws, "emr-serverless")
    assert refusal(emr.get_application, applicationId=made) == "InternalServerException: We are sorry"
    elsewhere = aws.client("emr-serverless", "eu-central-1")
    assert elsewhere.list_applications()["applications"] == []
    assert refusal(elsewhere.get_application, applicationId=made).startswith("ResourceNotFoundException")


def test_a_run_is_handed_to_whoever_executes_it(aws: StrictAws) -> None:
    aws.scheduled = Queue()
    made = application(aws)
    run = job(aws, made)
    assert job_states(aws, made, run, 6)[-3:] == ["SCHEDULED"] * 3
    handed = aws.scheduled.get_nowait()
    assert aws.scheduled.empty()
    assert handed is not None
    assert (handed.id, handed.driver["entryPoint"]) == (run, SPARK["entryPoint"])
    handed.enter("RUNNING")
    assert job_states(aws, made, run, 4) == ["RUNNING"] * 4
    handed.end("FAILED", "x" * 300)
    assert described(aws, made, run)["stateDetails"] == "x" * 256


# what each call needs to be allowed

HERE = f"arn:aws:emr-serverless:{REGION}:{ACCOUNT}:/applications/"
TAGS = {"dwh:stack": "lake"}
OURS = {"StringEquals": {"aws:ResourceTag/dwh:stack": "lake"}}
ASKED = {"StringEquals": {"aws:RequestTag/dwh:stack": "lake"}}
LINK = policy("iam:CreateServiceLinkedRole", resource=f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/*")["Statement"]


def allow(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [one for each in statements for one in each["Statement"]]}


def test_making_an_application_needs_tagging_it_and_the_service_s_own_role(aws: StrictAws) -> None:
    make = policy("emr-serverless:CreateApplication", Condition=ASKED)
    tags = policy("emr-serverless:TagResource", resource=f"{HERE}*", Condition=ASKED)
    link = policy("iam:CreateServiceLinkedRole", resource=f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/*")
    order = {"name": "lake", "releaseLabel": "emr-7.13.0", "type": "SPARK", "tags": TAGS}
    for document, words in [
        (allow(tags, link), "is not authorized to perform: emr-serverless:CreateApplication on resource: *"),
        (allow(make, link), "is not authorized to perform: emr-serverless:TagResource"),
        (allow(make, tags), "Access denied when calling CreateServiceLinkedRole operation"),
    ]:
        with aws.enforce(document) as somebody:
            assert words in refusal(aws.client_as(somebody, "emr-serverless").create_application, **order)
    with aws.enforce(allow(make, tags, link)) as somebody:
        emr = aws.client_as(somebody, "emr-serverless")
        assert "CreateApplication" in refusal(emr.create_application, **{**order, "tags": {"dwh:stack": "other"}})
        emr.create_application(**order)
    with aws.enforce(allow(make, tags)) as somebody:  # the role is there now
        aws.client_as(somebody, "emr-serverless").create_application(**{**order, "name": "lake-2"})


def test_starting_a_job_needs_to_pass_its_role(aws: StrictAws) -> None:
    ours, theirs = application(aws, tags=TAGS), application(aws, tags={"dwh:stack": "other"})
    arn = role(aws, "job", trust(SERVICE))
    start = policy("emr-serverless:StartJobRun", resource=f"{HERE}*", Condition=OURS)
    passed = policy("iam:PassRole", resource=arn, Condition={"StringEquals": {"iam:PassedToService": SERVICE}})
    asked = {"executionRoleArn": arn, "jobDriver": {"sparkSubmit": SPARK}}
    with aws.enforce(start) as somebody:
        emr = aws.client_as(somebody, "emr-serverless")
        assert f"iam:PassRole on resource: {arn}" in refusal(emr.start_job_run, applicationId=ours, **asked)
    with aws.enforce(allow(start, passed)) as somebody:
        emr = aws.client_as(somebody, "emr-serverless")
        run = emr.start_job_run(applicationId=ours, **asked)["jobRunId"]
        assert "StartJobRun" in refusal(emr.start_job_run, applicationId=theirs, **asked)
        assert "TagResource" in refusal(emr.start_job_run, applicationId=ours, tags=TAGS, **asked)
        denied = refusal(emr.get_job_run, applicationId=ours, jobRunId=run)
        assert f"emr-serverless:GetJobRun on resource: {HERE}{ours}/jobruns/{run}" in denied


def test_lists_and_deletes_in_s3_are_held_to_their_prefix(aws: StrictAws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="music", CreateBucketConfiguration={"LocationConstraint": REGION})
    for key in ("lake/a", "lake/b", "other/a"):
        s3.put_object(Bucket="music", Key=key, Body=b"")
    listed = policy("s3:ListBucket", resource="arn:aws:s3:::music", Condition={"StringLike": {"s3:prefix": ["lake/*"]}})
    objects = policy("s3:GetObject", "s3:DeleteObject", resource="arn:aws:s3:::music/lake/*")
    with aws.enforce(allow(listed, objects)) as somebody:
        mine = aws.client_as(somebody, "s3")
        assert len(mine.list_objects_v2(Bucket="music", Prefix="lake/")["Contents"]) == 2
        for prefix in ("", "other/", "lake"):
            assert refusal(mine.list_objects_v2, Bucket="music", Prefix=prefix).startswith("AccessDenied")
        assert refusal(mine.head_object, Bucket="music", Key="lake/none").startswith("404")
        assert refusal(mine.get_object, Bucket="music", Key="lake/none").startswith("NoSuchKey")
        assert refusal(mine.head_object, Bucket="music", Key="other/a").startswith("403")
        both = {"Objects": [{"Key": "lake/a"}, {"Key": "other/a"}]}
        assert refusal(mine.delete_objects, Bucket="music", Delete=both).startswith("AccessDenied")
        mine.delete_objects(Bucket="music", Delete={"Objects": both["Objects"][:1]})
    with aws.enforce(objects) as somebody:  # who may not list is not told what is not there
        mine = aws.client_as(somebody, "s3")
        assert refusal(mine.head_object, Bucket="music", Key="lake/none").startswith("403")
        mine.head_object(Bucket="music", Key="lake/b")
    assert [one["Key"] for one in s3.list_objects_v2(Bucket="music")["Contents"]] == ["lake/b", "other/a"]
