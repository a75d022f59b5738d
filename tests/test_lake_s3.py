"""data_lake/etl.py from S3 to S3 with the keys of dl.cfg, over Hadoop's own S3 client."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lake_process import etl, ran
from lake_scripts import make_bucket
from lake_spark import everything, in_warehouse
from scripts import event, small_project, song
from spark_parts import s3a_jars_or_skip, spark_or_skip
from strict_aws import REGION
from strict_aws.identity import OPERATOR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from subprocess import CompletedProcess

    from scripts import Project
    from strict_aws import StrictAws

INPUT, OUTPUT = "udacity-dend", "my-lake"
CFG = """\
[AWS]
KEY = {key}
SECRET = {secret}
REGION = {region}
INPUT_DATA = s3://{input}/
OUTPUT_DATA = s3a://{output}/sparkify/
"""
LOADS = [
    ({"2018-11-01": [event(1541105830796), event(1541105830797, 8)]}, [song(), song("SOA", year=1999)]),
    ({"2018-11-02": [event(1541192230796, level="paid")]}, [song("SOA", year=2001)]),
]


@pytest.fixture
def account(aws: StrictAws) -> StrictAws:
    spark_or_skip()
    for bucket in (INPUT, OUTPUT):
        make_bucket(aws, bucket)
    return aws


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A warehouse to compare with; its bucket is copied to the account's."""
    made = small_project(tmp_path)
    made.succeed("create_tables.py")
    return made


def put(account: StrictAws, project: Project, number: int) -> None:
    """The bucket holds this load and no other."""
    s3, bucket = account.client("s3"), project.s3_root / INPUT
    for file in [
        file for file in bucket.rglob("*") if file.is_file() and file.suffix == ".json" and file.parent != bucket
    ]:
        file.unlink()
        s3.delete_object(Bucket=INPUT, Key=str(file.relative_to(bucket)))
    days, songs = LOADS[number]
    for day, events in days.items():
        project.put_events(day, events)
    project.put_songs(*songs)
    for file in bucket.rglob("*.json"):
        s3.put_object(Bucket=INPUT, Key=str(file.relative_to(bucket)), Body=file.read_bytes())


def configure(folder: Path, **given: str) -> None:
    told = {"key": OPERATOR.key, "secret": OPERATOR.secret, "region": REGION, "input": INPUT, "output": OUTPUT}
    (folder / "dl.cfg").write_text(CFG.format(**{**told, **given}))


def environment(account: StrictAws) -> dict[str, str]:
    """Where AWS is, but not by whose right."""
    told = account.environment()
    jars = " ".join(map(str, s3a_jars_or_skip()))
    return {**{name: told[name] for name in told if "ACCESS_KEY" not in name}, "DL_JARS": jars}


def objects(account: StrictAws) -> dict[str, str]:
    listed = account.client("s3").list_objects_v2(Bucket=OUTPUT).get("Contents", [])
    return {one["Key"]: one["ETag"] for one in listed}


def fetched(account: StrictAws, folder: Path) -> Path:
    for key in objects(account):
        if not key.endswith("/"):
            (folder / key).parent.mkdir(parents=True, exist_ok=True)
            account.client("s3").download_file(OUTPUT, key, str(folder / key))
    return folder / "sparkify"


@pytest.fixture
def arguments_of_processes() -> Iterator[list[bytes]]:
    """What everybody on the machine could read meanwhile."""
    seen: dict[bytes, None] = {}
    enough = threading.Event()

    def look() -> None:
        while not enough.wait(0.05):
            for file in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen[file.read_bytes()] = None
                except OSError:
                    continue

    looking = threading.Thread(target=look)
    looking.start()
    found: list[bytes] = []
    yield found
    enough.set()
    looking.join()
    assert any(b"hadoop-aws" in arguments for arguments in seen)
    assert not any(OPERATOR.secret.encode() in arguments for arguments in seen)


def test_from_s3_to_s3_twice(
    account: StrictAws, project: Project, tmp_path: Path, arguments_of_processes: list[bytes]
) -> None:
    configure(tmp_path)
    for number in range(len(LOADS)):
        put(account, project, number)
        project.succeed("etl.py")
        done = ran(etl(), tmp_path, **environment(account), TZ="America/New_York")
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
        assert OPERATOR.secret not in done.stdout
        assert f"from s3://{INPUT}/ into s3://{OUTPUT}/sparkify/" in done.stdout
        lake = fetched(account, tmp_path / f"fetched{number}")
        assert everything(lake) == in_warehouse(project)
    files = [key for key in objects(account) if not key.endswith("/")]
    assert sorted(files) == [
        "sparkify/_lake.json",
        "sparkify/artists/part-00000.snappy.parquet",
        "sparkify/songplays/year=2018/month=11/part-00000.snappy.parquet",
        "sparkify/songs/year=0/part-00000.snappy.parquet",
        "sparkify/songs/year=2001/part-00000.snappy.parquet",
        "sparkify/time/year=2018/month=11/part-00000.snappy.parquet",
        "sparkify/users/part-00000.snappy.parquet",
    ]
    assert account.client("s3").list_multipart_uploads(Bucket=OUTPUT).get("Uploads", []) == []


READ_ONLY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": "*"}],
}
# What is in dl.cfg, and what is said.
REFUSED = {
    # S3 answers HEAD without a word, 403 alone: it may be the key or a right that is missing.
    "unknown key": ({"key": "AKIANOBODYNOBODYNOBO"}, "S3 does not allow it, or AWS does not know these credentials"),
    "no bucket to read": ({"input": "no-such-bucket-anywhere"}, "the bucket does not exist"),
    "no bucket to write": ({"output": "no-such-bucket-anywhere"}, "the bucket does not exist"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_s3_refuses_is_a_sentence(account: StrictAws, project: Project, tmp_path: Path, case: str) -> None:
    given, message = REFUSED[case]
    put(account, project, 0)
    configure(tmp_path, **given)
    done = ran(etl(), tmp_path, **environment(account))
    is_told(done, message)
    assert objects(account) == {}


def test_who_may_not_write_is_told_so(account: StrictAws, project: Project, tmp_path: Path) -> None:
    put(account, project, 0)
    with account.enforce(READ_ONLY) as theirs:
        configure(tmp_path, key=theirs["AWS_ACCESS_KEY_ID"], secret=theirs["AWS_SECRET_ACCESS_KEY"])
        done = ran(etl(), tmp_path, **environment(account))
        is_told(done, "S3 does not allow it")
        assert "s3:PutObject" in done.stderr
    assert objects(account) == {}


def is_told(done: CompletedProcess[str], message: str) -> None:
    """One sentence and a hint, and no secret."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.startswith("error: ")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) <= 2
    assert "Exception" not in done.stderr
    assert OPERATOR.secret not in done.stdout + done.stderr
