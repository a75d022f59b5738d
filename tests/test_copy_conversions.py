"""The three ways to read a file see every value alike: a load and its explanation can never disagree."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from local_redshift.copy.columns import Mapping
from local_redshift.copy.reader import Reader
from local_redshift.copy.selects import COUNTER, Source
from local_redshift.data_types import RedshiftType
from local_redshift.engine import Engine
from local_redshift.schema import Column

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

    from local_redshift.copy.options import Values

TYPES = [
    "smallint",
    "integer",
    "bigint",
    "decimal(8,2)",
    "decimal(38,10)",
    "real",
    "double precision",
    "boolean",
    "varchar(5)",
    "char(4)",
    "date",
    "timestamp",
    "timestamptz",
    "time",
    "super",
    "varbyte",
]
OPTIONS: list[Values] = [
    {},
    {"TRUNCATECOLUMNS": True, "ROUNDEC": True, "TIMEFORMAT": "auto", "DATEFORMAT": "auto"},
    {"BLANKSASNULL": True, "EMPTYASNULL": True, "TIMEFORMAT": "epochmillisecs", "ACCEPTANYDATE": True},
    {"TRIMBLANKS": True, "TIMEFORMAT": "epochsecs", "DATEFORMAT": "DD.MM.YYYY"},
]
# Texts that casts of one engine or another take, or stumble over.
STRANGE = [
    *(
        "",
        " ",
        "   ",
        "0",
        "-0",
        "+0",
        "00",
        "007",
        "+7",
        " 7",
        "7 ",
        "1_000",
        "1e3",
        "1E-3",
        "0x1F",
        "0b1",
        "1.",
        ".5",
    ),
    *("1.0", "-", "+", ".", "1.5", "32767", "32768", "-32768", "2147483647", "2147483648", "-2147483648"),
    *("9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1" * 40),
    *("99999.999", "999999.994", "999999.995", "0.005", "nan", "NaN", "inf", "Infinity", "-infinity", "null"),
    *("true", "TRUE", "t", "f", "yes", "No", "y", "n", "on", "off", "1 ", "abc", "äöü", "ab\0cd", "\0", "\0x", "x "),
    *("ab\tcd", '"', "\\", '"7"', "{}", "[]", "€€€", "😀😀", "\u0301x", "abcd ", "abcdef", "ABCD", "0aFF", "0aF"),
    *("2018-01-02", "2018-1-2", "2018-02-30", "2018-01-02 03:04:05", "2018-01-02 03:04:05.1234567", "20180102"),
    *("2018-01-02T03:04:05Z", "2018-01-02 24:00:00", "2018-01-02 25:00:00", "2018-01-02 03:04:05+02", "02.01.2018"),
    *("epoch", "infinity", "now", "today", "03:04:05", "3:4:5", "03:04:05.5", "1541106106796", "154110610679600000"),
    *("1541106106796.0", "1541106106796.5", "-5", "J2451187", "0044-03-15 BC", "12/17/1997 07:37:16.00 PST"),
]
NUMBERS = ["0", "-0", "-0.0", "1.0", "1.5", "1e2", "1e22", "1e-7", "1.5e-7", "1E400", "3.10", "20.259", "-20.259"]
NUMBERS += ["32768", "9007199254740993", "9223372036854775808", "1" * 40, "1540919166796.0", "123456.789", "0.1"]
OTHERS = ["null", "true", "false", "{}", "[]", '{"a": [1, "x"]}', '[1, {"b": null}]']


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    engine = Engine()
    yield engine.cursor()
    engine.close()


def _random_values() -> list[str]:
    """JSON values: all the strange ones, and random mixtures of their characters."""
    chance = random.Random(20180101)  # noqa: S311
    characters = '0123456789 .+-eE_xTZ:,tfaé€\0"\\'
    mixed = ["".join(chance.choices(characters, k=chance.randint(0, 12))) for _ in range(1500)]
    digits = [
        f"{chance.choice(['', '-', '+', ' '])}{chance.randint(0, 10 ** chance.randint(1, 22))}" for _ in range(300)
    ]
    floats = [repr(chance.uniform(-1, 1) * 10 ** chance.randint(-8, 20)) for _ in range(300)]
    strings = [json.dumps(text) for text in (*STRANGE, *mixed, *digits, *floats)]
    return [*strings, *NUMBERS, *OTHERS, *floats, *(digit for digit in digits if digit[0].isdigit())]


def _load(connection: duckdb.DuckDBPyConnection, reader: Reader, source: Source, *, hasty: bool) -> tuple[int, int]:
    connection.execute("DELETE FROM target")
    connection.execute(f"CREATE OR REPLACE TEMP SEQUENCE {COUNTER}")
    (rows,) = connection.execute(reader.insert(source, "target", hasty=hasty)).fetchone() or (0,)
    (flagged,) = connection.execute(
        f"SELECT coalesce(max(last_value), 0) FROM duckdb_sequences() WHERE sequence_name = '{COUNTER}'"
    ).fetchone() or (0,)
    return rows, flagged


def _content(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return sorted(str(row) for row in connection.execute("SELECT id, v::VARCHAR FROM target").fetchall())


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: "+".join(options) or "plain")
@pytest.mark.parametrize("declared", TYPES)
@pytest.mark.parametrize("nullable", [True, False], ids=["nullable", "not_null"])
def test_all_readers_agree(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, declared: str, options: Values, nullable: bool
) -> None:
    column_type = RedshiftType.parse(declared)
    columns = (Column("id", RedshiftType("bigint")), Column("v", column_type, nullable))
    reader = Reader(Mapping(columns, (("id",), ("v",))), options)
    values = [value for value in _random_values() if not value.startswith("0") or not value[1:2].isdigit()]
    documents = [f'{{"id": {number}, "v": {value}}}' for number, value in enumerate(values, start=1)]
    file = tmp_path / "data.json"
    file.write_text("\n".join(documents), encoding="utf-8")
    connection.execute(f"CREATE OR REPLACE TABLE target (id BIGINT, v {column_type.duckdb})")

    lines = reader.lines([file])
    assert lines is not None
    by_line = reader.documents([file], by_line=True)
    bad = [
        number for number, *_ in connection.execute(reader.problems(reader.records()), {"raw": documents}).fetchall()
    ]
    assert 0 < len(bad) < len(documents) or declared in {"super", "varchar(5)", "char(4)"} or "ACCEPTANYDATE" in options

    connection.execute(reader.insert_good(reader.records(), "target"), {"raw": documents, "bad": bad})
    explained = _content(connection)
    for source in (lines, by_line):
        assert _load(connection, reader, source, hasty=False) == (len(documents) - len(bad), len(bad))
        assert _content(connection) == explained
        assert connection.execute(reader.probe(source)).fetchone() == (len(documents), 0, len(bad))
    _, flagged = _load(connection, reader, lines, hasty=True)
    assert flagged >= len(bad)  # haste may refuse a good value, which then is tried again; never the reverse
    assert set(_content(connection)) <= set(explained)
