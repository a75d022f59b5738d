"""COPY of text: what Python's csv module writes is read, large files too, and both ways to read agree."""

from __future__ import annotations

import csv
import io
import random
from contextlib import closing
from typing import TYPE_CHECKING

import duckdb
import psycopg2
import pytest
from clients import dsn

from local_redshift import embedded
from local_redshift.copy.text.format import TextFormat
from local_redshift.copy.text.reader import REJECT_SCANS, REJECTS, TextReader
from local_redshift.copy.text.regular import Regularity
from local_redshift.copy.text.splitter import Splitter
from local_redshift.data_types import RedshiftType
from local_redshift.schema import Column

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from psycopg2.extensions import cursor as Cursor  # noqa: N812

    from local_redshift.copy.text.splitter import TextRecord

ROLE = "IAM_ROLE 'arn:aws:iam::123456789012:role/reader'"


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    bucket = tmp_path_factory.mktemp("s3") / "bucket"
    bucket.mkdir()
    return bucket


@pytest.fixture(scope="module")
def cursor(bucket: Path) -> Iterator[Cursor]:
    with embedded.start(s3_root=bucket.parent) as server:
        connection = psycopg2.connect(dsn(server))
        with closing(connection):
            connection.autocommit = True
            yield connection.cursor()


# what csv.writer writes

TEXTS = (
    "",
    "a",
    " a ",
    "a,b",
    "a;b",
    "a|b",
    'say "x"',
    "it's",
    '"',
    "a\nb",
    "\n\n",
    "a\\",
    "\\",
    "tab\t",
    "é",
    "日本",
    "x" * 40,
)
DIALECTS = [
    (delimiter, quote, quoting, line_end)
    for delimiter, quote in ((",", '"'), (";", '"'), ("\t", "'"), ("|", "%"))
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC)
    for line_end in ("\n", "\r\n")
]


@pytest.mark.parametrize(("delimiter", "quote", "quoting", "line_end"), DIALECTS)
def test_what_python_writes_is_loaded(
    cursor: Cursor, bucket: Path, delimiter: str, quote: str, quoting: int, line_end: str
) -> None:
    chosen = random.Random(f"{delimiter}{quote}{quoting}{line_end}")  # noqa: S311 - data, the same each time
    rows = [(chosen.randrange(-1000, 1000), chosen.choice(TEXTS), chosen.choice(TEXTS)) for _ in range(80)]
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, quotechar=quote, quoting=quoting, lineterminator=line_end).writerows(rows)  # type: ignore[arg-type]
    (bucket / "written").write_text(written.getvalue(), encoding="utf-8", newline="")
    cursor.execute("DROP TABLE IF EXISTS t; CREATE TABLE t (a INTEGER, b VARCHAR(60), c VARCHAR(60))")
    cursor.execute(
        f"COPY t FROM 's3://bucket/written' {ROLE} CSV DELIMITER %s QUOTE %s",
        (r"\t" if delimiter == "\t" else delimiter, quote),
    )
    cursor.execute("SELECT * FROM t")
    assert sorted(cursor.fetchall()) == sorted(rows)


# both ways agree

TOKENS = ("a", "b1", " ", '"', '""', "'", "\n", "\r\n", "\r", "\\", "\\N", "|", "||", ",", "\t", "\0", "é")
FORMATS = (
    TextFormat(",", quote='"'),
    TextFormat(",", quote='"', ignore_blank_lines=True),
    TextFormat("\t", quote='"'),
    TextFormat("||", quote="'", null=""),
    TextFormat("|"),
    TextFormat("||", null="a"),
    TextFormat("|", escape=True),
    TextFormat(",", remove_quotes=True),
    TextFormat(",", escape=True, remove_quotes=True, ignore_blank_lines=True),
    TextFormat("", widths=(2, 1, 3)),
)


@pytest.mark.parametrize("text_format", FORMATS, ids=lambda each: f"{each.delimiter}{each.quote or each.widths}")
def test_the_engine_and_the_splitter_agree(text_format: TextFormat, tmp_path: Path) -> None:
    chosen = random.Random(str(text_format))  # noqa: S311 - data, the same each time
    regular = 0
    with duckdb.connect() as engine:
        for _ in range(80):
            columns = 3 if text_format.widths else chosen.randrange(1, 4)
            text = _random_text(chosen, text_format, columns)
            shape = Regularity(text_format, columns).shape(text)
            records = _split(text_format, columns, text, chosen.choice((1, 3, 1000)))
            if not text.endswith(b"\n") or shape is None:
                continue
            (tmp_path / "text").write_bytes(text)
            reader = TextReader([_column(index) for index in range(columns)], text_format, {})
            found = engine.execute(reader.files([tmp_path / "text"], shape).sql).fetchall()
            rejected = engine.execute(f"SELECT count(*) FROM {REJECTS}").fetchone()
            engine.execute(f"DROP TABLE {REJECTS}; DROP TABLE {REJECT_SCANS}")
            if rejected == (0,) and all(root is None for *_, root in found):
                regular += 1
                assert [tuple(record.texts) for record in records] == [row[:-1] for row in found], text
                assert all(record.fault is None for record in records), text
    assert regular > 5


def _random_text(chosen: random.Random, text_format: TextFormat, columns: int) -> bytes:
    """Rows of fields, quoted now and then, of which most are as they should be."""
    tokens = TOKENS if chosen.random() < 0.3 else ("a", "b1", " ", "é", "1", "\\N")
    line_end = chosen.choice(("\n", "\n", "\r\n"))
    lines = []
    for _ in range(chosen.randrange(1, 4)):
        fields = ["".join(chosen.choices(tokens, k=chosen.randrange(4))) for _ in range(columns)]
        quote = text_format.quote or '"' * text_format.remove_quotes
        for index in range(columns):
            if quote and chosen.random() < 0.5:
                inner = fields[index].replace(quote, quote * 2) + chosen.choice(("", "\n", text_format.delimiter))
                fields[index] = f"{chosen.choice(('', ' '))}{quote}{inner}{quote}"
        lines.append(text_format.delimiter.join(fields))
    return (line_end.join(lines) + line_end).encode()


def _split(text_format: TextFormat, columns: int, text: bytes, step: int) -> list[TextRecord]:
    splitter = Splitter(text_format, [""] * columns)
    records = [record for at in range(0, len(text), step) for record in splitter.feed(text[at : at + step])]
    return [*records, *splitter.feed(b"", last=True)]


def _column(index: int) -> Column:
    return Column(f"c{index}", RedshiftType("character varying", length=100))


# large files

LONG = "x" * 400


def test_a_large_file_with_a_few_bad_rows(cursor: Cursor, bucket: Path) -> None:
    rows = [f'{number},"{LONG}\n{LONG} ""{number}"""\n' for number in range(50_000)]
    rows[30_000] = f"thirty,{LONG}\n"
    rows[45_000] = f'45000,"{LONG}\n{LONG}",1\n'
    (bucket / "large").write_text("".join(rows))
    cursor.execute("DROP TABLE IF EXISTS t; CREATE TABLE t (a INTEGER, b VARCHAR(1000))")
    cursor.execute(f"COPY t FROM 's3://bucket/large' {ROLE} CSV MAXERROR 3")
    cursor.execute("SELECT count(*), sum(a), sum(len(b)) FROM t")
    numbers = [number for number in range(50_000) if number not in {30_000, 45_000}]
    lengths = sum(2 * len(LONG) + 4 + len(str(number)) for number in numbers)
    assert cursor.fetchone() == (49_998, sum(numbers), lengths)
    cursor.execute(
        "SELECT line_number, trim(colname), position, err_code FROM stl_load_errors WHERE query = pg_last_copy_id() "
        "ORDER BY line_number"
    )
    assert cursor.fetchall() == [(60_001, "a", 0, 1207), (90_000, "", 810, 1202)]


def test_lines_within_quotes_are_no_rows_to_any_thread(cursor: Cursor, bucket: Path) -> None:
    inner = "7,y\n" * 14_000
    (bucket / "spanning").write_text("".join(f'{number},"{inner}7,y"\n' for number in range(700)))
    cursor.execute("DROP TABLE IF EXISTS t; CREATE TABLE t (a INTEGER, b VARCHAR(65535))")
    cursor.execute(f"COPY t FROM 's3://bucket/spanning' {ROLE} CSV")
    cursor.execute("SELECT count(*), sum(a), min(len(b)), max(len(b)) FROM t")
    assert cursor.fetchone() == (700, sum(range(700)), len(inner) + 3, len(inner) + 3)


def test_a_nul_is_shown_as_a_point(cursor: Cursor, bucket: Path) -> None:
    (bucket / "nul").write_bytes(b"1|a\0b\n")
    cursor.execute("DROP TABLE IF EXISTS t; CREATE TABLE t (a INTEGER, b VARCHAR(5))")
    cursor.execute(f"COPY t FROM 's3://bucket/nul' {ROLE} NULL AS '\\0' MAXERROR 2")
    cursor.execute("SELECT trim(raw_line), trim(raw_field_value) FROM stl_load_errors WHERE query = pg_last_copy_id()")
    assert cursor.fetchall() == [("1|a.b", "a.b")]


def test_a_large_file_that_the_engine_would_misread(cursor: Cursor, bucket: Path) -> None:
    rows = [f"{number}|{LONG}\\\n{LONG}\\|\n" for number in range(45_000)]
    (bucket / "escaped").write_text("".join(rows))
    cursor.execute("DROP TABLE IF EXISTS t; CREATE TABLE t (a INTEGER, b VARCHAR(1000))")
    cursor.execute(f"COPY t FROM 's3://bucket/escaped' {ROLE} ESCAPE")
    cursor.execute("SELECT count(*), sum(a), min(b), max(b) FROM t")
    text = f"{LONG}\n{LONG}|"
    assert cursor.fetchone() == (45_000, sum(range(45_000)), text, text)


def test_many_small_files_of_which_some_are_bad(cursor: Cursor, bucket: Path) -> None:
    for number in range(300):
        (bucket / f"small{number:03}").write_bytes(b"%d,one\r\n" % number if number % 50 else b"x,one\n%d,two" % number)
    cursor.execute("DROP TABLE IF EXISTS t; CREATE TABLE t (a INTEGER, b VARCHAR(10))")
    cursor.execute(f"COPY t FROM 's3://bucket/small' {ROLE} CSV MAXERROR 10")
    cursor.execute("SELECT count(*), sum(a) FROM t")
    assert cursor.fetchone() == (300, sum(range(300)))
    cursor.execute("SELECT trim(filename), line_number FROM stl_load_errors WHERE query = pg_last_copy_id() ORDER BY 1")
    assert cursor.fetchall() == [(f"s3://bucket/small{number:03}", 1) for number in range(0, 300, 50)]


def test_a_row_of_more_than_four_megabytes(cursor: Cursor, bucket: Path) -> None:
    (bucket / "row").write_text(f"1|one\n2|{'x' * 5_000_000}\n3|three\n")
    cursor.execute("DROP TABLE IF EXISTS t; CREATE TABLE t (a INTEGER, b VARCHAR(10))")
    cursor.execute(f"COPY t FROM 's3://bucket/row' {ROLE} MAXERROR 2")
    cursor.execute("SELECT a FROM t ORDER BY a")
    assert cursor.fetchall() == [(1,), (3,)]
    cursor.execute("SELECT line_number, trim(err_reason) FROM stl_load_errors WHERE query = pg_last_copy_id()")
    assert cursor.fetchall() == [(2, "Row is larger than 4 MB")]
