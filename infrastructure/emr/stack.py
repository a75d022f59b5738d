"""One data lake: its settings, the account it is in, and the names of its bucket, its places in it and its role."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from infrastructure.stack import KIND_TAG, Owned, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infrastructure.account import Account
    from infrastructure.emr.settings import EmrSettings
    from infrastructure.report import Report

LAKE = "lake"
JOBS, LOGS = "_jobs/", "_logs/"  # below the lake
# The warehouse's commands and file -> the lake's.
_OWN_WORDS = {
    "infrastructure/setup.py --print-policy": "infrastructure/lake.py plan --print-policy",
    "infrastructure/setup.py": "infrastructure/lake.py up",
    "infrastructure/status.py": "infrastructure/lake.py status",
    "infrastructure/teardown.py": "infrastructure/lake.py down",
    "dwh.cfg": "dl.cfg",
}
_COMMAND = re.compile(r"infrastructure/lake\.py (plan|up|run|status|down)( --(print-policy|cancel|empty))?\b")


class LakeStack(Owned):
    """The lake, which lake.py works on. Places are ``s3://bucket/prefix/``, with the slash at the end."""

    words = Words(
        "lake",
        "dl.cfg",
        "another NAME in [EMR]",
        "python infrastructure/lake.py status",
        "python infrastructure/lake.py down",
    )
    kind = LAKE
    settings: EmrSettings

    def __init__(self, settings: EmrSettings, account: Account, report: Report) -> None:
        super().__init__(settings.name, settings, account, report)

    def owns(self, tags: Mapping[str, str]) -> bool:
        """Whether what has these tags was made for this lake, and not for a warehouse of its name."""
        return super().owns(tags) and tags.get(KIND_TAG) == LAKE

    def in_its_words(self, text: str) -> str:
        """With --on-ec2 where that was given: the same command without it would look at the other kind."""
        for words, own in _OWN_WORDS.items():
            text = text.replace(words, own)
        return _COMMAND.sub(r"\g<0> --on-ec2", text) if self.settings.on_ec2 else text

    @property
    def input(self) -> str:
        return self.settings.input

    @property
    def input_bucket(self) -> str:
        return _bucket(self.input)

    @property
    def input_prefix(self) -> str:
        """Empty, or with a slash at its end."""
        return _prefix(self.input)

    @property
    def output(self) -> str:
        """Where the lake is. Raises AwsFailed, since the name of a bucket that we make has the account in it."""
        return self.settings.output or self.output_of(self.account.identity.account)

    def output_of(self, account: str) -> str:
        """The same for an account that is known, without asking AWS."""
        return self.settings.output or f"s3://{self.own_bucket(account)}/lake/"

    @property
    def bucket(self) -> str:
        """The bucket that the lake is in."""
        return _bucket(self.output)

    @property
    def output_prefix(self) -> str:
        """Empty, or with a slash at its end."""
        return _prefix(self.output)

    @property
    def bucket_is_ours_to_make(self) -> bool:
        """Whether the bucket has the name that we give; one that dl.cfg names otherwise is somebody's already."""
        return self.bucket == self.own_bucket(self.account.identity.account)

    def at_home(self) -> LakeStack:
        """The same lake in the bucket of its own."""
        return LakeStack(replace(self.settings, output=""), self.account, self.report)

    def own_bucket(self, account: str) -> str:
        """The name of the bucket that we make: nobody else has it, since all accounts share the names of buckets."""
        return f"{self.name}-{account}-{self.account.region}"

    @property
    def jobs_url(self) -> str:
        """Where the job's code is put. Spark and Athena take what begins with an underscore for no data."""
        return f"{self.output}{JOBS}"

    @property
    def logs_url(self) -> str:
        """Where EMR puts the job's logs."""
        return f"{self.output}{LOGS}"

    @property
    def role_name(self) -> str:
        """The name of the role that the job runs as."""
        return f"{self.name}-job"

    @property
    def role_arn(self) -> str:
        return self.arn_of_role(self.role_name)


def _bucket(url: str) -> str:
    return url.split("/")[2]


def _prefix(url: str) -> str:
    return url.split("/", 3)[3]
