"""dl.cfg for the lake on AWS: what counts, what is refused, and the names that come of it."""

from __future__ import annotations

import re
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from infrastructure.account import Account, Identity
from infrastructure.emr.role import lake_policy
from infrastructure.emr.settings import EmrSettings, load
from infrastructure.emr.stack import LakeStack
from infrastructure.prices import MEMORY_HOUR, READ_ON, TABLE, VCPU_HOUR, Prices
from infrastructure.report import Report
from warehouse.aws import Access
from warehouse.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent
FULL = """\
[AWS]
KEY = AKIAEXAMPLE
SECRET = wJalr%XUtnFEMI#K7
REGION = eu-central-1
INPUT_DATA = s3a://udacity-dend
OUTPUT_DATA = 's3://mine/teams/lake'  # with a comment
WAIT_MINUTES = 90
POLL_SECONDS = 2.5

[EMR]
NAME = music
RELEASE = emr-spark-8.0.0
MAX_VCPU = 32
MAX_MEMORY_GB = 128
IDLE_MINUTES = 15
JOB_MINUTES = 240
ON_EC2 = yes
INSTANCE_TYPE = m6g.2xlarge
INSTANCES = 5
SUBNET_ID = subnet-0a1b2c3d

[PRICES]
VCPU_HOUR = 0.06
M6G.2XLARGE = 0.4
"""


def read(folder: Path, text: str, **environment: str) -> EmrSettings:
    file = folder / "dl.cfg"
    file.write_text(text)
    return load(file, environment)


def test_the_example_says_what_holds_without_it(tmp_path: Path) -> None:
    text = (ROOT / "data_lake" / "dl.cfg.example").read_text()
    said = read(tmp_path, re.sub(r"(?m)^#([A-Z_0-9]+ =)", r"\1", text))
    prices = {name: TABLE[name] for name in (VCPU_HOUR, MEMORY_HOUR)}
    access = Access(region="us-west-2")
    assert said == EmrSettings(file=tmp_path / "dl.cfg", access=access, prices=prices, notices=())


def test_everything_that_dl_cfg_can_say(tmp_path: Path) -> None:
    assert read(tmp_path, FULL) == EmrSettings(
        file=tmp_path / "dl.cfg",
        access=Access("", "AKIAEXAMPLE", "wJalr%XUtnFEMI#K7", "", "eu-central-1"),
        name="music",
        release="emr-spark-8.0.0",
        max_vcpu=32,
        max_memory_gb=128,
        idle_minutes=15,
        job_minutes=240,
        on_ec2=True,
        instance_type="m6g.2xlarge",
        instances=5,
        subnet="subnet-0a1b2c3d",
        input="s3://udacity-dend/",
        output="s3://mine/teams/lake/",
        wait_minutes=90,
        poll_seconds=2.5,
        prices={VCPU_HOUR: Decimal("0.06"), "m6g.2xlarge": Decimal("0.4")},
    )


def test_secrets_do_not_show(tmp_path: Path) -> None:
    settings = read(tmp_path, FULL)
    assert settings.secrets == ("wJalr%XUtnFEMI#K7",)
    assert "wJalr" not in repr(settings)


def test_without_a_file_the_defaults_count(tmp_path: Path) -> None:
    file = tmp_path / "dl.cfg"
    assert load(file, {}) == EmrSettings(file=file)
    assert load(file, {}, on_ec2=True).on_ec2


def test_the_environment_goes_first(tmp_path: Path) -> None:
    told = {"DL_OUTPUT_DATA": "s3://other/", "DL_WAIT_MINUTES": "5", "DL_POLL_SECONDS": "0.5", "DL_NAME": "theirs"}
    settings = read(tmp_path, FULL, **told)
    assert (settings.output, settings.wait_minutes, settings.poll_seconds) == ("s3://other/", 5, 0.5)
    assert settings.name == "theirs"


def test_a_local_output_means_a_bucket_of_the_lakes_own(tmp_path: Path) -> None:
    settings = read(tmp_path, "[AWS]\nOUTPUT_DATA = lake\n")
    assert settings.output == ""
    [notice] = settings.notices
    assert "[AWS] OUTPUT_DATA is a folder on this machine, which EMR cannot write" in notice


def test_a_local_input_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"INPUT_DATA is .*sample, a folder on this machine") as refused:
        read(tmp_path, "[S3]\nINPUT_DATA = sample\n")
    assert "aws s3 sync" in refused.value.hint


def test_keys_that_nothing_reads_are_told(tmp_path: Path) -> None:
    [notice] = read(tmp_path, "[EMR]\nMAX_VCPUS = 400\n").notices
    assert "[EMR] MAX_VCPUS" in notice
    assert "dl.cfg.example" in notice


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("NAME", "Sparkify"),
        ("NAME", "1lake"),
        ("NAME", "l" * 36),  # its bucket's name would be too long
        ("NAME", "a_b"),
        ("RELEASE", "7.13.0"),
        ("RELEASE", "emr-7"),
        ("MAX_VCPU", "3"),
        ("MAX_VCPU", "16 vCPU"),
        ("MAX_MEMORY_GB", "15"),
        ("IDLE_MINUTES", "0"),
        ("IDLE_MINUTES", "10081"),
        ("JOB_MINUTES", "4"),
        ("ON_EC2", "maybe"),
        ("INSTANCE_TYPE", "large"),
        ("INSTANCES", "1"),
        ("INSTANCES", "101"),
        ("SUBNET_ID", "vpc-1"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(tmp_path: Path, key: str, value: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, f"[EMR]\n{key} = {value}\n")
    assert refused.value.message.startswith(f"{tmp_path / 'dl.cfg'}: [EMR] {key} is '{value}', n")


def test_a_price_that_is_none_names_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"\[PRICES\] has VCPU, which is no price") as refused:
        read(tmp_path, "[PRICES]\nVCPU = 0.06\n")
    assert "VCPU_HOUR, MEMORY_GB_HOUR and S3_GB_MONTH" in refused.value.hint


def test_what_workers_cost() -> None:
    table = Prices("us-west-2", {}, "dl.cfg")
    assert table.workers(Decimal(16), Decimal(64)) == Decimal("1.211808")  # EMR Serverless, an hour
    own = Prices("us-west-2", {MEMORY_HOUR: Decimal(1)}, "dl.cfg")
    assert own.workers(Decimal(0), Decimal(64)) == 64
    assert own.source == (
        f"on demand, us-west-2, read on {READ_ON}, [PRICES] of dl.cfg before them; without taxes, data transfer and "
        "backups"
    )


def stack(**settings: Any) -> LakeStack:
    given = EmrSettings(access=Access(region="us-west-2"), **settings)
    account = Account(given)
    account.identity = Identity("123456789012", "arn:aws:iam::123456789012:user/me", "aws")  # cached, so never asked
    return LakeStack(given, account, Report((), StringIO()))


def test_the_bucket_of_its_own() -> None:
    lake = stack(name="music")
    assert lake.bucket == "music-123456789012-us-west-2"
    assert lake.output == "s3://music-123456789012-us-west-2/lake/"
    assert lake.output_prefix == "lake/"
    assert lake.jobs_url == "s3://music-123456789012-us-west-2/lake/_jobs/"
    assert lake.logs_url == "s3://music-123456789012-us-west-2/lake/_logs/"
    assert lake.bucket_is_ours_to_make
    assert stack(name="music", output=lake.output).bucket_is_ours_to_make  # as dl.cfg has it after up


def test_the_longest_name_still_makes_a_bucket() -> None:
    given = EmrSettings(access=Access(region="ap-southeast-1"), name="l" * 35)
    account = Account(given)
    account.identity = Identity("123456789012", "arn:aws:iam::123456789012:user/me", "aws")
    lake = LakeStack(given, account, Report((), StringIO()))
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", lake.bucket)


def test_a_bucket_of_ones_own() -> None:
    lake = stack(output="s3://mine/")
    assert (lake.bucket, lake.output_prefix, lake.jobs_url) == ("mine", "", "s3://mine/_jobs/")
    assert not lake.bucket_is_ours_to_make


def test_a_warehouse_of_the_same_name_is_somebody_else() -> None:
    lake = stack(name="sparkify")
    assert lake.owns(lake.tags())
    assert not lake.owns({"dwh:stack": "sparkify", "dwh:kind": "cluster"})
    assert not lake.owns({"dwh:stack": "sparkify"})


@pytest.mark.parametrize(
    ("output", "writes", "looks"),
    [
        ("s3://mine/", ["arn:aws:s3:::mine/*"], []),
        ("s3://mine/a/lake/", ["arn:aws:s3:::mine/a/lake/*"], ["arn:aws:s3:::mine/a", "arn:aws:s3:::mine/a/lake"]),
    ],
)
def test_the_jobs_rights(output: str, writes: list[str], looks: list[str]) -> None:
    lists, uploads, reads, keeps = lake_policy(stack(output=output))["Statement"]
    assert lists["Resource"] == ["arn:aws:s3:::mine", "arn:aws:s3:::udacity-dend"]
    assert uploads["Resource"] == ["arn:aws:s3:::mine"]
    assert reads == {
        "Effect": "Allow",
        "Action": ["s3:GetObject"],
        "Resource": ["arn:aws:s3:::udacity-dend/*", *looks],
    }
    assert keeps["Resource"] == writes
    assert keeps["Action"] == ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
