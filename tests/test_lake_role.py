"""What the lake's job may do with the temporary credentials of its role: read the input, keep the lake, no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from lake_scripts import INPUT, LAKE, lake_place, make_bucket
from strict_aws import ACCOUNT

if TYPE_CHECKING:
    from pathlib import Path

    from strict_aws import StrictAws

MINE = "mine"
LAKE_KEY = "teams/lake/songs/a.parquet"
MAY: list[tuple[str, dict[str, Any]]] = [
    ("list_objects_v2", {"Bucket": INPUT, "Prefix": "music/log_data/"}),
    ("get_object", {"Bucket": INPUT, "Key": "music/log_data/a.json"}),
    ("list_objects_v2", {"Bucket": MINE, "Prefix": "teams/lake/"}),
    ("put_object", {"Bucket": MINE, "Key": LAKE_KEY, "Body": b""}),
    ("get_object", {"Bucket": MINE, "Key": LAKE_KEY}),
    ("copy_object", {"Bucket": MINE, "Key": "teams/lake/b", "CopySource": f"{MINE}/{LAKE_KEY}"}),
    ("delete_objects", {"Bucket": MINE, "Delete": {"Objects": [{"Key": LAKE_KEY}, {"Key": "teams/lake/b"}]}}),
    ("put_object", {"Bucket": MINE, "Key": "teams/lake/_logs/a", "Body": b""}),
    ("create_multipart_upload", {"Bucket": MINE, "Key": LAKE_KEY}),
    ("list_multipart_uploads", {"Bucket": MINE}),
]
MAY_NOT: list[tuple[str, dict[str, Any]]] = [
    ("put_object", {"Bucket": INPUT, "Key": "music/log_data/a.json", "Body": b""}),
    ("delete_object", {"Bucket": INPUT, "Key": "music/log_data/a.json"}),
    ("get_object", {"Bucket": INPUT, "Key": "private/a.json"}),
    ("get_object", {"Bucket": MINE, "Key": "private/a.json"}),
    ("put_object", {"Bucket": MINE, "Key": "teams/a", "Body": b""}),
    ("delete_objects", {"Bucket": MINE, "Delete": {"Objects": [{"Key": "teams/lake/b"}, {"Key": "private/a.json"}]}}),
    ("copy_object", {"Bucket": MINE, "Key": "teams/lake/b", "CopySource": f"{MINE}/private/a.json"}),
    ("delete_bucket", {"Bucket": MINE}),
    ("put_bucket_policy", {"Bucket": MINE, "Policy": "{}"}),
    ("list_objects_v2", {"Bucket": "theirs"}),
    ("list_multipart_uploads", {"Bucket": INPUT}),
    ("get_object", {"Bucket": "theirs", "Key": "a"}),
    ("list_buckets", {}),
]


@pytest.fixture
def job(aws: StrictAws, tmp_path: Path) -> dict[str, str]:
    """The environment of the job that lake.py up has made a role for; its places are parts of buckets."""
    here = lake_place(tmp_path, aws)
    for bucket in (MINE, "theirs"):
        make_bucket(aws, bucket)
    s3 = aws.client("s3")
    for bucket, key in ((INPUT, "music/log_data/a.json"), (INPUT, "private/a.json"), (MINE, "private/a.json")):
        s3.put_object(Bucket=bucket, Key=key, Body=b"{}")
    here.configure(LAKE, INPUT_DATA=f"s3://{INPUT}/music", OUTPUT_DATA=f"s3://{MINE}/teams/lake")
    here.lake("up", "--yes")
    return aws.assume(f"arn:aws:iam::{ACCOUNT}:role/sparkify-lake-job")


def test_the_job_does_its_work_and_nothing_else(aws: StrictAws, job: dict[str, str]) -> None:
    s3 = aws.client_as(job, "s3")
    for method, arguments in MAY:
        getattr(s3, method)(**arguments)
    for method, arguments in MAY_NOT:
        assert refused(s3, method, arguments) == "AccessDenied", (method, arguments)


def test_what_is_not_there_is_said_not_to_be_there(aws: StrictAws, job: dict[str, str]) -> None:
    """S3A asks for what it is about to write, and for every folder above it; a refusal would end the job."""
    s3 = aws.client_as(job, "s3")
    for key in ("teams", "teams/lake", "teams/lake/songs", LAKE_KEY):
        assert refused(s3, "head_object", {"Bucket": MINE, "Key": key}) == "404", key
    for key in ("music/none", "music/log_data"):
        assert refused(s3, "head_object", {"Bucket": INPUT, "Key": key}) == "404", key


def refused(client: Any, method: str, arguments: dict[str, Any]) -> str:
    with pytest.raises(ClientError) as caught:
        getattr(client, method)(**arguments)
    return str(caught.value.response["Error"]["Code"])
