"""A run that ends in the middle leaves the lake as it was, or is mended by the next; readers never see half."""

from __future__ import annotations

import shutil
import signal
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from lake_process import ROOT, end, etl, ran, running, wait_for
from lake_spark import SOCKETS, TABLES, Lake, query

from warehouse.config import SAMPLE_DATA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest_plugins = ["lake_fixtures"]
pytestmark = SOCKETS
SAMPLE = SAMPLE_DATA / "udacity-dend"
KILLED = """
import itertools, os, runpy, signal, sys
from data_lake.job.files import Files
moves, last, replace = itertools.count(1), int(sys.argv.pop(1)), Files.replace
def killed(self, source, target):
    replace(self, source, target)
    if next(moves) == last:
        os.kill(os.getpid(), signal.SIGKILL)
Files.replace = killed
sys.argv[0] = "data_lake/etl.py"
runpy.run_path("data_lake/etl.py", run_name="__main__")
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["killed", "Ctrl-C"])
def test_a_run_that_ends_while_it_works_changes_nothing(
    copied_lake: Lake, sample_lake: Lake, tmp_path: Path, number: signal.Signals
) -> None:
    command = etl("--input", str(SAMPLE), "--output", str(copied_lake.folder))
    with running(command, tmp_path) as process:
        wait_for(process, lambda: any(copied_lake.folder.glob("_staging/*/staging_songs")))
        end(process, number)
        _, err = process.communicate(timeout=60)
    left = {name: content for name, content in copied_lake.files().items() if not name.startswith("_staging/")}
    assert left == sample_lake.files()
    assert copied_lake.everything() == sample_lake.everything()
    if number == signal.SIGINT:
        assert process.returncode == 1
        assert err == "error: Interrupted.\n"
        assert not (copied_lake.folder / "_staging").exists()
    else:
        shutil.rmtree(copied_lake.folder / "_staging")


def test_interrupted_while_spark_starts(copied_lake: Lake, tmp_path: Path) -> None:
    before = copied_lake.files()
    with running(etl("--input", str(SAMPLE), "--output", str(copied_lake.folder)), tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("No dl.cfg here:")
        end(process, signal.SIGINT)
        _, err = process.communicate(timeout=60)  # until nobody holds the other end of the pipe: no Java stays behind
    assert (process.returncode, err) == (1, "error: Interrupted.\n")
    assert copied_lake.files() == before


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The sample data with every song in another year."""
    made = tmp_path / "changed"
    shutil.copytree(SAMPLE / "log_data", made / "log_data")
    for file in (SAMPLE / "song_data").rglob("*.json"):
        text = file.read_text(encoding="utf-8").replace('"year":', '"year":1')
        (made / "song_data").mkdir(exist_ok=True)
        (made / "song_data" / file.name).write_text(text, encoding="utf-8")
    return made


def test_a_run_that_is_killed_while_it_publishes_is_mended_by_the_next(
    copied_lake: Lake, sample_lake: Lake, changed: Path
) -> None:
    before = count(sample_lake.folder)
    command = [sys.executable, "-c", KILLED, "12", "--input", str(changed), "--output", str(copied_lake.folder)]
    done = ran(command, ROOT)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert copied_lake.files("songs") != sample_lake.files("songs")
    # No row is lost; a song may be in its old year and in the new one.
    assert all(rows >= before[table] for table, rows in count(copied_lake.folder).items())
    assert copied_lake.query("SELECT COUNT(DISTINCT song_id) FROM songs") == [(before["songs"],)]

    copied_lake.load(changed)
    shutil.rmtree(copied_lake.folder / "_staging")
    years = "SELECT COUNT(*), COUNT(DISTINCT song_id), MIN(year), COUNT(*) FILTER (year = 2010) FROM songs"
    assert copied_lake.query(years) == [(before["songs"], before["songs"], 10, 0)]
    copied_lake.load(SAMPLE)
    assert copied_lake.files() == sample_lake.files()


@pytest.fixture
def reading(copied_lake: Lake) -> Iterator[list[dict[str, int]]]:
    """Somebody who counts the rows of every table, again and again; what they saw."""
    seen: list[dict[str, int]] = []
    enough = threading.Event()

    def read() -> None:
        while not enough.is_set():
            seen.append(count(copied_lake.folder))

    reader = threading.Thread(target=read)
    reader.start()
    yield seen
    enough.set()
    reader.join()


def test_a_reader_never_sees_half_of_a_table(
    sample_lake: Lake, copied_lake: Lake, reading: list[dict[str, int]]
) -> None:
    copied_lake.load(SAMPLE)
    told = len(reading)
    copied_lake.load(SAMPLE, replace=True)
    right = count(sample_lake.folder)
    assert told > 5
    assert len(reading) > told
    assert [one for one in reading if one != right] == []


def count(folder: Path) -> dict[str, int]:
    """The rows of each table, from the columns and not from the files' ends."""
    key = {"artists": "name", "songs": "title", "songplays": "start_time", "users": "level", "time": "hour"}
    return {table: int(query(folder, f"SELECT COUNT({key[table]}) FROM {table}")[0][0]) for table in TABLES}
