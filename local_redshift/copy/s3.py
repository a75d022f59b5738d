"""Amazon S3, or a server that speaks its protocol (AWS_ENDPOINT_URL).

boto3 lists, downloads what is large, and finds the credentials, the region and the endpoint for both; many small
objects are read by obstore, whose threads do not wait for each other as boto3's do.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from local_redshift.copy.objects import S3Object, service_error
from local_redshift.errors import RedshiftError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from local_redshift.copy.credentials import Credentials

_READERS = 16
_AHEAD = 512  # objects asked for before the first is used
_DEFAULT_REGION = "us-east-1"


class BucketStore:
    """Reads and writes objects with boto3's credential chain, or with the keys that the statement gave."""

    def __init__(self, credentials: Credentials | None, region: str | None) -> None:
        import boto3
        from botocore.config import Config

        keys = {
            "aws_access_key_id": credentials.access_key_id,
            "aws_secret_access_key": credentials.secret_access_key,
            "aws_session_token": credentials.session_token,
        } if credentials else {}  # fmt: skip
        self._session = boto3.Session(**keys)
        self._region = region or self._session.region_name or _DEFAULT_REGION
        self._client = self._session.client(
            "s3",
            region_name=self._region,
            config=Config(retries={"mode": "standard", "max_attempts": 5}, user_agent_extra="local-redshift"),
        )
        self._stores: dict[str, Any] = {}
        self._guard = threading.Lock()

    def matching(self, bucket: str, prefix: str) -> list[S3Object]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        with _told(f"Listing bucket={bucket} prefix={prefix}"):
            found = [S3Object(bucket, item["Key"], item["Size"]) for page in pages for item in page.get("Contents", ())]
        return sorted(found, key=lambda item: item.key.encode())

    def find(self, bucket: str, key: str) -> S3Object | None:
        return next((item for item in self.matching(bucket, key) if item.key == key), None)

    def read(self, objects: Sequence[S3Object], most: int) -> Iterator[bytes | None]:
        def read_small(item: S3Object) -> bytes | None:
            return None if item.size is not None and item.size >= most else self._read_one(item)

        with ThreadPoolExecutor(_READERS, thread_name_prefix="s3-read") as pool:
            for start in range(0, len(objects), _AHEAD):
                yield from pool.map(read_small, objects[start : start + _AHEAD])

    def fetch(self, item: S3Object, target: Path) -> None:
        with _told(f"S3 key being read : {item.url}"):
            self._client.download_file(item.bucket, item.key, str(target))

    def put(self, source: Path, item: S3Object) -> None:
        with _told(f"S3 key being written : {item.url}"):
            self._client.upload_file(str(source), item.bucket, item.key)

    def remove(self, item: S3Object) -> None:
        with _told(f"S3 key being deleted : {item.url}"):
            self._client.delete_object(Bucket=item.bucket, Key=item.key)

    def _read_one(self, item: S3Object) -> bytes:
        if item.size == 0:
            return b""
        if not _is_path(item.key):
            return self._read_by_boto3(item)
        import obstore

        try:
            return bytes(obstore.get(self._store(item.bucket), item.key).bytes())
        except obstore.exceptions.BaseError as error:
            raise RedshiftError(
                f"The object {item.url} cannot be read: {str(error).splitlines()[0][:200]}", routine="pg_throw"
            ) from None

    def _read_by_boto3(self, item: S3Object) -> bytes:
        with _told(f"S3 key being read : {item.url}"):
            content: bytes = self._client.get_object(Bucket=item.bucket, Key=item.key)["Body"].read()
        return content

    def _store(self, bucket: str) -> Any:
        with self._guard:
            if bucket not in self._stores:
                self._stores[bucket] = self._open(bucket)
            return self._stores[bucket]

    def _open(self, bucket: str) -> Any:
        from obstore.store import S3Store

        found = self._session.get_credentials()
        if found is None:
            raise _no_credentials()
        keys = found.get_frozen_credentials()
        options: dict[str, Any] = {
            "region": self._region,
            "access_key_id": keys.access_key,
            "secret_access_key": keys.secret_key,
        }
        if keys.token:
            options["session_token"] = keys.token
        endpoint = self._client.meta.endpoint_url
        if "amazonaws.com" not in endpoint:
            options |= {"endpoint": endpoint, "virtual_hosted_style_request": False}
        return S3Store(bucket, client_options={"allow_http": True}, **options)


def _is_path(key: str) -> bool:
    """Whether obstore asks for this very key: it takes keys for paths, and tidies them."""
    return key.isprintable() and not {"", ".", ".."} & set(key.split("/"))


class _told:  # noqa: N801  a context manager, named as it reads
    """Turns boto3's errors into Redshift's."""

    def __init__(self, context: str) -> None:
        self._context = context

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if error is None:
            return
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

        if isinstance(error, ClientError):
            answer, status = error.response["Error"], error.response["ResponseMetadata"]["HTTPStatusCode"]
            raise service_error(answer["Message"], status, answer["Code"], self._context) from None
        if isinstance(error, NoCredentialsError):
            raise _no_credentials() from None
        if isinstance(error, BotoCoreError | Boto3Error):
            raise RedshiftError(f"S3ServiceException:{error}", detail=self._context, routine="pg_throw") from None


def _no_credentials() -> RedshiftError:
    return RedshiftError(
        "S3ServiceException:no AWS credentials were found",
        hint="Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE, "
        "or read buckets from a folder with --s3-root.",
        routine="pg_throw",
    )
