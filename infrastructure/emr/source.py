"""What the job is to read: whether it is there, before anything that costs money is started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infrastructure.errors import AwsFailed, doing
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from infrastructure.emr.stack import LakeStack

FOLDERS = (("log_data", "log-data"), ("song_data", "song-data"))  # in either spelling; or archives of these names


def check_apart(stack: LakeStack) -> None:
    """Raise ConfigError where the lake lies in what is read, which the job refuses after some minutes that cost."""
    for name in (name for names in FOLDERS for name in names):
        folder = f"{stack.input}{name}/"
        if stack.output.startswith(folder):
            raise ConfigError(
                f"{stack.output} lies in what is read, {folder}: the next run would take the lake for data.",
                "Choose another OUTPUT_DATA in dl.cfg.",
            )


def missing(stack: LakeStack) -> list[str]:
    """The folders of which nothing is there; none where one may not look: the job's role may be let in all the same."""
    try:
        return [names[0] for names in FOLDERS if not any(_there(stack, name) for name in names)]
    except AwsFailed:
        return []


def _there(stack: LakeStack, name: str) -> bool:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html"""
    with doing(f"looking into {stack.input}"):
        listed = stack.account.client("s3").list_objects_v2(
            Bucket=stack.input_bucket, Prefix=f"{stack.input_prefix}{name}", MaxKeys=1
        )
    return bool(listed.get("Contents"))
