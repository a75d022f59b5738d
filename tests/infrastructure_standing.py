"""A warehouse that stands on the stand-in for AWS, made in this process by setup's own plan."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from io import StringIO
from typing import TYPE_CHECKING, Any

from infrastructure_scripts import CLUSTER, ROOT, Place, place, telling
from moto.redshift.models import redshift_backends
from strict_aws import ACCOUNT, REGION, StrictAws
from strict_aws.states import Life, Phase

from infrastructure import compute, plan, setup
from infrastructure.account import Account
from infrastructure.report import Report
from infrastructure.settings import StackSettings, load
from infrastructure.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

    from infrastructure.state import State

BUCKETS = """
[S3]
LOG_DATA = s3://data/log_data
LOG_JSONPATH = s3://data/log_json_path.json
SONG_DATA = s3://data/song_data
REGION =
"""
EVERYTHING = CLUSTER + BUCKETS + "\n[NETWORK]\nPUBLIC = yes\nCIDR =\n"


@dataclass
class Standing:
    """A folder with a dwh.cfg, and what was made of it."""

    aws: StrictAws
    place: Place
    environment: pytest.MonkeyPatch
    said: StringIO = field(default_factory=StringIO)

    def stack(self) -> Stack:
        """A stack as a page begins with it: dwh.cfg as it is now."""
        settings = load(None, os.environ)
        self.said = StringIO()
        return Stack(settings, _account(self.aws.url), Report(settings.secrets, self.said))

    def up(self, text: str = EVERYTHING, **replacements: str) -> None:
        self.place.configure(text, **replacements)
        stack = self.stack()
        asked = Namespace(allow_anywhere=False, dry_run=False, yes=True)
        plan.carry_out(setup.planned(stack, asked), stack.report)

    def look(self) -> State:
        stack = self.stack()
        compute.find_kind(stack)
        return compute.of(stack).look(stack)

    def configure(self, **replacements: str) -> None:
        self.place.configure(self.place.text, **replacements)

    def set(self, name: str, value: str) -> None:
        """An environment variable, for pages in this process and in their own."""
        self.environment.setenv(name, value)
        self.place.environment[name] = value

    @property
    def cluster(self) -> Any:
        """The stand-in's own; its attributes are the members that DescribeClusters gives."""
        return redshift_backends[ACCOUNT][REGION].clusters["sparkify"]

    def enter(self, status: str, availability: str = "Unavailable") -> None:
        """The cluster is in this state from now on."""
        self.cluster.life = Life(self.aws.clock, Phase(status, availability))

    def fill_bucket(self, bucket: str = "data", region: str = REGION) -> None:
        """The objects that dwh.cfg names."""
        s3 = self.aws.client("s3", region)
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
        for key in ("log_data/2018/11/events.json", "log_json_path.json", "song_data/A/song.json"):
            s3.put_object(Bucket=bucket, Key=key, Body=b"{}")


@cache
def _account(url: str) -> Account:
    """Its clients take long to make, and serve all tests."""
    return Account(StackSettings())


@contextmanager
def ground(aws: StrictAws, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Standing]:
    """An empty account, and this process's environment leading to it."""
    with telling() as url:
        here = place(folder, aws.environment(), url)
        here.configure(EVERYTHING)
        for name, value in here.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", [str(ROOT / "infrastructure" / "status.py")])
        yield Standing(aws, here, monkeypatch)
