"""The lake's bucket: where it lies, whose it is, what is in it, and what S3 refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from lake_scripts import BUCKET, INPUT, make_bucket
from moto.s3.models import s3_backends
from strict_aws import ACCOUNT, REGION

from infrastructure.account import Account
from infrastructure.emr import bucket, bucket_contents, compute
from infrastructure.emr.bucket_contents import Contents
from infrastructure.emr.settings import EmrSettings
from infrastructure.emr.stack import LakeStack
from infrastructure.errors import AwsFailed, NotOurs, Refused
from infrastructure.plan import Sign, carry_out
from infrastructure.report import Report
from infrastructure.stack import aws_tags
from warehouse.aws import Access
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from strict_aws import StrictAws

    from infrastructure.plan import Change


@pytest.fixture
def said() -> StringIO:
    return StringIO()


@pytest.fixture
def lake(aws: StrictAws, monkeypatch: pytest.MonkeyPatch, said: StringIO) -> LakeStack:
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    return on(aws, said)


def on(aws: StrictAws, said: StringIO, region: str = "", **settings: Any) -> LakeStack:
    given = EmrSettings(access=Access(region=region), poll_seconds=0.01, **settings)
    return LakeStack(given, _account(aws.url, region), Report(given.secrets, said))


@cache
def _account(url: str, region: str) -> Account:
    """Its clients take long to make, and serve all tests."""
    return Account(EmrSettings(access=Access(region=region)))


def do(stack: LakeStack, changes: list[Change]) -> list[Change]:
    carry_out(changes, stack.report)
    return changes


def up(stack: LakeStack) -> list[Change]:
    return do(stack, bucket.plan_up(stack))


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_it_lies_in_the_lakes_region(aws: StrictAws, lake: LakeStack, said: StringIO, region: str) -> None:
    there = on(aws, said, region)
    up(there)
    assert bucket.look(there).region == region
    assert aws.client("s3", region).head_bucket(Bucket=there.bucket)["BucketRegion"] == region


def test_somebodys_in_another_region_costs_on_the_way(aws: StrictAws, lake: LakeStack, said: StringIO) -> None:
    make_bucket(aws, "mine", "eu-central-1")
    [change] = bucket.plan_up(on(aws, said, output="s3://mine/"))
    assert change.sign is Sign.KEEP
    assert "it is in eu-central-1, the job in us-west-2: what goes between them costs money" in change.details


def test_one_that_may_not_be_looked_at(aws: StrictAws, lake: LakeStack, said: StringIO) -> None:
    aws.fault("s3", "HeadBucket", "403", "Forbidden", 403, times=None)
    with pytest.raises(NotOurs, match="not this account's, or that you may not look at") as taken:
        bucket.plan_up(lake)
    assert "NAME in [EMR]" in taken.value.hint
    with pytest.raises(Refused, match="it is somebody else's, or you lack rights"):
        bucket.plan_up(on(aws, said, output="s3://mine/"))
    bucket.check_input(lake)  # the job's role may read it all the same
    [left] = bucket.plan_down(lake, empty=True)
    assert left.sign is Sign.KEEP


def test_a_name_that_others_can_guess_is_only_taken_from_this_account(lake: LakeStack, said: StringIO) -> None:
    """Somebody may have made it before us, and tagged it as ours: the job's code would go there."""
    asked: list[str | None] = []
    lake.account.client("s3").meta.events.register_first(
        "before-call.s3.HeadBucket",
        lambda params, **_: asked.append(params["headers"].get("x-amz-expected-bucket-owner")),
        unique_id="asked",
    )
    bucket.look(lake)
    lake.account.client("s3").meta.events.unregister("before-call.s3.HeadBucket", unique_id="asked")
    assert asked == [ACCOUNT]


def test_an_answer_that_was_lost(aws: StrictAws, lake: LakeStack) -> None:
    plan = bucket.plan_up(lake)
    make_bucket(aws, BUCKET)  # the order arrived, its answer did not
    do(lake, plan)
    assert [change.sign for change in bucket.plan_up(lake)] == [Sign.KEEP]
    assert lake.owns(bucket.look(lake).tags)


def test_a_name_that_is_busy_still(aws: StrictAws, lake: LakeStack, said: StringIO) -> None:
    busy = "A conflicting conditional operation is currently in progress against this resource. Please try again."
    aws.fault("s3", "CreateBucket", "OperationAborted", busy, 409, times=2)
    up(lake)
    assert "its name is still busy" in said.getvalue()


def test_a_name_that_somebody_has(aws: StrictAws, lake: LakeStack) -> None:
    aws.fault("s3", "CreateBucket", "BucketAlreadyExists", "The requested bucket name is not available.", 409)
    with pytest.raises(AwsFailed, match="The requested bucket name is not available"):
        up(lake)
    assert lake.standing() == ""


def test_more_objects_than_one_page(aws: StrictAws, lake: LakeStack, said: StringIO) -> None:
    up(lake)
    for number in range(1100):
        s3_backends[ACCOUNT]["aws"].put_object(BUCKET, f"lake/{number}", b"xy")
    assert bucket_contents.count(lake) == Contents(1100, 2200)
    [going] = bucket.plan_down(lake, empty=True)
    assert going.details == ("1,100 objects, 2.1 kB: the lake's data, code and logs are lost",)
    do(lake, [going])
    assert "1,100 objects deleted" in said.getvalue()
    assert not bucket.look(lake).exists
    assert bucket.plan_down(lake, empty=True) == []
    do(lake, [going])  # others have removed it meanwhile
    assert lake.standing() == ""


def test_what_many_objects_cost(lake: LakeStack) -> None:
    assert bucket_contents.a_month(lake, Contents(2, 1024**4)) == "$23.55"
    assert bucket_contents.a_month(lake, Contents(2, 1024**3, whole=False)) == "at least $0.02"
    assert str(Contents(100_000, 5 * 1024**3, whole=False)) == "more than 100,000 objects, 5.0 GB"
    assert str(Contents(1, 3)) == "1 object, 3 bytes"


def test_objects_that_s3_keeps(aws: StrictAws, lake: LakeStack) -> None:
    """Somebody has locked one."""
    s3, place = aws.client("s3"), {"LocationConstraint": REGION}
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place, ObjectLockEnabledForBucket=True)
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": aws_tags(lake.tags())})
    until = datetime.now(UTC) + timedelta(days=1)
    s3.put_object(
        Bucket=BUCKET, Key="lake/locked", Body=b"", ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until
    )
    s3.put_object(Bucket=BUCKET, Key="lake/open", Body=b"")
    with pytest.raises(WarehouseError, match=r"did not delete 1 of the objects .* such as lake/locked: Access Denied"):
        do(lake, bucket.plan_down(lake, empty=True))
    assert bucket_contents.count(lake).objects == 1


def test_what_is_still_written_is_removed_as_well(aws: StrictAws, lake: LakeStack, said: StringIO) -> None:
    up(lake)
    full = "The bucket you tried to delete is not empty"
    aws.fault("s3", "DeleteBucket", "BucketNotEmpty", full, 409, times=2)
    do(lake, bucket.plan_down(lake, empty=True))
    assert "something is still being written into it" in said.getvalue()
    assert not bucket.look(lake).exists


def test_down_goes_on_without_the_right_to_look_at_the_other_kind(aws: StrictAws, lake: LakeStack) -> None:
    make_bucket(aws, INPUT)
    do(lake, compute.of(lake).plan_up(lake))
    aws.fault("elasticmapreduce", "ListClusters", "AccessDeniedException", "You are not authorized.", 400, times=None)
    signs = [change.sign for change in do(lake, compute.plan_all_down(lake))]
    assert signs == [Sign.REMOVE, Sign.REMOVE]
    assert lake.standing() == ""
