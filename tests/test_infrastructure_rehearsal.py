"""The whole way as the README tells it: make the cluster, load the public data set, look, pause, take it all down.

The stand-in is AWS; the laptop's Redshift is what answers at the cluster's endpoint, reading S3 with the rights of the
role that setup made and nothing else. No password is in a file.
"""

from __future__ import annotations

import json
import secrets
import socket
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg2
import standalone
from infrastructure_scripts import place, telling

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest
    from infrastructure_scripts import Place
    from strict_aws import StrictAws

BUCKET = "udacity-dend"
COUNTS = {
    "staging_events": 8056,
    "staging_songs": 14896,
    "songplays": 6820,
    "users": 96,
    "songs": 14896,
    "artists": 9553,
    "time": 6813,
}
ANSWERS = {"DWH_REPLACE_RETIRED_NODES": "yes", "DWH_ROLE_POLICY": "bucket"}


def test_from_nothing_to_nothing(
    aws: StrictAws, real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill_bucket(aws, real_data / BUCKET)
    before = aws.snapshot()
    port = _free_port()
    with telling() as address:
        here = place(tmp_path, aws.environment(), address)
        here.environment.update(ANSWERS, DWH_DB_PORT=str(port))
        here.config.unlink()
        aws.endpoint = ("127.0.0.1", port)

        assert "Plan: 4 to add" in here.succeed("setup.py", "--dry-run", code=2)
        assert aws.snapshot() == before
        assert "create_tables.py" in here.succeed("setup.py", "--yes")
        assert "HOST = 127.0.0.1\n" in here.text

        with _cluster(aws, here, port, monkeypatch) as password:
            here.secrets.append(password)
            assert "ok" in here.succeed("status.py", "--check")
            assert "awsuser (password from AWS Secrets Manager)" in here.succeed("../create_tables.py")
            loaded = here.succeed("../etl.py")
            assert _counts(port, password) == COUNTS, loaded
            assert "Nothing to do" in here.succeed("setup.py")
            assert json.loads(here.succeed("status.py", "--json"))["status"] == "available"
            here.succeed("pause.py")
            assert json.loads(here.succeed("status.py", "--json", code=4))["status"] == "paused"
            here.succeed("resume.py")
        here.succeed("teardown.py", "--yes", "--no-final-snapshot")
    assert aws.snapshot() == before
    assert "HOST =\n" in here.text
    assert "On the laptop" in here.succeed("../create_tables.py")


def _fill_bucket(aws: StrictAws, folder: Path) -> None:
    """15,000 objects, put below the protocol: one by one they take a minute."""
    from moto.s3.models import s3_backends
    from strict_aws.world import ACCOUNT

    region = "us-west-2"
    aws.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": region})
    backend = s3_backends[ACCOUNT]["aws"]
    for file in folder.rglob("*"):
        if file.is_file():
            backend.put_object(BUCKET, file.relative_to(folder).as_posix(), file.read_bytes())


def _free_port() -> int:
    """One of those that Redshift takes; any, since another run on this machine may be looking for one as well."""
    free = [port for ports in (range(8191, 8216), range(5431, 5456)) for port in ports if _is_free(port)]
    return secrets.choice(free)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@contextmanager
def _cluster(aws: StrictAws, here: Place, port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """What answers at the endpoint, with the role's rights on S3 and the password that AWS keeps; yields that."""
    cluster = aws.client("redshift").describe_clusters(ClusterIdentifier="sparkify")["Clusters"][0]
    kept = aws.client("secretsmanager").get_secret_value(SecretId=cluster["MasterPasswordSecretArn"])
    password = json.loads(kept["SecretString"])["password"]
    file = here.folder / "password"
    file.touch(0o600)
    file.write_text(password)
    for name, value in aws.assume(cluster["DefaultIamRoleArn"]).items():
        monkeypatch.setenv(name, value)
    process = subprocess.Popen(
        standalone.command("--port", port, "--password-file", file, "--database", here.folder / "cluster.duckdb"),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        assert any("Ctrl-C stops it." in line for line in process.stdout)
        yield password
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _counts(port: int, password: str) -> dict[str, int]:
    with psycopg2.connect(host="127.0.0.1", port=port, user="awsuser", password=password, dbname="dev") as connection:
        cursor = connection.cursor()
        counted = {}
        for table in COUNTS:
            cursor.execute(f"SELECT COUNT(*) FROM {table}")
            counted[table] = cursor.fetchall()[0][0]
    connection.close()
    return counted
