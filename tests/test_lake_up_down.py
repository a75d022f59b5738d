"""lake.py as people run it: planned, made, made again, repaired, looked at and removed; what is not its own stays."""

from __future__ import annotations

import json
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from lake_scripts import BUCKET, INPUT, LAKE, LakePlace, lake_place, make_bucket
from strict_aws import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from strict_aws import StrictAws

ROLE, SERVICE = "sparkify-lake-job", "emr-serverless"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
FILLED = LAKE.replace("OUTPUT_DATA =", f"OUTPUT_DATA = s3://{BUCKET}/lake/")
TRUST = """{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}
]}"""
LOOKS = ("Get", "List", "Head", "Describe")


@pytest.fixture
def here(aws: StrictAws, tmp_path: Path) -> LakePlace:
    return lake_place(tmp_path, aws)


def account(aws: StrictAws) -> dict[str, Any]:
    """The account with what its buckets are like."""
    seen = aws.snapshot()
    return {**seen, "buckets": {name: _like(aws.client("s3"), name) for name in seen["buckets"]}}


def _like(s3: Any, name: str) -> tuple[dict[str, str], dict[str, bool], list[str]]:
    """Tags, what is closed to the public, and the keys of the objects."""
    tags: dict[str, str] = {}
    closed: dict[str, bool] = {}
    with suppress(ClientError):
        tags = {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=name)["TagSet"]}
    with suppress(ClientError):
        closed = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    return tags, closed, sorted(one["Key"] for one in s3.list_objects_v2(Bucket=name).get("Contents", ()))


def fill(aws: StrictAws, bucket: str = BUCKET) -> None:
    for key in ("lake/songs/year=0/part-0.parquet", "lake/_logs/stdout.gz", "lake/_jobs/etl.py"):
        aws.client("s3").put_object(Bucket=bucket, Key=key, Body=b"x" * 1024)


def test_the_account_is_afterwards_as_it_was_before(aws: StrictAws, here: LakePlace) -> None:
    aws.client("iam").create_role(RoleName="theirs", AssumeRolePolicyDocument=TRUST)
    before = account(aws)
    plan = here.lake("plan", code=2)
    assert "Plan: 3 to add, 1 to change, 0 to remove, 0 left as they are." in plan
    assert "This does it:  python " in plan
    assert "infrastructure/lake.py up" in plan
    assert "at most $1.21 an hour" in plan
    assert (account(aws), here.text) == (before, LAKE)
    assert f"The lake: s3://{BUCKET}/lake/" in here.lake("up", "--yes")
    made = account(aws)
    assert here.text == FILLED
    count = len(aws.calls)
    assert "Plan: 0 to add, 0 to change, 0 to remove, 3 left as they are." in here.lake("up")
    assert "Nothing to do." in here.lake("plan")
    assert not [call.operation for call in aws.calls[count:] if not call.operation.startswith(LOOKS)]
    assert account(aws) == made
    going = here.lake("down", "--dry-run", code=2)
    for what in ("- EMR Serverless application sparkify-lake (", f"- IAM role {ROLE}", f"- S3 bucket {BUCKET}"):
        assert what in going
    assert (account(aws), here.text) == (made, FILLED)
    assert "Nothing of it is left that costs money." in here.lake("down", "--yes")
    assert (account(aws), here.text) == (before, LAKE)
    assert "Nothing to do." in here.lake("down")


def test_it_is_made_as_the_plan_says(aws: StrictAws, here: LakePlace) -> None:
    here.lake("up", "--yes")
    made = account(aws)
    tags = {"dwh:stack": "sparkify-lake", "dwh:kind": "lake"}
    given, public, objects = made["buckets"][BUCKET]
    assert (given, objects) == (tags, [])
    assert set(public.values()) == {True}
    assert len(public) == 4
    role = made["roles"][ROLE]
    assert role["tags"] == {**tags, "dwh:region": "us-west-2"}
    [trust] = role["trust"]["Statement"]
    assert trust["Principal"] == {"Service": ["emr-serverless.amazonaws.com"]}
    assert trust["Condition"] == {"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}}
    [application] = made["applications"]
    assert (application["name"], application["tags"]) == ("sparkify-lake", tags)


DRIFTS: dict[str, tuple[Callable[[StrictAws], object], str]] = {
    "the role has another policy": (
        lambda aws: aws.client("iam").attach_role_policy(RoleName=ROLE, PolicyArn=ADMIN),
        "- policy AdministratorAccess",
    ),
    "anybody may assume the role": (
        lambda aws: aws.client("iam").update_assume_role_policy(RoleName=ROLE, PolicyDocument=TRUST),
        "~ assumed by emr-serverless.amazonaws.com, nobody else",
    ),
    "the role's policy is gone": (
        lambda aws: aws.client("iam").delete_role_policy(RoleName=ROLE, PolicyName="read-input-write-lake"),
        f"+ policy read-input-write-lake: reads s3://{INPUT}/, writes s3://{BUCKET}/lake/",
    ),
    "the bucket is open": (
        lambda aws: aws.client("s3").delete_public_access_block(Bucket=BUCKET),
        "~ closed to the public",
    ),
}


def test_drift_is_told_and_repaired(aws: StrictAws, here: LakePlace) -> None:
    here.lake("up", "--yes")
    right = account(aws)
    for spoil, _ in DRIFTS.values():
        spoil(aws)
    spoilt = account(aws)
    plan, seen = here.lake("plan", code=2), here.lake("status", code=4)
    for _, line in DRIFTS.values():
        assert line in plan
        assert line in seen
    assert account(aws) == spoilt
    here.lake("up", "--yes")
    assert account(aws) == right
    here.configure(FILLED, MAX_VCPU="32")
    assert "~ maximum capacity: 16 vCPU, 64 GB -> 32 vCPU, 64 GB" in here.lake("up", "--yes")
    assert "32 vCPU, 64 GB" in here.lake("status")


def test_status_of_nothing_and_of_everything(aws: StrictAws, here: LakePlace) -> None:
    absent = here.lake("status", code=3)
    assert "EMR Serverless application sparkify-lake: absent" in absent
    assert "This makes it ready:  python " in absent
    here.lake("up", "--yes")
    assert "This runs the job:  python " in here.lake("status")
    told = json.loads(here.lake("status", "--json"))
    assert told["usable"] is True
    assert told["made_by_this_project"] is True
    assert (told["kind"], told["runs"], told["to_repair"]) == ("serverless", [], [])
    assert (told["output"], told["account"]) == (f"s3://{BUCKET}/lake/", ACCOUNT)


@pytest.mark.parametrize("bucket", ["mine", BUCKET])
def test_a_bucket_of_somebody_is_used_and_left_as_it_is(aws: StrictAws, here: LakePlace, bucket: str) -> None:
    """One that dl.cfg names, and one that has the lake's own name and not its tag."""
    make_bucket(aws, bucket, team="data")
    text = LAKE.replace("OUTPUT_DATA =", f"OUTPUT_DATA = s3://{bucket}/lake")
    here.configure(text)
    fill(aws, bucket)
    before = account(aws)
    assert "not made by this project: used, and left as it is" in here.lake("up", "--yes")
    made = account(aws)
    assert made["buckets"] == before["buckets"]
    assert "Nothing to do." in here.lake("plan")
    gone = here.lake("down", "--yes", "--empty")
    assert f"S3 bucket {bucket}: not made by this project: it stays" in gone
    assert f"aws s3 rm --recursive s3://{bucket}/lake/" in gone
    assert (account(aws), here.text) == (before, text)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("OUTPUT_DATA", "s3://mine/lake", "There is no bucket mine, which OUTPUT_DATA names"),
        ("INPUT_DATA", "s3://udacity-end/", "There is no bucket udacity-end"),
        ("OUTPUT_DATA", f"s3://sparkify-lake-{ACCOUNT}-eu-west-1/lake/", "region eu-west-1 of account"),
        ("MAX_VCPU", "many", "[EMR] MAX_VCPU is 'many'"),
    ],
)
def test_what_cannot_be_right_is_refused_before_anything_is_made(
    aws: StrictAws, here: LakePlace, key: str, value: str, words: str
) -> None:
    here.configure(LAKE, **{key: value})
    before, text = account(aws), here.text
    assert words in here.lake_fails("up", "--yes")
    assert (account(aws), here.text) == (before, text)


def test_a_role_of_somebody_is_neither_taken_nor_removed(aws: StrictAws, here: LakePlace) -> None:
    aws.client("iam").create_role(RoleName=ROLE, AssumeRolePolicyDocument=TRUST)
    before = account(aws)
    refused = here.lake_fails("up", "--yes")
    assert f"IAM role {ROLE} is there already and was not made by this project; it is left alone." in refused
    assert "NAME in [EMR] of dl.cfg" in refused
    assert f"IAM role {ROLE} is there already" in here.lake("status", code=3)
    assert "Nothing to do." in here.lake("down")
    assert account(aws) == before


def test_a_lake_is_not_lost_by_yes_alone(aws: StrictAws, here: LakePlace) -> None:
    here.lake("up", "--yes")
    fill(aws)
    kept = here.lake("down", "--yes")
    assert f"What stays:\n  S3 bucket {BUCKET}: 3 objects, 3.0 kB: $0.00 a month; down --empty deletes it" in kept
    assert account(aws)["roles"] == {}
    assert here.text == FILLED
    assert "Nothing to do." in here.lake("down")
    s3 = aws.client("s3")
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    s3.delete_object(Bucket=BUCKET, Key="lake/_jobs/etl.py")  # a mark; the object is there still
    fill(aws)
    gone = here.lake("down", "--yes", "--empty")
    assert "the lake's data, code and logs are lost" in gone
    assert f"S3 bucket {BUCKET}: removed" in gone
    assert (list(account(aws)["buckets"]), here.text) == ([INPUT], LAKE)


def test_nothing_is_done_that_nobody_agreed_to(aws: StrictAws, here: LakePlace) -> None:
    before = account(aws)
    assert "no terminal to ask on, so nothing was changed.\nRun it with --yes." in here.lake_fails("up")
    code, shown = here.talk("lake.py", "up", answers=["y"])
    assert (code, "Nothing was changed." in shown) == (1, True)
    assert account(aws) == before
    code, shown = here.talk("lake.py", "up", answers=["yes"])
    assert code == 0, shown
    made = account(aws)
    for command in (["run"], ["down"], ["down", "--empty"]):
        assert "There is no terminal to ask on" in here.lake_fails(*command)
    assert account(aws) == made


def test_a_run_needs_what_up_makes(aws: StrictAws, here: LakePlace) -> None:
    assert "There is no EMR Serverless application sparkify-lake in us-west-2." in here.lake_fails("run", "--yes")
    here.lake("up", "--yes")
    aws.client("s3").delete_bucket(Bucket=BUCKET)
    assert f"There is no S3 bucket {BUCKET} yet." in here.lake_fails("run", "--yes")


def test_a_failure_on_the_way_is_told_and_gone_on_from(aws: StrictAws, here: LakePlace) -> None:
    before = account(aws)
    aws.fault("s3", "PutBucketTagging", "AccessDenied", "Access Denied", 403)
    assert "While tagging the S3 bucket" in here.lake_fails("up", "--yes")
    assert account(aws) == before  # a bucket without its tag would be nobody's
    aws.fault(SERVICE, "CreateApplication", "ValidationException", "No such release.")
    failed = here.lake_fails("up", "--yes")
    assert f"There are now: S3 bucket {BUCKET} ($0.023 a GB-month of data in it), IAM role {ROLE} (free)" in failed
    assert here.text == LAKE
    assert "Plan: 1 to add, 1 to change, 0 to remove, 2 left as they are." in here.lake("up", "--yes")
    here.lake("down", "--yes")
    assert account(aws) == before


def test_interrupted_it_says_what_stands(aws: StrictAws, here: LakePlace) -> None:
    aws.hold("creating")
    code, _, errors = here.interrupt("lake.py", "up", "--yes", when=lambda: bool(aws.applications), by=signal.SIGTERM)
    assert code == 1
    assert "There are now: S3 bucket" in errors
    assert "infrastructure/lake.py down to remove it" in errors
    aws.release("creating")
    here.lake("up", "--yes")
    assert here.text == FILLED


def test_dl_cfg_is_filled_where_it_can_be(aws: StrictAws, here: LakePlace) -> None:
    here.config.chmod(0o444)
    failed = here.lake_fails("up", "--yes")
    assert "dl.cfg was left as it is: it is read-only." in failed
    assert f"Write by hand:\nOUTPUT_DATA = s3://{BUCKET}/lake/" in failed
    assert here.text == LAKE
    here.config.unlink()
    assert "Nothing to do." in here.lake("up")
    assert not here.config.exists()


def test_another_configuration_is_carried_on(aws: StrictAws, here: LakePlace) -> None:
    other = here.folder / "music.cfg"
    other.write_text(LAKE.replace("NAME = sparkify-lake", "NAME = music"))
    here.config.unlink()
    bucket = BUCKET.replace("sparkify-lake", "music")
    made = here.lake("--config", "music.cfg", "up", "--yes")
    assert "infrastructure/lake.py --config music.cfg run" in made
    assert f"s3://{bucket}/lake/" in other.read_text()
    assert "Removed." in here.lake("down", "--yes", "--config", "music.cfg")
    assert "infrastructure/lake.py --config music.cfg up" in here.lake_fails("run", "--config", "music.cfg", "--yes")


def test_on_ec2_the_account_is_afterwards_as_it_was_before(aws: StrictAws, here: LakePlace) -> None:
    before = account(aws)
    assert "lake.py run --on-ec2" in here.lake("--on-ec2", "up", "--yes")
    made = account(aws)
    assert made["applications"] == []
    assert "Nothing to do." in here.lake("plan", "--on-ec2")
    assert json.loads(here.lake("status", "--json", "--on-ec2"))["kind"] == "ec2"
    assert account(aws) == made
    here.lake("up", "--yes")  # the other kind beside it
    here.lake("down", "--yes")  # removes both
    assert (account(aws), here.text) == (before, LAKE)


@pytest.mark.parametrize("command", ["", "plan", "up", "run", "status", "down"])
def test_help_has_an_example(here: LakePlace, command: str) -> None:
    told = here.lake(*command.split(), "--help")
    assert f"python infrastructure/lake.py {command or 'plan'}" in told


@pytest.mark.parametrize("arguments", [[], ["frob"], ["run", "--another", "--cancel"], ["up", "--config", "none.cfg"]])
def test_wrong_usage(here: LakePlace, arguments: list[str]) -> None:
    assert here.try_lake(*arguments).returncode == 2
