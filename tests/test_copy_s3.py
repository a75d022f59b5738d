"""COPY from S3: a real server of its protocol over HTTP, boto3's own settings, many and large objects."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import psycopg2
import pytest
from clients import dsn

from local_redshift import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from psycopg2.extensions import cursor as Cursor  # noqa: N812

COPY = "COPY t FROM 's3://{}' IAM_ROLE default JSON 'auto'"
SECRET = "never-to-be-shown"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The bucket ``lake``, empty; boto3 finds endpoint and keys in the environment, as a user's would."""
    import boto3

    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_SESSION_TOKEN": "token",
        "AWS_DEFAULT_REGION": "us-west-2",
    }.items():
        monkeypatch.setenv(name, value)
    made = boto3.resource("s3").Bucket("lake")
    made.create(CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    yield made
    made.objects.all().delete()
    made.delete()


@contextmanager
def _warehouse() -> Iterator[Cursor]:
    """A cursor of a warehouse that knows the environment as it is now."""
    with embedded.start() as server:
        connection = psycopg2.connect(dsn(server))
        connection.autocommit = True
        with closing(connection), connection.cursor() as cursor:
            cursor.execute("CREATE TABLE t (a INTEGER, b VARCHAR(20))")
            yield cursor


@pytest.fixture
def cursor(bucket: Any) -> Iterator[Cursor]:
    with _warehouse() as cursor:
        yield cursor


def _rows(cursor: Cursor, what: str = "count(*), sum(a)") -> list[tuple[Any, ...]]:
    cursor.execute(f"SELECT {what} FROM t")
    return cursor.fetchall()


def test_prefix_and_many_small_objects(bucket: Any, cursor: Cursor) -> None:
    for number in range(60):
        bucket.put_object(Key=f"data/{number:03}.json", Body=json.dumps({"a": number, "b": "x"}))
    bucket.put_object(Key="data_old.json", Body=b'{"a":1000}')
    bucket.put_object(Key="data/", Body=b"")
    bucket.put_object(Key="other/x.json", Body=b'{"a":5000}')
    cursor.execute(COPY.format("lake/data/"))
    assert _rows(cursor) == [(60, sum(range(60)))]
    cursor.execute(COPY.format("lake/data"))
    assert _rows(cursor) == [(121, 2 * sum(range(60)) + 1000)]


def test_keys_that_are_no_paths(bucket: Any, cursor: Cursor) -> None:
    keys = ["k", "k/", "k//x", "k/./y", "k/../z", "k\ty", "k x", "k%20x", "k#1?", "k+é", "k[*]"]
    for number, key in enumerate(keys):
        bucket.put_object(Key=key, Body=json.dumps({"a": 2**number}))
    cursor.execute(COPY.format("lake/k"))
    assert _rows(cursor) == [(len(keys), 2 ** len(keys) - 1)]


def test_large_object(bucket: Any, cursor: Cursor) -> None:
    line = json.dumps({"a": 1, "b": "x" * 20, "c": "y" * 400}).encode() + b"\n"
    count = 2_500_000 // len(line)
    bucket.put_object(Key="large.json", Body=line * count)
    bucket.put_object(Key="large.small.json", Body=line)
    cursor.execute(COPY.format("lake/large"))
    assert _rows(cursor) == [(count + 1, count + 1)]


def test_jsonpaths_and_manifest(bucket: Any, cursor: Cursor) -> None:
    bucket.put_object(Key="x", Body=b'{"userId":7,"Name":"n"}')
    bucket.put_object(Key="paths", Body=json.dumps({"jsonpaths": ["$['userId']", "$['Name']"]}))
    bucket.put_object(Key="list", Body=json.dumps({"entries": [{"url": "s3://lake/x"}]}))
    cursor.execute("COPY t FROM 's3://lake/list' IAM_ROLE default MANIFEST JSON 's3://lake/paths'")
    assert _rows(cursor, "*") == [(7, "n")]


def test_errors_name_the_key(bucket: Any, cursor: Cursor) -> None:
    bucket.put_object(Key="bad.json", Body=b'{"a":1}\n{"a":"x"}')
    with pytest.raises(psycopg2.InternalError, match="Load into table 't' failed"):
        cursor.execute(COPY.format("lake/bad"))
    cursor.execute("SELECT trim(filename), line_number FROM stl_load_errors")
    assert cursor.fetchall() == [("s3://lake/bad.json", 2)]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("lake/nothing", "The specified S3 prefix 'nothing' does not exist"),
        ("no-such-bucket/x", "S3ServiceException:The specified bucket does not exist,Status 404,Error NoSuchBucket"),
    ],
)
def test_nothing_to_read(cursor: Cursor, source: str, message: str) -> None:
    with pytest.raises(psycopg2.InternalError) as caught:
        cursor.execute(COPY.format(source))
    assert caught.value.diag.message_primary == message
    assert caught.value.pgcode == "XX000"


def test_keys_of_the_statement_are_used(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket.put_object(Key="x", Body=b'{"a":1}')
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with _warehouse() as cursor:
        with pytest.raises(psycopg2.InternalError, match="no AWS credentials were found"):
            cursor.execute(COPY.format("lake/x"))
        cursor.execute(f"COPY t FROM 's3://lake/x' ACCESS_KEY_ID 'k' SECRET_ACCESS_KEY '{SECRET}' JSON 'auto'")
        keys = f"aws_access_key_id=k;aws_secret_access_key={SECRET};token=t"
        cursor.execute(f"COPY t FROM 's3://lake/x' CREDENTIALS '{keys}' JSON 'auto'")
        assert _rows(cursor) == [(2, 2)]


def test_keys_are_never_shown() -> None:
    from local_redshift.copy.statement import parse

    statement = parse(f"COPY t FROM 's3://b/x' ACCESS_KEY_ID 'AKIAX' SECRET_ACCESS_KEY '{SECRET}' JSON 'auto'")
    assert statement.credentials is not None
    assert statement.credentials.secret_access_key == SECRET
    for shown in (repr(statement), repr(statement.credentials), str(statement.credentials)):
        assert SECRET not in shown
        assert "AKIAX" not in shown


def test_parquet(bucket: Any, cursor: Cursor, tmp_path: Path) -> None:
    """Downloaded, whatever its size; a manifest promises the sizes."""
    import duckdb

    entries = []
    for number, rows in enumerate((3, 400_000)):
        path = tmp_path / str(number)
        duckdb.execute(
            f"COPY (SELECT range::INTEGER, hash(range)::VARCHAR FROM range({rows})) TO '{path}' (FORMAT parquet)"
        )
        bucket.upload_file(str(path), f"data/{number}.parquet")
        entries.append({"url": f"s3://lake/data/{number}.parquet", "meta": {"content_length": path.stat().st_size}})
    bucket.put_object(Key="data/_SUCCESS", Body=b"")
    cursor.execute("COPY t FROM 's3://lake/data/' IAM_ROLE default PARQUET")
    assert _rows(cursor) == [(400_003, 3 + sum(range(400_000)))]
    bucket.put_object(Key="list", Body=json.dumps({"entries": entries}))
    cursor.execute("COPY t FROM 's3://lake/list' IAM_ROLE default FORMAT AS PARQUET MANIFEST")
    assert _rows(cursor) == [(800_006, 2 * (3 + sum(range(400_000))))]
