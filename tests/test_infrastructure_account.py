"""Whose account, in which region, as whom: dwh.cfg before a profile, that before boto3's own chain."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest
from strict_aws import ACCOUNT

from infrastructure.account import Account, Identity
from infrastructure.command import introduce
from infrastructure.errors import AwsFailed
from infrastructure.report import Report
from infrastructure.settings import StackSettings
from infrastructure.stack import Stack

if TYPE_CHECKING:
    from pathlib import Path

    from strict_aws import StrictAws

NOBODY = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_REGION")
PROFILES = """\
[profile work]
region = eu-central-1
aws_access_key_id = AKIAWORK
aws_secret_access_key = work
[profile process]
credential_process = /nowhere/no-such-program
[profile chain]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = nobody
"""


@pytest.fixture(autouse=True)
def _only_what_the_test_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*NOBODY, "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "config").write_text(PROFILES)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.parametrize(
    ("settings", "environment", "region"),
    [
        ({}, {}, "us-west-2"),
        ({}, {"AWS_DEFAULT_REGION": "us-east-1"}, "us-east-1"),
        ({"profile": "work"}, {"AWS_DEFAULT_REGION": "us-east-1"}, "us-east-1"),  # as the AWS command line has it
        ({"profile": "work"}, {}, "eu-central-1"),
        ({"profile": "work"}, {"AWS_REGION": "us-east-2", "AWS_DEFAULT_REGION": "us-east-1"}, "us-east-2"),
        ({"region": "us-west-1"}, {"AWS_REGION": "us-east-2"}, "us-west-1"),
        ({"profile": "work", "region": "us-west-1"}, {"AWS_DEFAULT_REGION": "us-east-1"}, "us-west-1"),
    ],
)
def test_region(
    settings: dict[str, str], environment: dict[str, str], region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    account = Account(StackSettings(**settings))  # type: ignore[arg-type]
    assert account.region == region
    assert account.client("redshift").meta.region_name == region
    assert account.client("redshift") is account.client("redshift")


@pytest.mark.parametrize(
    ("settings", "key", "token"),
    [
        ({}, "AKIAENV", "of the environment"),
        ({"profile": "work"}, "AKIAWORK", None),
        ({"key": "AKIAFILE", "secret": "s"}, "AKIAFILE", None),  # not with the environment's token
        ({"key": "AKIAFILE", "secret": "s", "token": "t"}, "AKIAFILE", "t"),
    ],
)
def test_keys(settings: dict[str, str], key: str, token: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of the environment")
    session = StackSettings(**settings).access.session()  # type: ignore[arg-type]
    found = session.get_credentials()
    assert found is not None
    assert (found.access_key, found.token) == (key, token)


def test_a_profile_that_is_not_there() -> None:
    with pytest.raises(AwsFailed) as caught:
        Account(StackSettings(profile="home")).client("iam")
    assert "The config profile (home) could not be found" in caught.value.message
    assert "Check PROFILE in [AWS] of dwh.cfg" in caught.value.hint


@pytest.mark.parametrize(
    ("profile", "words", "helps"),
    [
        ("process", "No such file or directory: '/nowhere/no-such-program'.", "credential_process in ~/.aws/config"),
        ("chain", 'The source_profile "nobody" referenced', "Correct your profile in ~/.aws/config"),
    ],
)
def test_a_profile_that_is_broken(profile: str, words: str, helps: str) -> None:
    with pytest.raises(AwsFailed) as caught:
        Account(StackSettings(profile=profile)).identity  # noqa: B018  the question is asked by reading it
    assert words in caught.value.message
    assert helps in caught.value.hint


def test_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(AwsFailed) as caught:
        Account(StackSettings()).identity  # noqa: B018  the question is asked by reading it
    assert caught.value.message == "While asking AWS who you are: Unable to locate credentials."
    assert "aws configure" in caught.value.hint


def test_the_first_lines(aws: StrictAws, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    settings, said = StackSettings(notices=("dwh.cfg: read otherwise.",)), StringIO()
    introduce(Stack(settings, Account(settings), Report((), said)))
    first, second = said.getvalue().splitlines()
    assert first.startswith(f"AWS account {ACCOUNT}, region us-west-2, as arn:aws:")
    assert second == "dwh.cfg: read otherwise."


def test_the_root_user_is_told_to_be_somebody_else() -> None:
    settings, said = StackSettings(region="us-west-2"), StringIO()
    account = Account(settings)
    account.identity = Identity(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", "aws")
    introduce(Stack(settings, account, Report((), said)))
    assert "make an IAM user or role for this instead" in said.getvalue()
