"""Fixtures: a laptop warehouse behind a socket, psycopg2 connections to it, folders and servers that stand for S3."""

from __future__ import annotations

import os
import tarfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import psycopg2
import pytest

from local_redshift import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg2.extensions import connection as Connection  # noqa: N812
    from strict_aws import StrictAws

ROOT = Path(__file__).resolve().parent.parent
REAL_DATA = ROOT.parent / "shared" / "real-data" / "udacity-dend.tar.gz"


class Connect(Protocol):
    def __call__(self, *, autocommit: bool = False) -> Connection: ...


@pytest.fixture
def s3_root(tmp_path: Path) -> Path:
    """The folder that stands for S3: s3://bucket/key is s3_root/bucket/key."""
    root = tmp_path / "s3"
    root.mkdir()
    return root


@pytest.fixture
def warehouse(s3_root: Path) -> Iterator[embedded.Connection]:
    """An embedded warehouse in memory."""
    with embedded.start(database=None, s3_root=s3_root) as parameters:
        yield parameters


@pytest.fixture
def connect(warehouse: embedded.Connection) -> Iterator[Connect]:
    """Opens psycopg2 connections to the warehouse, and closes them."""
    with ExitStack() as stack:

        def open_connection(*, autocommit: bool = False) -> Connection:
            connection = psycopg2.connect(
                host=warehouse.host,
                port=warehouse.port,
                user=warehouse.user,
                password=warehouse.password,
                dbname=warehouse.database,
            )
            connection.autocommit = autocommit
            stack.callback(connection.close)
            return connection

        yield open_connection


@pytest.fixture(scope="session")
def real_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An s3 root with the public music data set in the bucket udacity-dend."""
    if not REAL_DATA.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the real data is missing: {REAL_DATA}")
        pytest.skip("the real data set is not on this machine")
    root = tmp_path_factory.mktemp("real")
    bucket = root / "udacity-dend"
    bucket.mkdir()
    with tarfile.open(REAL_DATA) as archive:
        archive.extractall(bucket, filter="data")
    return root


@pytest.fixture(scope="session")
def aws_server() -> Iterator[StrictAws]:
    """The server behind ``aws``; imported here, since moto takes its time."""
    from strict_aws import StrictAws

    server = StrictAws.start()
    yield server
    server.stop()


@pytest.fixture
def aws(aws_server: StrictAws) -> StrictAws:
    """An AWS on 127.0.0.1 with an empty account; see tests/strict_aws."""
    aws_server.reset()
    return aws_server
