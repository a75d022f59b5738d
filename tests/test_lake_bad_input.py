"""Whatever is wrong with the input or the output: one sentence, and the lake stays byte for byte as it was."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

import pytest
from lake_spark import SOCKETS, Lake, files
from scripts import event, song

from data_lake.job.errors import InputError, LakeError, OutputError
from warehouse.config import SAMPLE_DATA

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytest_plugins = ["lake_fixtures"]
pytestmark = SOCKETS
SAMPLE = SAMPLE_DATA / "udacity-dend"
DAY = [event(1541105830796)]


@pytest.fixture
def input_(tmp_path: Path) -> Path:
    made = tmp_path / "input"
    put(made / "log_data" / "2018" / "day.json", *DAY)
    put(made / "song_data" / "a.json", song())
    return made


def put(file: Path, *objects: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(json.dumps(one) for one in objects))


def fails(lake: Lake, input_: Path, kind: type[LakeError], message: str) -> str:
    """The hint of the error, which must be a sentence, of a load that leaves everything as it is."""
    before = files(lake.folder)
    with pytest.raises(kind, match=message) as raised:
        lake.load(input_)
    assert files(lake.folder) == before
    assert "\n" not in raised.value.message
    assert "Exception" not in raised.value.message
    assert raised.value.hint
    return raised.value.hint


# What is done to good input, and what is said then.
INPUTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no folder": (
        lambda folder: folder.rename(folder.with_name("elsewhere")),
        "There are no events: .*/input/log_data",
    ),
    "no songs": (
        lambda folder: (folder / "song_data").rename(folder / "songs"),
        "There are no songs: .*/input/song_data does not exist, nor does .*/input/song-data.zip",
    ),
    "no file": (lambda folder: (folder / "log_data/2018/day.json").unlink(), "There are no events: "),
    "all days empty": (
        lambda folder: (folder / "log_data/2018/day.json").write_text("\n \n"),
        "There are no events: all files in log_data are empty",
    ),
    "all songs empty": (lambda folder: (folder / "song_data/a.json").write_text(""), "There are no songs: "),
    "a file in the folder's place": (
        lambda folder: (folder / "song_data").rename(folder / "songs").joinpath("a.json").rename(folder / "song_data"),
        "There are no songs: ",
    ),
    "other keys": (
        lambda folder: put(folder / "log_data/2018/day.json", {"timestamp": 1541105830796}),
        r"1 of 1 events \(100 %\) are not what they should be, mostly: ts: missing",
    ),
    "other types": (
        lambda folder: put(folder / "log_data/2018/day.json", event(1541105830796, sessionId="abc")),
        "mostly: sessionId: not a whole number of four bytes",
    ),
    "songs among the events": (
        lambda folder: put(folder / "log_data/2018/day.json", *[song()] * 9, *DAY),
        r"9 of 10 events \(90 %\)",
    ),
    "pictures": (
        lambda folder: (folder / "log_data/2018/day.json").write_bytes(os.urandom(5000)),
        "events .* are not what they should be, mostly: not UTF-8",
    ),
}


@pytest.mark.parametrize("how", INPUTS)
def test_input_that_is_not_what_it_should_be(copied_lake: Lake, input_: Path, how: str) -> None:
    spoil, message = INPUTS[how]
    spoil(input_)
    fails(copied_lake, input_, InputError, message)


def test_more_plays_in_a_millisecond_than_there_are_numbers(lake: Lake, input_: Path) -> None:
    """Times that were cut to days, say: no play may take another's number."""
    put(input_ / "log_data/2018/day.json", *(event(1541105830796, itemInSession=number) for number in range(10_000)))
    fails(lake, input_, LakeError, "While making the table songplays: too many plays have one and the same ts")


def test_an_empty_day_among_others_is_no_error(lake: Lake, input_: Path) -> None:
    (input_ / "log_data" / "2018" / "empty.json").write_text("")
    lake.load(input_, max_rejects=0)
    assert lake.query("SELECT COUNT(*) FROM songplays") == [(1,)]


def test_a_day_without_plays_leaves_the_lake_as_it_is(copied_lake: Lake, input_: Path) -> None:
    put(input_ / "log_data/2018/day.json", event(1541105830796, page="Home"))
    (input_ / "song_data" / "a.json").write_bytes(next((SAMPLE / "song_data").rglob("*.json")).read_bytes())
    before = copied_lake.everything()
    copied_lake.load(input_)
    assert copied_lake.everything() == before


@pytest.mark.parametrize("output", ["taken/lake", "taken", "/proc/lake"])
def test_an_output_that_cannot_be_written(lake: Lake, input_: Path, tmp_path: Path, output: str) -> None:
    (tmp_path / "taken").write_text("a file")
    there = Lake(lake.spark, tmp_path / output)
    fails(there, input_, LakeError, re.escape(str(tmp_path / output)))
    assert (tmp_path / "taken").read_text() == "a file"


def test_parquet_of_others_is_not_touched_but_by_replace(lake: Lake, input_: Path) -> None:
    theirs = lake.folder / "songs" / "year=1999" / "theirs.parquet"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"PAR1")
    hint = fails(lake, input_, OutputError, "/lake/songs holds files that this lake's etl.py did not write")
    assert "--replace" in hint
    lake.load(input_, replace=True)
    assert list(lake.files("songs")) == ["year=0/part-00000.snappy.parquet"]


@pytest.mark.parametrize("mark", ['{"tables": {}}', '{"tables"', "[]", '"text"', ""])
def test_a_lake_of_other_columns_is_not_mixed_with_these(copied_lake: Lake, input_: Path, mark: str) -> None:
    (copied_lake.folder / "_lake.json").write_text(mark)
    assert "--replace" in fails(copied_lake, input_, OutputError, "has other columns than sql_queries.py")


@pytest.mark.parametrize("below", ["log_data", "song_data/lake"])
def test_a_lake_within_what_is_read_is_refused(lake: Lake, input_: Path, below: str) -> None:
    """It would be read as events in the next run."""
    fails(Lake(lake.spark, input_ / below), input_, OutputError, rf"/input/{below} lies in what is read")


def test_a_lake_beside_what_is_read_is_none(lake: Lake, input_: Path) -> None:
    there = Lake(lake.spark, input_)
    there.load(input_)
    before = there.files()
    there.load(input_, max_rejects=0)
    assert there.files() == before


def test_what_a_crashed_run_left_goes_after_a_day(lake: Lake, input_: Path) -> None:
    """A younger one may be that of a run which still goes on."""
    for name, age in (("young", 3600), ("old", 90_000)):
        file = lake.folder / "_staging" / name / "songs" / "part.parquet"
        file.parent.mkdir(parents=True)
        file.touch()
        now = file.stat().st_mtime
        os.utime(file, (now - age, now - age))
    lake.load(input_)
    assert [path.name for path in (lake.folder / "_staging").iterdir()] == ["young"]
