"""Is the data there, and does COPY look for it in the right region?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infrastructure.checks.result import Skipped
from infrastructure.errors import AwsFailed, doing
from warehouse import config
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from infrastructure.checks.result import Scene

PATHS = ("log_data", "log_jsonpath", "song_data")
REGION_HEADER = "x-amz-bucket-region"


def path(scene: Scene, setting: str) -> str:
    """The s3:// path that dwh.cfg has, else the default; empty where it is none (``auto``)."""
    text = config.s3_path(scene.reader, setting, getattr(config.Settings, setting))
    return text if text.startswith("s3://") else ""


def split(path: str) -> tuple[str, str]:
    """
    >>> split("s3://udacity-dend/log_data"), split("s3://udacity-dend")
    (('udacity-dend', 'log_data'), ('udacity-dend', ''))
    """
    bucket, _, key = path.removeprefix("s3://").partition("/")
    return bucket, key


def bucket(scene: Scene, bucket: str) -> str:
    """That it exists, whoever may read it.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
    """
    status, region = _head(scene, bucket)
    if status == 404:
        raise WarehouseError(
            f"there is no bucket {bucket}.", "Look for a slip in LOG_DATA, LOG_JSONPATH and SONG_DATA in [S3]."
        )
    return f"in {region}" if region else "it is there"


def region(scene: Scene, bucket: str) -> str:
    """That COPY, which runs in the cluster's region, is told the bucket's.

    https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-source-s3.html#copy-region
    """
    _, theirs = _head(scene, bucket)
    if not theirs:
        raise Skipped("S3 does not tell it")
    given, ours = scene.reader.text("region"), scene.stack.account.region
    if (given or ours) == theirs:
        return f"{theirs}, " + ("as REGION in [S3] says" if given else "the same as the cluster's")
    remedy = "Leave REGION in [S3] empty." if theirs == ours else f"Set REGION = {theirs} in [S3]."
    if len(scene.stack.settings.buckets) > 1:
        remedy += " It holds for all paths in [S3], so their buckets have to be in one region."
    searched = f"REGION in [S3] is {given}" if given else f"COPY looks in the cluster's, {ours}"
    raise WarehouseError(f"the bucket is in {theirs}, and {searched}.", remedy)


def objects(scene: Scene, setting: str) -> str:
    """That something lies there, by the caller's own rights.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
    """
    place = path(scene, setting)
    if not place:
        raise Skipped("no file: COPY goes by the names of the columns")
    bucket, key = split(place)
    try:
        with doing(f"listing {place}"):
            answer = scene.stack.account.client("s3").list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1)
    except AwsFailed as error:
        if error.code != "AccessDenied":
            raise
        raise Skipped(f"you may not list {place}, which is no harm: the role has to") from None
    found = [one["Key"] for one in answer.get("Contents", ())]
    if not found or (setting == "log_jsonpath" and found != [key]):
        raise WarehouseError(f"nothing is at {place}.", f"Check {setting.upper()} in [S3]; capitals count.")
    return f"s3://{bucket}/{found[0]}" + ("" if setting == "log_jsonpath" else " and so on")


def _head(scene: Scene, bucket: str) -> tuple[int, str]:
    """HTTP status and region. S3 tells the region also to those who may not read; raises AwsFailed otherwise."""
    from botocore.exceptions import ClientError

    if bucket not in scene.heads:
        with doing(f"looking at the bucket {bucket}"):
            try:
                answer = scene.stack.account.client("s3").head_bucket(Bucket=bucket)
            except ClientError as error:
                answer = error.response
                if _told(answer)[0] not in {403, 404}:
                    raise
        scene.heads[bucket] = _told(answer)
    return scene.heads[bucket]


def _told(answer: Any) -> tuple[int, str]:
    about = answer["ResponseMetadata"]
    return about["HTTPStatusCode"], about["HTTPHeaders"].get(REGION_HEADER, "")
