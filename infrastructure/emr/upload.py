"""The job on S3: etl.py and its package, in a folder named after what they hold."""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from infrastructure.errors import doing

if TYPE_CHECKING:
    from infrastructure.emr.stack import LakeStack


class Job(NamedTuple):
    """Where the job is: s3:// URLs of the entry point and of the package for ``--py-files``."""

    entry_point: str
    package: str


def upload(stack: LakeStack) -> Job:
    """Pack the job and put it on S3. A job run that is under way keeps its own. Raises AwsFailed.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
    """
    from data_lake import pack

    with TemporaryDirectory() as folder:
        files = pack.write(Path(folder))
        contents = [file.read_bytes() for file in files]
    version = hashlib.sha256(b"\0".join(contents)).hexdigest()[:12]
    urls = [f"{stack.jobs_url}{version}/{file.name}" for file in files]
    s3 = stack.account.client("s3")
    for url, content in zip(urls, contents, strict=True):
        bucket, _, key = url.removeprefix("s3://").partition("/")
        with doing(f"uploading {url}"):
            s3.put_object(Bucket=bucket, Key=key, Body=content)
    return Job(*urls)
