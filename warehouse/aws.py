"""Who one is on AWS, and in which region: what dwh.cfg tells of it, and the boto3 session for that."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from warehouse.config_file import Key
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    import boto3

    from warehouse.config_file import Reader

DEFAULT_REGION = "us-west-2"  # where the public bucket udacity-dend is; for sessions that know none
REGION = r"[a-z]{2}[a-z-]*-\d"

_AWS = ("AWS", "IAM", "KEYS", "DEFAULT")
KEYS = {
    "profile": Key(_AWS, ("PROFILE", "AWS_PROFILE"), ()),
    "key": Key(_AWS, ("KEY", "AWS_ACCESS_KEY_ID", "ACCESS_KEY_ID", "ACCESS_KEY", "AWS_ACCESS_KEY"), ()),
    "secret": Key(_AWS, ("SECRET", "AWS_SECRET_ACCESS_KEY", "SECRET_ACCESS_KEY", "SECRET_KEY", "AWS_SECRET_KEY"), ()),
    "token": Key(_AWS, ("TOKEN", "AWS_SESSION_TOKEN", "SESSION_TOKEN"), ()),
    "aws_region": Key(
        ("AWS", "CLUSTER", "DWH", "REGION"),
        ("REGION", "AWS_REGION", "DWH_REGION", "REGION_NAME", "AWS_REGION_NAME", "DWH_REGION_NAME"),
        ("DWH_REGION",),
    ),
}
TEMPORARY = "ASIA"  # how the keys begin that need a token


@dataclass(frozen=True)
class Access:
    """Keys go before a profile, that before boto3's own chain. Secrets do not show in ``repr``."""

    profile: str = ""
    key: str = ""
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    region: str = ""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no line of output may hold."""
        return tuple(secret for secret in (self.secret, self.token) if secret)

    def session(self) -> boto3.Session:
        """Raises botocore's errors, as its clients do: use it within ``aws_errors.doing``."""
        import boto3

        return boto3.Session(
            profile_name=self.profile or None,
            aws_access_key_id=self.key or None,
            aws_secret_access_key=self.secret or None,
            aws_session_token=self.token or None,
            # As the AWS command line has it; boto3 itself knows AWS_DEFAULT_REGION alone.
            region_name=self.region or os.environ.get("AWS_REGION") or None,
        )


def read(reader: Reader) -> Access:
    """KEY, SECRET and TOKEN: both of the first, or none of all, so that boto3 looks elsewhere. Raises ConfigError."""
    key, secret, token, profile = (reader.text(setting) for setting in ("key", "secret", "token", "profile"))
    if bool(key) != bool(secret) or (token and not key):
        has = "a TOKEN without KEY and SECRET" if token and not key and not secret else "only one of KEY and SECRET"
        raise ConfigError(
            f"{reader.file}: [AWS] has {has}.",
            "Fill in both, or neither: then PROFILE, or whatever `aws configure` set up, is used.",
        )
    if key.startswith(TEMPORARY) and not token:
        raise ConfigError(
            f"{reader.file}: KEY in [AWS] is that of temporary keys, and there is no TOKEN.",
            "Fill in TOKEN: temporary keys come in threes (aws_session_token).",
        )
    if key and profile:
        raise ConfigError(f"{reader.file}: [AWS] has a PROFILE and a KEY as well.", "Leave one of them empty.")
    region = reader.matching("aws_region", REGION, "a region such as us-west-2")
    return Access(profile, key, secret, token, region)
