"""The data as it is passed around: zip archives, gzipped files; and such as are damaged."""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from lake_spark import PLAN, SOCKETS, Lake, ordered
from scripts import event, song

from data_lake.job import sources, staging
from data_lake.job.errors import InputError
from data_lake.job.files import Files
from warehouse.config import SAMPLE_DATA

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pyspark.sql import SparkSession

pytest_plugins = ["lake_fixtures"]
pytestmark = SOCKETS
SAMPLE = SAMPLE_DATA / "udacity-dend"
EVENTS, SONGS = PLAN.sources
DAYS = sorted((SAMPLE / "log_data").rglob("*.json"))[:12]
TWO = "\n".join(json.dumps(event(1541105830796 + number)) for number in range(2)).encode()


def staged(spark: SparkSession, input_: Path, work: Path, source: Any = EVENTS) -> list[tuple[Any, ...]]:
    """The rows that a source gives."""
    done = staging.stage(spark, source, sources.find(Files(spark), source, str(input_)), str(work))
    staging.check(done, 0)
    return ordered([tuple(row) for row in spark.table(source.table).collect()])


def put(folder: Path, members: dict[str, bytes]) -> None:
    for name, content in members.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def pack(archive: Path, members: dict[str, bytes]) -> Path:
    archive.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return archive


@pytest.fixture(scope="module")
def plain(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, ...]]:
    folder = tmp_path_factory.mktemp("plain")
    put(folder, {f"log_data/{day.name}": day.read_bytes() for day in DAYS})
    return staged(spark, folder, folder / "work")


# What is in the archive for a day.
MEMBERS: dict[str, Callable[[Path], dict[str, bytes]]] = {
    "at the root": lambda day: {day.name: day.read_bytes()},
    "in folders, with what macOS leaves": lambda day: {
        "log-data/": b"",
        f"log-data/2018/{day.name}": day.read_bytes(),
        f"__MACOSX/log-data/2018/._{day.name}": b"\x00\x05\x16\x07Mac OS X",
        f"log-data/2018/.{day.name}.DS_Store": b"\x00\x00\x00\x01Bud1",
    },
    "gzipped": lambda day: {f"log_data/{day.name}.gz": gzip.compress(day.read_bytes())},
    "with a mark and CRLF": lambda day: {day.name: b"\xef\xbb\xbf" + day.read_bytes().replace(b"\n", b"\r\n")},
}


@pytest.mark.parametrize("how", MEMBERS)
def test_an_archive_gives_the_same_rows_as_its_files(
    spark: SparkSession, tmp_path: Path, plain: list[tuple[Any, ...]], how: str
) -> None:
    pack(tmp_path / "log-data.zip", {key: content for day in DAYS for key, content in MEMBERS[how](day).items()})
    assert staged(spark, tmp_path, tmp_path / "work") == plain


def test_gzipped_files_give_the_same_rows(spark: SparkSession, tmp_path: Path, plain: list[tuple[Any, ...]]) -> None:
    put(tmp_path, {f"log_data/2018/{day.name}.gz": gzip.compress(day.read_bytes()) for day in DAYS})
    assert staged(spark, tmp_path, tmp_path / "work") == plain


def test_the_whole_sample_data_as_archives(lake: Lake, sample_lake: Lake, tmp_path: Path) -> None:
    for source in ("log_data", "song_data"):
        files = (SAMPLE / source).rglob("*.json")
        named = {str(file.relative_to(SAMPLE)): file.read_bytes() for file in files}
        pack(tmp_path / "input" / f"{source.replace('_', '-')}.zip", named)
    lake.load(tmp_path / "input")
    assert lake.everything() == sample_lake.everything()
    numbers = "SELECT songplay_id, start_time, user_id FROM songplays ORDER BY ALL"
    assert lake.query(numbers) == sample_lake.query(numbers)


def test_a_rejected_line_is_told_with_archive_and_member(spark: SparkSession, tmp_path: Path) -> None:
    pack(tmp_path / "log_data.zip", {"2018/day.json": TWO + b'\n{"ts": 1541105830796, "song": "caf\xe9"}'})
    with pytest.raises(InputError, match=r"1 of 3 events .* not UTF-8 .*log_data\.zip!2018/day\.json\)"):
        staged(spark, tmp_path, tmp_path / "work")


def encrypted(archive: Path) -> bytes:
    """The flag of both headers that says so: Python cannot encrypt."""
    content = archive.read_bytes()
    for header, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(header) + flag
        content = content[:at] + bytes([content[at] | 1]) + content[at + 1 :]
    return content


def flipped(archive: Path) -> bytes:
    content = archive.read_bytes()
    at = 30 + len("day.json") + 5
    return content[:at] + bytes([content[at] ^ 255]) + content[at + 1 :]


# How an archive with a day is spoilt, and what is said then.
SPOILT: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "cut": (lambda archive: archive.read_bytes()[:-40], r"log_data\.zip is damaged: "),
    "a byte wrong": (flipped, r"log_data\.zip!day\.json is damaged: "),
    "encrypted": (encrypted, r"log_data\.zip!day\.json cannot be unpacked: .*encrypted"),
    "no bytes": (lambda _: b"", r"log_data\.zip is damaged: "),
    "no zip": (lambda _: b"<html>404</html>\n" * 100, r"log_data\.zip is damaged: "),
    "no members": (lambda archive: pack(archive, {}).read_bytes(), r"There are no events: .*log_data"),
    "junk alone": (
        lambda archive: pack(archive, {"__MACOSX/day.json": TWO, ".DS_Store": TWO}).read_bytes(),
        r"There are no events: .*log_data",
    ),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_archive_is_told_by_name(spark: SparkSession, tmp_path: Path, how: str) -> None:
    spoil, message = SPOILT[how]
    archive = pack(tmp_path / "log_data.zip", {"day.json": TWO})
    archive.write_bytes(spoil(archive))
    with pytest.raises(InputError, match=message) as raised:
        staged(spark, tmp_path, tmp_path / "work")
    _is_a_sentence(raised.value.message)


# The same of a gzipped file beside a good one. Spark names the file unless it ends too soon.
GZIPPED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "cut": (lambda content: content[: len(content) // 2], "log_data"),
    "garbage inside": (lambda content: content[:20] + b"\xff" * 16 + content[36:], "log_data/bad.json.gz"),
    "not gzipped": (gzip.decompress, "log_data/bad.json.gz"),
}


@pytest.mark.parametrize("how", GZIPPED)
def test_a_spoilt_gzip_is_told_by_name(spark: SparkSession, tmp_path: Path, how: str) -> None:
    spoil, where = GZIPPED[how]
    day = DAYS[0].read_bytes()
    put(tmp_path / "log_data", {"good.json": day, "bad.json.gz": spoil(gzip.compress(day))})
    with pytest.raises(InputError, match=rf"{re.escape(where)}: it is damaged") as raised:
        staged(spark, tmp_path, tmp_path / "work")
    _is_a_sentence(raised.value.message)


def test_a_folder_goes_before_an_archive_and_songs_have_theirs(spark: SparkSession, tmp_path: Path) -> None:
    """Whoever unpacked the archive and left it there means what lies in the folder."""
    pack(tmp_path / "song-data.zip", {"song_data/A/a.json": json.dumps(song("a")).encode()})
    assert [row[0] for row in staged(spark, tmp_path, tmp_path / "work", SONGS)] == ["a"]
    put(tmp_path / "song_data", {"b.json": json.dumps(song("b")).encode()})
    assert [row[0] for row in staged(spark, tmp_path, tmp_path / "again", SONGS)] == ["b"]


def _is_a_sentence(message: str) -> None:
    assert "\n" not in message
    assert not re.search(r"\bat (org|java|scala)\.|Traceback|Py4J", message)
