"""What could go on costing money, or hurt what is not the lake's: as people come to it with infrastructure/lake.py."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any

import pytest
from lake_ec2 import Lake, lake_on, started
from lake_scripts import BUCKET, make_bucket

from infrastructure import command, plan
from infrastructure import lake as page
from infrastructure.account import Account
from infrastructure.emr import bucket, compute, ec2_cluster, job_runs, serverless, source
from infrastructure.emr.settings import EmrSettings, load
from infrastructure.errors import NotOurs, Refused, StillWaiting
from infrastructure.plan import Change, Sign
from warehouse.aws import Access
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from strict_aws import StrictAws

    from infrastructure.emr.stack import LakeStack
    from warehouse.errors import WarehouseError


@pytest.fixture
def lake(aws: StrictAws, monkeypatch: pytest.MonkeyPatch) -> Lake:
    return lake_on(aws, monkeypatch)


def do(lake: Lake, *words: str, **settings: Any) -> str:
    """What one command of lake.py says on the way; ``settings`` are dl.cfg's."""
    given = page.options().parse_args([*words])
    begin = lake.said.tell()
    page.COMMANDS[given.command](lake.stack(**{"on_ec2": bool(given.on_ec2), **settings}), given)
    return lake.said.getvalue()[begin:]


def fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stack: LakeStack, error: WarehouseError
) -> str:
    """What people read of an error on this stack."""

    def work(*_: object) -> int:
        raise error

    monkeypatch.setattr("sys.argv", ["lake.py"])
    options = ArgumentParser()
    options.set_defaults(config=None)
    assert command.run_on(lambda *_: stack, options, work) == 1
    return capsys.readouterr().err


# one kind hides the other


def test_commands_in_messages_are_for_the_kind_that_runs(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same command without --on-ec2 would look at EMR Serverless, while the cluster costs money."""
    waiting = StillWaiting(
        "It goes on. python infrastructure/lake.py run --cancel ends it.", "python infrastructure/lake.py status looks."
    )
    told = fails(monkeypatch, capsys, lake.stack(), waiting)
    assert "lake.py run --cancel --on-ec2 ends it" in told
    assert "lake.py status --on-ec2 looks" in told
    assert "--on-ec2" not in fails(monkeypatch, capsys, lake.stack(on_ec2=False), waiting)


def test_cancel_ends_what_runs_of_either_kind(lake: Lake) -> None:
    cluster = started(lake, lake.up())
    do(lake, "up", "--yes")
    lake.aws.hold("running")
    run = job_runs.start(lake.stack(on_ec2=False), next(iter(lake.aws.applications)))
    for flags in ([], ["--on-ec2"]):
        other = f"job run {run['jobRunId']}" if flags else f"EMR cluster {cluster.id}"
        assert f"The {other} of the other kind is active as well, and costs money" in do(lake, *flags, "status")
    told = do(lake, "run", "--cancel")
    assert f"EMR cluster {cluster.id}: terminated" in told
    assert f"job run {run['jobRunId']}: cancelled" in told
    assert "No run of the job is active: nothing to cancel." in do(lake, "run", "--cancel")
    assert "of the other kind" not in do(lake, "status")


def test_cancel_does_without_rights_on_the_other_kind(lake: Lake) -> None:
    lake.aws.fault("elasticmapreduce", "ListClusters", "AccessDeniedException", "Not authorized.", 400, times=None)
    assert not compute.cancel_all(lake.stack(on_ec2=False))


# the same command again


def test_another_is_not_given_again_to_go_on_waiting(lake: Lake) -> None:
    """It would start one more, which costs as much again."""
    do(lake, "up", "--yes")
    lake.aws.hold("running")
    with pytest.raises(StillWaiting) as interrupted:
        do(lake, "run", "--another", "--yes", wait_minutes=0, job_minutes=0)
    assert interrupted.value.hint.startswith("Run it without --another to go on waiting")
    with pytest.raises(StillWaiting) as interrupted:
        do(lake, "run", "--yes", wait_minutes=0, job_minutes=0)
    assert interrupted.value.hint.startswith("Run the same command again to go on waiting")
    assert len(lake.aws.job_runs) == 1


# what is in the bucket


def removal(stack: LakeStack, *, empty: bool) -> dict[Sign, list[Change]]:
    changes = bucket.plan_down(stack, empty=empty)
    return {sign: [change for change in changes if change.sign is sign] for sign in Sign}


def put(lake: Lake, *keys: str, into: str = BUCKET) -> None:
    for key in keys:
        lake.aws.client("s3").put_object(Bucket=into, Key=key, Body=b"x")


def keys(lake: Lake, name: str = BUCKET) -> list[str]:
    return [one["Key"] for one in lake.aws.client("s3").list_objects_v2(Bucket=name).get("Contents", ())]


def test_empty_takes_the_lake_and_nothing_beside_it(lake: Lake) -> None:
    """The input was put into the same bucket, say."""
    stack = lake.up()
    put(lake, "lake/songs/a.parquet", "input/log_data/a.json", "lake2/b")
    going = removal(stack, empty=True)
    [gone], [kept] = going[Sign.REMOVE], going[Sign.KEEP]
    assert gone.what == f"lake in {stack.output}"
    assert gone.details == ("1 of them: the lake's data, code and logs are lost",)
    assert kept.what == f"S3 bucket {BUCKET}"
    assert (
        "3 objects, 3 bytes: $0.00 a month; 2 of them are not the lake's, such as input/log_data/a.json"
        in kept.details[0]
    )
    plan.carry_out([gone, kept], stack.report)
    assert keys(lake) == ["input/log_data/a.json", "lake2/b"]
    assert not removal(stack, empty=True)[Sign.REMOVE]


def test_a_bucket_that_is_filled_while_somebody_thinks_is_kept(lake: Lake) -> None:
    """The plan said that it is empty, so that yes was no yes to losing data."""
    stack = lake.up()
    [gone] = removal(stack, empty=False)[Sign.REMOVE]
    put(lake, "lake/songs/a.parquet")
    with pytest.raises(Refused, match="something has been put into it meanwhile: it stays") as kept:
        plan.carry_out([gone], stack.report)
    assert "down --empty" in kept.value.hint
    assert keys(lake) == ["lake/songs/a.parquet"]


def test_our_bucket_is_told_of_though_output_data_names_another(lake: Lake) -> None:
    lake.up()
    put(lake, "lake/songs/a.parquet")
    make_bucket(lake.aws, "mine")
    stack = lake.stack(output="s3://mine/lake/")
    theirs, ours = removal(stack, empty=True)[Sign.KEEP]
    assert theirs.what == "S3 bucket mine"
    assert ours.what == f"S3 bucket {BUCKET}"
    assert "made by an earlier run of up; 1 object, 1 bytes: $0.00 a month" in ours.details[0]
    lake.aws.fault("s3", "ListObjectVersions", "AccessDenied", "Access Denied", 403)
    assert [change.what for change in removal(stack, empty=True)[Sign.KEEP]] == ["S3 bucket mine"]


@pytest.mark.parametrize(("output", "source"), [("s3://mine/", "s3://x/"), ("s3://mine/all/", "s3://mine/all/data/")])
def test_nobody_is_told_to_delete_more_than_the_lake(lake: Lake, output: str, source: str) -> None:
    """As classic projects have it: the lake in the root of a bucket that holds other things."""
    make_bucket(lake.aws, "mine")
    [left] = removal(lake.stack(output=output, input=source), empty=True)[Sign.KEEP]
    assert "aws s3 rm" not in str(left.details)
    assert f"delete by hand what you do not need in {output}" in left.details[1]


# another region


def test_the_instance_profile_of_another_region_is_left(lake: Lake) -> None:
    """What IAM has is in no region: down over there would take the right to read S3 from a cluster here."""
    lake.up()
    before = lake.aws.snapshot()
    there = lake.stack()
    there.account = Account(EmrSettings(access=Access(region="eu-central-1")))
    kept = [change for change in ec2_cluster.plan_down(there) if "sparkify-lake" in change.what]
    assert [change.sign for change in kept] == 3 * [Sign.KEEP]
    assert "The instance profile sparkify-lake-ec2 serves the lake sparkify-lake in us-west-2" in str(kept)
    plan.carry_out(kept, there.report)
    assert lake.aws.snapshot() == before


# what is asked before money is spent


def test_a_run_that_ends_while_it_is_looked_at_starts_no_other_unasked(lake: Lake) -> None:
    """It was active, so that nobody was asked about the price of one more."""
    do(lake, "up", "--yes")
    for on_ec2, runs_it in ((False, serverless), (True, ec2_cluster)):
        stack = lake.up(on_ec2=on_ec2)
        with pytest.raises(Refused, match="has ended meanwhile"):
            runs_it.run(stack, another=False, agreed=False)
    assert not lake.calls("StartJobRun")
    assert not lake.calls("RunJobFlow")


def test_what_the_job_would_not_find_is_told_before_it_costs(lake: Lake) -> None:
    stack = lake.stack(input="s3://udacity-dend/all/")
    assert source.missing(stack) == ["log_data", "song_data"]
    put(lake, "all/log-data.zip", "song_data/A/a.json", into="udacity-dend")
    assert source.missing(stack) == ["song_data"]
    assert source.missing(lake.stack(input="s3://not-there/")) == []
    do(lake, "up", "--yes")
    lake.aws.hold("running")
    with pytest.raises(StillWaiting):
        do(lake, "run", "--yes", wait_minutes=0, job_minutes=0)
    told = "There is no log_data in s3://udacity-dend/: the job would cost some minutes, and fail."
    assert told in lake.said.getvalue()


def test_a_bucket_that_is_gone_does_not_hide_a_run(lake: Lake) -> None:
    make_bucket(lake.aws, "mine")
    do(lake, "up", "--yes", output="s3://mine/")
    lake.aws.hold("running")
    run = job_runs.start(lake.stack(on_ec2=False, output="s3://mine/"), next(iter(lake.aws.applications)))
    for key in keys(lake, "mine"):
        lake.aws.client("s3").delete_object(Bucket="mine", Key=key)
    lake.aws.client("s3").delete_bucket(Bucket="mine")
    told = do(lake, "status", output="s3://mine/")
    assert f"{run['jobRunId']}: " in told
    assert "There is no bucket mine, which OUTPUT_DATA names" in told


# a dl.cfg as people have it


@pytest.mark.parametrize("url", ["s3a://AKIAKEY:wJalr@bucket/lake", "s3n://AKIAKEY:wJa/lr@bucket/", "s3://arn:aws:s3"])
def test_keys_within_a_url_are_refused_and_not_shown(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError) as refused:
        dl_cfg(tmp_path, f"[AWS]\nOUTPUT_DATA = {url}\n")
    assert "[AWS] OUTPUT_DATA has something before or behind the bucket's name" in refused.value.message
    assert "wJa" not in f"{refused.value.message}{refused.value.hint}"


@pytest.mark.parametrize("url", ["s3a://<your bucket>/", "s3a://", "s3:///lake", "https://b.s3.amazonaws.com/"])
def test_a_place_that_is_none(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match="neither s3://bucket/prefix nor a folder"):
        dl_cfg(tmp_path, f"[AWS]\nOUTPUT_DATA = {url}\n")


@pytest.mark.parametrize("section", ["DEFAULT", "default", "AWS"])
def test_a_classic_dl_cfg(tmp_path: Path, section: str) -> None:
    keys = "AWS_ACCESS_KEY_ID='AKIAEXAMPLE'\nAWS_SECRET_ACCESS_KEY='wJalr'\nOUTPUT_DATA='s3a://mine/'\n"
    settings = dl_cfg(tmp_path, f"[{section}]\n{keys}")
    assert (settings.access.key, settings.access.secret) == ("AKIAEXAMPLE", "wJalr")
    assert (settings.output, settings.notices) == ("s3://mine/", ())
    assert dl_cfg(tmp_path, f"[{section}]\n{keys}[EMR]\nNAME = lake\n").notices == ()
    with pytest.raises(ConfigError, match="line 1: no section before the first key") as refused:
        dl_cfg(tmp_path, keys)
    assert refused.value.hint == "Put a line such as [AWS] above it."


def dl_cfg(folder: Path, text: str) -> EmrSettings:
    file = folder / "dl.cfg"
    file.write_text(text)
    return load(file, {})


def test_a_lake_within_its_own_input(lake: Lake) -> None:
    make_bucket(lake.aws, "mine")
    for command_ in ("plan", "up"):
        with pytest.raises(ConfigError, match=r"s3://mine/log_data/lake/ lies in what is read, s3://mine/log_data/"):
            do(lake, command_, input="s3://mine/", output="s3://mine/log_data/lake/")
    told = do(lake, "plan", input="s3://mine/", output="s3://mine/")
    assert "writes s3://mine/, in which the input lies: the job may change that" in told


def test_the_job_is_not_uploaded_to_a_bucket_of_another_account(lake: Lake) -> None:
    """Ours was deleted, and somebody who can guess its name has made one."""
    do(lake, "up", "--yes")
    lake.aws.fault("s3", "HeadBucket", "403", "Forbidden", 403, times=None)
    with pytest.raises(NotOurs, match=f"There is an S3 bucket {BUCKET} that is not this account's"):
        do(lake, "run", "--yes")
    assert not lake.calls("PutObject")
    assert not lake.calls("StartJobRun")
