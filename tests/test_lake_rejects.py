"""A line is rejected exactly where COPY refuses it, and where it is taken the values are the same."""

from __future__ import annotations

import json
import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

import psycopg2
import pytest
from clients import dsn
from lake_spark import PLAN, SOCKETS, Lake
from scripts import JSONPATHS, event, song

import sql_queries
from data_lake.job import records, sources
from data_lake.job.errors import InputError
from data_lake.job.files import Files
from local_redshift import embedded

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor  # noqa: N812
    from pyspark.sql import SparkSession

    from data_lake.job.plan import Column, Source

pytest_plugins = ["lake_fixtures"]
pytestmark = SOCKETS
CASES = Path(__file__).parent / "cases" / "lake"
SOURCES = dict(zip(("events", "songs"), PLAN.sources, strict=True))
COPIES = {
    "events": (sql_queries.staging_events_table_create, sql_queries.staging_events_copy),
    "songs": (sql_queries.staging_songs_table_create, sql_queries.staging_songs_copy),
}


class Outcome(NamedTuple):
    """Of one file: the rows that were taken, and why a line was refused."""

    rows: list[tuple[Any, ...]]
    refused: str = ""


def read_cases(kind: str) -> dict[str, bytes]:
    lines = (CASES / f"{kind}.txt").read_text(encoding="utf-8").split("\n")
    parts = (line.partition("\t") for line in lines if line and not line.startswith("#"))
    return {name: _bytes(content) for name, _, content in parts}


def _bytes(text: str) -> bytes:
    return re.sub(rb"\\x([0-9a-f]{2})", lambda match: bytes.fromhex(match[1].decode()), text.encode())


CONTENTS = {kind: read_cases(kind) for kind in SOURCES}
ALL = [(kind, name) for kind, contents in CONTENTS.items() for name in contents]
# Where the lake does otherwise than COPY: what each of them makes of the values, or nothing where it refuses.
OTHERWISE: dict[str, tuple[list[object], list[object]]] = {
    # Several objects on a line, or one on several lines: Spark reads lines, and says which it cannot read.
    "two objects on a line": (["2018-11-01 20:57:10.796", "2018-11-01 20:57:10.797"], []),
    "two objects with a blank between": (["2018-11-01 20:57:10.796", "2018-11-01 20:57:10.797"], []),
    "object over two lines": (["Home"], []),
    "pretty": (["a"], []),
    # Java's reader of JSON takes the last of several values.
    "key twice": (["Home"], ["About"]),
    "key twice, then null": (["Home"], [None]),
    "song_id twice": (["a"], ["b"]),
    # ... and has numbers, not their digits, when it makes a text of them.
    "digits in a text": (["1.50"], ["1.5"]),
    "exponent in a text": (["1e3"], ["1000.0"]),
    "capital exponent in a text": (["12E3"], ["12000.0"]),
    "minus zero in a text": (["-0"], ["0"]),
    "many digits in a text": (["0.1234567890123456789"], ["0.12345678901234568"]),
    # ... nor does it tell "2e2" from 2e2, which COPY takes.
    "fraction of nought as text": ([], [200]),
    "point and nothing": ([], [200]),
    "exponent as text for a whole number": ([], [200]),
    "moment with an exponent as text": ([], ["2018-11-01 20:57:10.796"]),
    # Python, Hive and Athena know no other years than 1 to 9999.
    "behind the last moment": (["10000-01-01 00:00:00"], []),
    "before the first moment": (["0001-12-31 (BC) 23:59:59.999"], []),
}


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("s3") / "udacity-dend"
    for kind, contents in CONTENTS.items():
        folder = made / SOURCES[kind].name
        folder.mkdir(parents=True)
        for name, content in contents.items():
            (folder / f"{name}.json").write_bytes(content)
    (made / "log_json_path.json").write_text(json.dumps({"jsonpaths": [f"$['{key}']" for key in JSONPATHS]}))
    return made


@pytest.fixture(scope="module")
def copied(bucket: Path) -> dict[tuple[str, str], Outcome]:
    """What COPY makes of each file."""
    with embedded.start(s3_root=bucket.parent) as server, closing(psycopg2.connect(dsn(server))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for create, _ in COPIES.values():
                cursor.execute(create)
            return {(kind, name): _copy(cursor, kind, name) for kind, name in ALL}


def _copy(cursor: Cursor, kind: str, name: str) -> Outcome:
    source = SOURCES[kind]
    cursor.execute(f"TRUNCATE {source.table}")
    try:
        cursor.execute(re.sub(rf"{source.name}[^']*'", f"{source.name}/{name}.json'", COPIES[kind][1], count=1))
    except psycopg2.Error as error:
        return Outcome([], str(error))
    cursor.execute(f"SELECT {_selected(source, 'VARCHAR')} FROM {source.table}")
    return Outcome(sorted(cursor.fetchall(), key=repr))


@pytest.fixture(scope="module")
def judged(bucket: Path, spark: SparkSession) -> dict[tuple[str, str], Outcome]:
    """What the lake makes of each."""
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    outcomes = {case: Outcome([]) for case in ALL}
    for kind, source in SOURCES.items():
        lines = sources.lines(spark, sources.find(Files(spark), source, str(bucket)))
        rows = records.judged(lines, source.columns)
        for row in rows.selectExpr("file", "rejected", f"struct({_selected(source, 'STRING')}) AS taken").collect():
            case = kind, unquote(Path(row.file).stem)
            before = outcomes[case]
            if row.rejected:
                outcomes[case] = Outcome(before.rows, row.rejected)
            else:
                outcomes[case] = Outcome(sorted([*before.rows, tuple(row.taken)], key=repr), before.refused)
    return outcomes


def _selected(source: Source, text: str) -> str:
    """Times as texts: Python has none beyond the year 9999."""

    def shown(column: Column) -> str:
        return f"CAST({column.name} AS {text})" if column.type == "TIMESTAMP" else column.name

    return ", ".join(map(shown, source.columns))


@pytest.mark.parametrize(("kind", "name"), [case for case in ALL if case[1] not in OTHERWISE])
def test_a_line_is_taken_or_refused_as_copy_does(
    kind: str, name: str, copied: dict[tuple[str, str], Outcome], judged: dict[tuple[str, str], Outcome]
) -> None:
    theirs, mine = copied[kind, name], judged[kind, name]
    assert bool(mine.refused) == ("stl_load_errors" in theirs.refused), (mine, theirs)
    if not theirs.refused:
        assert repr(mine.rows) == repr(theirs.rows)  # -0.0 is not 0.0


@pytest.mark.parametrize(("kind", "name"), [case for case in ALL if case[1] in OTHERWISE])
def test_where_the_lake_does_otherwise(
    kind: str, name: str, copied: dict[tuple[str, str], Outcome], judged: dict[tuple[str, str], Outcome]
) -> None:
    theirs, mine = OTHERWISE[name]
    for outcome, values in ((copied[kind, name], theirs), (judged[kind, name], mine)):
        assert bool(outcome.refused) == (not values)
        assert outcome.refused or set(values) <= {value for row in outcome.rows for value in row}


# The beginning of what is told, by the case.
REASONS = {
    ("events", "truncated"): "not one JSON object",
    ("events", "comma between objects"): "not one JSON object",
    ("events", "not UTF-8"): "not UTF-8",
    ("events", "lone surrogate"): "half a character, written as a surrogate",
    ("events", "missing required"): "ts: missing",
    ("events", "word for a number"): "userId: seven is not a whole number of four bytes",
    ("events", "float word"): "length: long is not a number",
    ("events", "too long in bytes"): "gender: ä234567ä is not a text of at most 8 bytes",
    ("events", "moment in words"): "ts: 2018-11-01 20:57:10 is not a time in milliseconds since 1970",
    ("songs", "missing song_id"): "song_id: missing",
}


@pytest.mark.parametrize("case", REASONS)
def test_the_reason_names_the_key_and_the_value(case: tuple[str, str], judged: dict[tuple[str, str], Outcome]) -> None:
    assert judged[case].refused.startswith(REASONS[case])


GOOD = [event(1541105830796 + number) for number in range(18)]
BAD = ["{'ts': 1}", '{"ts": 1541105830796, "userId": "seven"}']


@pytest.fixture
def input_(tmp_path: Path) -> Path:
    """Two of twenty events are malformed, one song is good."""
    made = tmp_path / "input"
    (made / "log_data").mkdir(parents=True)
    (made / "song_data").mkdir()
    (made / "log_data" / "good.json").write_text("\n".join(json.dumps(one) for one in GOOD))
    (made / "log_data" / "bad day.json").write_text("\n".join(BAD))
    (made / "song_data" / "a.json").write_text(json.dumps(song()))
    return made


def test_what_is_rejected_is_kept_and_counted_until_it_is_mended(
    lake: Lake, input_: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InputError, match=r"2 of 20 events \(10 %\) are not what they should be, mostly: .*bad%20day"):
        lake.load(input_, max_rejects=9)
    assert lake.files() == {}

    lake.load(input_)
    said = capsys.readouterr().out
    assert f"2 of 20 events were rejected, and are in {lake.folder}/_rejects/log_data" in said
    rejected = [json.loads(line) for file in lake.files("_rejects") for line in _lines(lake.folder / "_rejects" / file)]
    assert sorted(one["record"] for one in rejected) == sorted(BAD)
    assert {one["reason"] for one in rejected} == {
        "not one JSON object",
        "userId: seven is not a whole number of four bytes",
    }
    assert {Path(unquote(one["file"])).name for one in rejected} == {"bad day.json"}
    assert lake.query("SELECT COUNT(*) FROM songplays") == [(18,)]

    (input_ / "log_data" / "bad day.json").write_text(json.dumps(event(1541105840796)))
    lake.load(input_, max_rejects=0)
    assert "were rejected" not in capsys.readouterr().out
    assert lake.files("_rejects") == {}
    assert lake.query("SELECT COUNT(*) FROM songplays") == [(19,)]


def test_where_nothing_is_right_no_percentage_helps(lake: Lake, input_: Path) -> None:
    (input_ / "log_data" / "good.json").unlink()
    with pytest.raises(InputError, match=r"2 of 2 events \(100 %\)") as raised:
        lake.load(input_, max_rejects=100)
    assert raised.value.hint == "Nothing was changed. Is INPUT_DATA the right folder?"


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()
