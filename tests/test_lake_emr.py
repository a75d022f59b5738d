"""The lake on EMR Serverless from nothing to nothing: lake.py as people run it, and its job really run by Spark.

The stand-in for AWS keeps S3, the role and the application; Spark on this machine executes the job run, see
local_spark.py. What the job has written is compared with what the warehouse makes of the same files.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from infrastructure_scripts import wait_for
from lake_scripts import BUCKET, INPUT, LakePlace, lake_place
from local_spark import executing
from scripts import project

from warehouse.config import SAMPLE_DATA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scripts import Project
    from strict_aws import StrictAws

DAYS = ("2018-11-01", "2018-11-02")
SONGS = 40
SOURCE = SAMPLE_DATA / INPUT


def some_files() -> Iterator[Path]:
    """Two days of events, and songs of which some are played on them."""
    days = [SOURCE / f"log_data/2018/11/{day}-events.json" for day in DAYS]
    yield from days
    lines = [line for day in days for line in day.read_text(encoding="utf-8").splitlines()]
    played = {json.loads(line)["song"] for line in lines}
    songs = sorted((SOURCE / "song_data").rglob("*.json"))
    yield from sorted(songs, key=lambda file: json.loads(file.read_bytes())["title"] not in played)[:SONGS]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """An s3 root with a small bucket."""
    root = tmp_path / "s3"
    for file in (SOURCE / "log_json_path.json", *some_files()):
        there = root / INPUT / file.relative_to(SOURCE)
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, there)
    return root


@pytest.fixture
def at(aws: StrictAws, tmp_path: Path, small: Path) -> Iterator[LakePlace]:
    """A folder with a dl.cfg; what is started on the account's EMR Serverless runs here."""
    folder = tmp_path / "here"
    folder.mkdir()
    made = lake_place(folder, aws)
    made.environment["DL_POLL_SECONDS"] = "0.3"  # jobs take their time here
    for file in (small / INPUT).rglob("*.json"):
        key = file.relative_to(small / INPUT).as_posix()
        aws.client("s3").put_object(Bucket=INPUT, Key=key, Body=file.read_bytes())
    with executing(aws, tmp_path / "spark"):
        yield made


def in_the_warehouse(tmp_path: Path, small: Path) -> Project:
    folder = tmp_path / "warehouse"
    folder.mkdir()
    made = project(folder, small)
    made.succeed("create_tables.py")
    made.succeed("etl.py")
    return made


def download(aws: StrictAws, folder: Path) -> Path:
    """The lake's files, where DuckDB reads them."""
    s3 = aws.client("s3")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix="lake/"):
        for one in page.get("Contents", ()):
            there = folder / one["Key"]
            if not one["Key"].endswith("/"):
                there.parent.mkdir(parents=True, exist_ok=True)
                there.write_bytes(s3.get_object(Bucket=BUCKET, Key=one["Key"])["Body"].read())
    return folder / "lake"


def test_from_nothing_to_a_lake_and_back(aws: StrictAws, at: LakePlace, tmp_path: Path, small: Path) -> None:
    from lake_spark import TABLES, everything, in_warehouse

    before, text = aws.snapshot(), at.text
    at.lake("up", "--yes")
    said = at.lake("run", "--yes")
    lake = everything(download(aws, tmp_path / "downloaded"))
    assert lake == in_warehouse(in_the_warehouse(tmp_path, small))
    for table in TABLES:
        assert len(lake[table]) > 1
        assert table in said.partition("The job says:")[2]
    (run,) = aws.job_runs.values()
    assert (run.state, run.parameters["tags"]["dwh:stack"]) == ("SUCCESS", "sparkify-lake")
    told = json.loads(at.lake("status", "--json"))["runs"][0]
    assert (told["id"], told["status"], told["failed"]) == (run.id, "success", False)
    at.lake("down", "--empty", "--yes")
    assert aws.snapshot() == before
    assert at.text == text


def test_a_job_that_fails_says_why_and_where(aws: StrictAws, at: LakePlace) -> None:
    """Its own sentence and the place of its log, and AWS's reason."""
    at.configure(at.text, INPUT_DATA=f"s3://{INPUT}/nothing/here/")
    at.lake("up", "--yes")
    failed = at.lake_fails("run", "--yes")
    (run,) = aws.job_runs.values()
    place = f"s3://{BUCKET}/lake/_logs/applications/{run.application.id}/jobs/{run.id}/SPARK_DRIVER/"
    assert run.state == "FAILED"
    assert run.ending.startswith("Job execution failed, please check complete logs in configured logging destination.")
    assert run.id in failed
    assert f"s3://{INPUT}/nothing/here/" in failed  # in its own words
    assert place in failed
    kept = aws.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=place.removeprefix(f"s3://{BUCKET}/"))["Contents"]
    assert {one["Key"].rpartition("/")[2] for one in kept} == {"stderr.gz", "stdout.gz"}
    at.lake("down", "--empty", "--yes")


def test_cancelling_ends_what_runs(aws: StrictAws, at: LakePlace) -> None:
    at.lake("up", "--yes")
    with at.running("lake.py", "run", "--yes") as process:
        wait_for(lambda: any(one.state == "RUNNING" for one in aws.job_runs.values()), process)
        at.lake("run", "--cancel")
        assert "cancelled" in process.communicate(timeout=60)[1]
        assert process.returncode == 1
    (run,) = aws.job_runs.values()
    assert run.state == "CANCELLED"
    at.lake("down", "--empty", "--yes")
