"""What COPY does with bytes before there are rows: compression, encodings, replacements; and Parquet's journal."""

from __future__ import annotations

import bz2
import gzip
import json
from typing import TYPE_CHECKING, Any

import duckdb
import psycopg2
import pytest
import zstandard

from local_redshift.copy.decoding import Decoder
from local_redshift.copy.objects import S3Object
from local_redshift.copy.replacements import Replacements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Connect
    from psycopg2.extensions import cursor as Cursor  # noqa: N812

COPY = "COPY t FROM 's3://bucket/{}' IAM_ROLE default JSON 'auto' {}"
PARQUET = "COPY t FROM 's3://bucket/{}' IAM_ROLE default FORMAT PARQUET"
ITEM = S3Object("bucket", "data")
COMPRESSIONS: dict[str, Callable[[bytes], bytes]] = {
    "GZIP": gzip.compress,
    "BZIP2": bz2.compress,
    "ZSTD": zstandard.ZstdCompressor().compress,
}


@pytest.fixture
def bucket(s3_root: Path) -> Path:
    folder = s3_root / "bucket"
    folder.mkdir()
    return folder


@pytest.fixture
def cursor(connect: Connect) -> Iterator[Cursor]:
    with connect(autocommit=True).cursor() as cursor:
        yield cursor


def _rows(cursor: Cursor, sql: str) -> list[tuple[Any, ...]]:
    cursor.execute(sql)
    return cursor.fetchall()


# compression


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_small_objects_that_unfold(bucket: Path, cursor: Cursor, compression: str) -> None:
    """A few kilobytes hold twenty megabytes: they are not joined in memory but read as a large file is."""
    line = json.dumps({"a": 1, "filler": "x" * 2000}).encode() + b"\n"
    (bucket / "data1").write_bytes(COMPRESSIONS[compression](line * 10_000))
    (bucket / "data2").write_bytes(COMPRESSIONS[compression](b'{"a":2}'))
    cursor.execute("CREATE TABLE t (a INTEGER)")
    cursor.execute(COPY.format("data", compression))
    assert _rows(cursor, "SELECT count(*), sum(a) FROM t") == [(10_001, 10_002)]


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_large_objects_of_several_members(bucket: Path, cursor: Cursor, compression: str) -> None:
    lines = b"".join(json.dumps({"a": number, "b": hash(str(number))}).encode() + b"\n" for number in range(60_000))
    packed = COMPRESSIONS[compression]
    content = packed(lines) + packed(b"") + packed(lines)
    assert len(content) > 1024 * 1024
    (bucket / "data").write_bytes(content)
    cursor.execute("CREATE TABLE t (a INTEGER)")
    cursor.execute(COPY.format("data", compression))
    assert _rows(cursor, "SELECT count(*), sum(a) FROM t") == [(120_000, 2 * sum(range(60_000)))]
    (bucket / "data").write_bytes(content[:-9])
    with pytest.raises(psycopg2.InternalError, match=f"s3://bucket/data is not a complete {compression.lower()} file"):
        cursor.execute(COPY.format("data", compression))
    assert _rows(cursor, "SELECT count(*) FROM t") == [(120_000,)]


# encodings, at every place where a piece of the file may end


@pytest.mark.parametrize("size", range(1, 8))
def test_characters_cut_by_pieces(size: int) -> None:
    text = 'é\U0001f600x\n{"b":"ü"}\n'
    content = b"\xff\xfe" + text.encode("utf-16-le")
    pieces = iter([content[at : at + size] for at in range(0, len(content), size)])
    assert b"".join(Decoder({"ENCODING": "UTF16"}, Replacements()).decoded(ITEM, pieces)).decode() == text


@pytest.mark.parametrize("size", range(1, 8))
def test_replacements_cut_by_pieces(size: int) -> None:
    content = b"header\n" + b"good \xc3\xa9\n" + b"bad \xe2\x82 \xf0\x9f\x98\x80 \xff\n" * 2 + b"last \xc3"
    pieces = iter([content[at : at + size] for at in range(0, len(content), size)])
    replacements = Replacements()
    decoder = Decoder({"ACCEPTINVCHARS": "^", "IGNOREHEADER": 1}, replacements)
    cleaned = b"".join(decoder.decoded(ITEM, pieces)).decode()
    assert cleaned == "good é\n" + "bad ^^ \U0001f600 ^\n" * 2 + "last ^"
    assert [(row.file, row.line) for row in replacements.first] == [("s3://bucket/data", line) for line in (3, 4, 5)]


def test_a_line_longer_than_a_row_is_cut_between_characters() -> None:
    content = "é".encode() * 3_000_000
    replacements = Replacements()
    pieces = iter([content[:4_194_305], content[4_194_305:]])
    assert b"".join(Decoder({"ACCEPTINVCHARS": "?"}, replacements).decoded(ITEM, pieces)) == content
    assert replacements.rows == 0


# ACCEPTINVCHARS


def test_replacements_are_recorded(bucket: Path, connect: Connect) -> None:
    (bucket / "data1").write_bytes(
        b'{"a":1,"b":"good"}\n{"a":2,"b":"x\xff","c":"\xfe"}\n{"a":3,"c":"\xc3"}\n{"a":4,\n"b":"\xff\xff"}\n{"a":5,"z":"\xff"}'
    )
    (bucket / "data2").write_bytes(b'{"a":6,"b":"y"}')
    connection = connect(autocommit=True)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (a INTEGER, b VARCHAR(9), c VARCHAR(9))")
        with pytest.raises(psycopg2.InternalError):
            cursor.execute(COPY.format("data", ""))
        assert {code for (code,) in _rows(cursor, "SELECT err_code FROM stl_load_errors")} == {1220}
        assert _rows(cursor, "SELECT * FROM stl_replacements") == []
        cursor.execute(COPY.format("data", "ACCEPTINVCHARS AS '#'"))
        assert _rows(cursor, "SELECT * FROM t ORDER BY a") == [
            (1, "good", None),
            (2, "x#", "#"),
            (3, None, "#"),
            (4, "##", None),
            (5, None, None),
            (6, "y", None),
        ]
        recorded = _rows(
            cursor,
            "SELECT trim(filename), line_number, trim(colname), trim(raw_line) FROM stl_replacements "
            "WHERE query = pg_last_copy_id() AND session = pg_backend_pid() ORDER BY line_number",
        )
        sys_rows = _rows(cursor, "SELECT file_name, line_number, column_name, raw_line FROM sys_copy_replacements")
    assert recorded == [
        ("s3://bucket/data1", 2, "b", '{"a":2,"b":"x.","c":"."}'),
        ("s3://bucket/data1", 3, "c", '{"a":3,"c":"."}'),
        ("s3://bucket/data1", 5, "b", '"b":".."}'),
        ("s3://bucket/data1", 6, "", '{"a":5,"z":"."}'),  # of no column
    ]
    assert sorted(sys_rows, key=lambda row: row[1]) == recorded
    assert connection.notices[-1].strip() == (
        "INFO:  Load into table 't' completed, 4 record(s) were loaded with replacements made for ACCEPTINVCHARS.  "
        "Check 'stl_replacements' system table for details."
    )


def test_replacements_by_jsonpaths_and_ignoring_case(bucket: Path, cursor: Cursor) -> None:
    (bucket / "data").write_bytes(b'{"Id":1,"Name":{"First":"\xff"}}')
    (bucket / "paths").write_text(json.dumps({"jsonpaths": ["$['Id']", "$['Name']['First']"]}))
    cursor.execute("CREATE TABLE t (id INTEGER, name VARCHAR(20))")
    cursor.execute("COPY t FROM 's3://bucket/data' IAM_ROLE default JSON 's3://bucket/paths' ACCEPTINVCHARS")
    cursor.execute("COPY t FROM 's3://bucket/data' IAM_ROLE default JSON 'auto ignorecase' ACCEPTINVCHARS")
    assert _rows(cursor, "SELECT name FROM t ORDER BY len(name)") == [("?",), ('{"First":"?"}',)]
    assert _rows(cursor, "SELECT colname FROM stl_replacements") == [("name",), ("name",)]


def test_a_hundred_replacements_are_recorded(bucket: Path, connect: Connect) -> None:
    lines = b'{"a":1,"b":"\xff"}\n' * 250_000  # five megabytes: a large file, in several pieces
    (bucket / "data").write_bytes(lines)
    connection = connect(autocommit=True)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (a INTEGER, b VARCHAR(1))")
        cursor.execute(COPY.format("data", "ACCEPTINVCHARS '*'"))
        assert _rows(cursor, "SELECT count(*), min(b), max(b) FROM t") == [(250_000, "*", "*")]
        assert _rows(cursor, "SELECT count(*), max(line_number) FROM stl_replacements") == [(100, 100)]
    assert "250000 record(s) were loaded with replacements" in connection.notices[-1]


# Parquet


def _parquet(path: Path, select: str) -> None:
    with duckdb.connect() as engine:
        engine.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")


def test_parquet_leaves_a_journal(bucket: Path, cursor: Cursor) -> None:
    _parquet(bucket / "data1", "SELECT range::INTEGER AS a FROM range(10)")
    _parquet(bucket / "data2", "SELECT range::INTEGER AS b FROM range(5)")
    cursor.execute("CREATE TABLE t (a INTEGER)")
    cursor.execute(PARQUET.format("data"))
    assert _rows(cursor, "SELECT pg_last_copy_count()") == [(15,)]
    files = (
        "SELECT trim(filename), lines_scanned, errors FROM stl_load_commits WHERE query = pg_last_copy_id() ORDER BY 1"
    )
    assert _rows(cursor, files) == [("s3://bucket/data1", 10, 0), ("s3://bucket/data2", 5, 0)]
    history = (
        "SELECT trim(status), trim(file_format), loaded_rows, source_file_count FROM sys_load_history ORDER BY query_id"
    )
    assert _rows(cursor, history) == [("completed", "parquet", 15, 2)]
    _parquet(bucket / "data3", "SELECT 7::BIGINT AS a")
    with pytest.raises(psycopg2.InternalError, match="Spectrum Scan Error") as caught:
        cursor.execute(PARQUET.format("data"))
    assert "Column type: INTEGER, Parquet schema:\nrequired int64 a" in str(caught.value.diag.message_detail)
    assert "code:      15007" in str(caught.value.diag.message_detail)
    assert _rows(cursor, history)[-1] == ("aborted", "parquet", 0, 3)
    detail = _rows(cursor, "SELECT error_message FROM sys_load_error_detail WHERE query_id = pg_last_copy_id()")
    assert detail[0][0].strip().endswith("Parquet schema: required int64 a (INT_64)")
    assert _rows(cursor, "SELECT count(*), pg_last_copy_count() FROM t") == [(15, 0)]


def test_parquet_failure_ends_the_transaction(bucket: Path, connect: Connect) -> None:
    _parquet(bucket / "data", "SELECT 'long' AS a")
    connection = connect()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (a VARCHAR(3))")
        connection.commit()
        cursor.execute("INSERT INTO t VALUES ('x')")
        with pytest.raises(psycopg2.InternalError):
            cursor.execute(PARQUET.format("data"))
        with pytest.raises(psycopg2.errors.InFailedSqlTransaction):
            cursor.execute("SELECT 1")
        connection.rollback()
        assert _rows(cursor, "SELECT count(*) FROM t") == [(0,)]
        assert _rows(cursor, "SELECT trim(colname), line_number FROM stl_load_errors") == [("a", -1)]


def test_parquet_manifest(bucket: Path, cursor: Cursor) -> None:
    _parquet(bucket / "x", "SELECT 1::INTEGER AS a")
    meta = {"content_length": (bucket / "x").stat().st_size}
    entry = {"url": "s3://bucket/x", "mandatory": True, "meta": meta}
    (bucket / "list").write_text(json.dumps({"entries": [entry, entry]}))
    cursor.execute("CREATE TABLE t (a INTEGER)")
    cursor.execute(PARQUET.format("list") + " MANIFEST")
    assert _rows(cursor, "SELECT count(*) FROM t") == [(2,)]


def test_parquet_into_temporary_table_in_another_time_zone(bucket: Path, cursor: Cursor) -> None:
    _parquet(bucket / "data", "SELECT TIMESTAMPTZ '2020-02-29 01:02:03+02' AS a")
    cursor.execute("SET timezone TO 'America/New_York'")
    cursor.execute("CREATE TEMP TABLE t (a TIMESTAMP)")
    cursor.execute(PARQUET.format("data"))
    assert _rows(cursor, "SELECT to_char(a, 'YYYY-MM-DD HH24:MI:SS') FROM t") == [("2020-02-28 23:02:03",)]
