"""COPY inside its session: transactions, notices, the journal, large files, files with mistakes far inside."""

from __future__ import annotations

import json
import os
import shutil
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import psycopg2
import pytest
from clients import dsn

from local_redshift import embedded

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Connect

COPY = "COPY t FROM 's3://bucket/{}' IAM_ROLE default JSON 'auto' {}"
FAILED = "Load into table 't' failed.  Check 'stl_load_errors' system table for details."
LINES = 9_000  # of 400 bytes: more than a joined file may have


@pytest.fixture
def bucket(s3_root: Path) -> Path:
    folder = s3_root / "bucket"
    folder.mkdir()
    return folder


def _lines(count: int = LINES) -> list[str]:
    return [json.dumps({"a": number, "b": "x", "filler": "y" * 400}) for number in range(count)]


def test_notices_and_tag(bucket: Path, connect: Connect) -> None:
    (bucket / "data").write_text('{"a":1}\n{"a":"x"}\n{"a":3}')
    connection = connect(autocommit=True)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (a INTEGER)")
        cursor.execute(COPY.format("data", "MAXERROR 2"))
        assert cursor.statusmessage == "COPY"
    completed = "INFO:  Load into table 't' completed, "
    hint = "Check 'stl_load_errors' system table for details."
    assert [notice.strip() for notice in connection.notices[-2:]] == [
        f"{completed}2 record(s) loaded successfully.",
        f"{completed}1 record(s) could not be loaded.  {hint}",
    ]


@pytest.mark.parametrize(
    "content", ['{"a":1}{"a":2}', '{\n"a":\n1}\n{"a":2\n}', '{"a":1}\n\n{"a":2}', '{"b":1}\n{"a":3}']
)
def test_earlier_work_of_the_transaction_stays(bucket: Path, connect: Connect, content: str) -> None:
    """A file that is not one of lines is read again in another way, within the same transaction."""
    (bucket / "data").write_text(content)
    connection = connect()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (a INTEGER)")
        cursor.execute("INSERT INTO t VALUES (100), (200)")
        cursor.execute(COPY.format("data", ""))
        connection.commit()
        cursor.execute("SELECT count(*), sum(a) FROM t")
        assert cursor.fetchone() == (4, 303)


def test_failure_aborts_the_transaction_but_not_the_journal(bucket: Path, connect: Connect) -> None:
    (bucket / "data").write_text('{"a":1}\n{"a":"x"}')
    connection = connect()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (a INTEGER)")
        connection.commit()
        cursor.execute("INSERT INTO t VALUES (100)")
        with pytest.raises(psycopg2.InternalError) as caught:
            cursor.execute(COPY.format("data", ""))
        assert caught.value.pgcode == "XX000"
        assert caught.value.diag.message_primary == FAILED
        with pytest.raises(psycopg2.errors.InFailedSqlTransaction):
            cursor.execute("SELECT 1")
        connection.rollback()
        cursor.execute("SELECT count(*) FROM t")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT trim(raw_line), trim(raw_field_value), query = pg_last_copy_id() FROM stl_load_errors")
        assert cursor.fetchall() == [('{"a":"x"}', "x", True)]


def test_files_are_recorded(bucket: Path, connect: Connect) -> None:
    (bucket / "data1").write_text('{"a":1}\n{"a":2}\n')
    (bucket / "data2").write_text('{"a":3}')
    large = "\n".join(_lines())
    (bucket / "data3").write_text(large)
    with connect(autocommit=True).cursor() as cursor:
        cursor.execute("CREATE TABLE t (a INTEGER)")
        cursor.execute(COPY.format("data", ""))
        cursor.execute("SELECT trim(filename), lines_scanned FROM stl_load_commits ORDER BY 1")
        assert cursor.fetchall() == [
            ("s3://bucket/data1", 2),
            ("s3://bucket/data2", 1),
            ("s3://bucket/data3", -1),  # large, and not alone: not read for its lines
        ]
        cursor.execute("SELECT loaded_rows, error_count, status FROM sys_load_history")
        assert [(rows, errors, status.strip()) for rows, errors, status in cursor.fetchall()] == [
            (LINES + 3, 0, "completed")
        ]


def test_mistakes_deep_inside_a_large_file(bucket: Path, connect: Connect) -> None:
    lines = _lines()
    lines[10] = '{"a":1.5}'
    lines[5000] = "{}"  # not a mistake
    lines[8000] = '{"a":8000,'
    (bucket / "data").write_text("\n".join(lines))
    with connect(autocommit=True).cursor() as cursor:
        cursor.execute("CREATE TABLE t (a INTEGER, b VARCHAR(1))")
        with pytest.raises(psycopg2.InternalError):
            cursor.execute(COPY.format("data", ""))
        cursor.execute(COPY.format("data", "MAXERROR 3"))
        cursor.execute("SELECT count(*), count(a), sum(a) FROM t")
        numbers = set(range(LINES)) - {10, 5000, 8000}
        assert cursor.fetchone() == (LINES - 2, LINES - 3, sum(numbers))
        cursor.execute("SELECT line_number, err_code FROM stl_load_errors WHERE query = pg_last_copy_id() ORDER BY 1")
        assert cursor.fetchall() == [(11, 1207), (8001, 1216)]


@pytest.mark.parametrize("separator", ["", " ", "\n\n", "\r\n"], ids=["touching", "blank", "empty lines", "windows"])
def test_large_files_of_other_shapes(bucket: Path, connect: Connect, separator: str) -> None:
    lines = _lines(20_000)
    (bucket / "good").write_text(separator.join(lines), newline="")
    lines[15_000] = '{"a":"x"}'
    (bucket / "bad").write_text(separator.join(lines), newline="")
    with connect(autocommit=True).cursor() as cursor:
        cursor.execute("CREATE TABLE t (a INTEGER)")
        cursor.execute(COPY.format("good", ""))
        cursor.execute("SELECT count(*), sum(a) FROM t")
        assert cursor.fetchone() == (20_000, sum(range(20_000)))
        cursor.execute(COPY.format("bad", "MAXERROR 2"))
        cursor.execute("SELECT count(*) FROM t")
        assert cursor.fetchone() == (39_999,)
        cursor.execute("SELECT line_number FROM stl_load_errors")
        lines_before = 15_000 * separator.count("\n")
        assert cursor.fetchall() == [(lines_before + 1,)]


def test_records_cut_by_a_block_of_the_scanner(bucket: Path, connect: Connect) -> None:
    """Objects of 3 MB and more, pretty-printed, with a mistake in the last: no block of the file ends with a record."""
    documents = [
        json.dumps({"a": n, "c": ["é" * 30_000] * 50 + [n / 7] * 9000}, indent=1, ensure_ascii=False) for n in range(15)
    ]
    documents.append('{"a": "x"}')
    (bucket / "data").write_text("\n".join(documents), encoding="utf-8")
    with connect(autocommit=True).cursor() as cursor:
        cursor.execute("CREATE TABLE t (a INTEGER)")
        cursor.execute(COPY.format("data", "MAXERROR 2"))
        cursor.execute("SELECT count(*), sum(a) FROM t")
        assert cursor.fetchone() == (15, sum(range(15)))
        cursor.execute("SELECT line_number, err_code FROM stl_load_errors")
        assert cursor.fetchall() == [(sum(text.count("\n") + 1 for text in documents), 1207)]


def test_object_larger_than_four_megabytes(bucket: Path, connect: Connect) -> None:
    (bucket / "data").write_text('{"a":1}\n' + json.dumps({"a": 2, "c": "x" * 4_200_000}) + '\n{"a":3}')
    with connect(autocommit=True).cursor() as cursor:
        cursor.execute("CREATE TABLE t (a INTEGER)")
        cursor.execute(COPY.format("data", "MAXERROR 2"))
        cursor.execute("SELECT sum(a) FROM t")
        assert cursor.fetchone() == (4,)
        cursor.execute("SELECT line_number, trim(err_reason) FROM stl_load_errors")
        assert cursor.fetchall() == [(2, "JSON object is larger than 4 MB")]


def test_one_bad_file_among_many(bucket: Path, connect: Connect) -> None:
    for number in range(300):
        (bucket / f"data{number:03}").write_text(f'{{"a":{number}}}' if number != 123 else '{"a":')
    with connect(autocommit=True).cursor() as cursor:
        cursor.execute("CREATE TABLE t (a INTEGER)")
        with pytest.raises(psycopg2.InternalError):
            cursor.execute(COPY.format("data", ""))
        cursor.execute(COPY.format("data", "MAXERROR 2"))
        cursor.execute("SELECT count(*) FROM t")
        assert cursor.fetchone() == (299,)
        cursor.execute("SELECT DISTINCT trim(filename) FROM stl_load_errors")
        assert cursor.fetchall() == [("s3://bucket/data123",)]


def test_temporary_table_and_other_schema(bucket: Path, connect: Connect) -> None:
    (bucket / "data").write_text('{"a":1}')
    with connect(autocommit=True).cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE t (a INTEGER)")
        cursor.execute("CREATE SCHEMA other")
        cursor.execute("CREATE TABLE other.t (a INTEGER)")
        cursor.execute(COPY.format("data", ""))
        cursor.execute(COPY.format("data", "").replace("COPY t", "COPY other.t"))
        cursor.execute("SELECT (SELECT count(*) FROM t), (SELECT count(*) FROM other.t)")
        assert cursor.fetchone() == (1, 1)


def test_links_lead_nowhere_outside_the_root(bucket: Path, connect: Connect, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text('{"a":666}')
    (bucket / "data").write_text('{"a":1}')
    (bucket / "data_link").symlink_to(outside / "secret")
    (bucket / "data_folder").symlink_to(outside)
    (bucket / "data_inside").symlink_to(bucket / "data")
    (bucket / "data_circle").symlink_to(bucket)
    (bucket.parent / "elsewhere").symlink_to(outside)
    with connect(autocommit=True).cursor() as cursor:
        cursor.execute("CREATE TABLE t (a INTEGER)")
        cursor.execute(COPY.format("data", ""))
        cursor.execute("SELECT count(*), max(a) FROM t")
        assert cursor.fetchone() == (2, 1)
        for source in ("s3://bucket/data_folder/secret", "s3://elsewhere/secret", "s3://../outside/secret"):
            with pytest.raises(psycopg2.InternalError):
                cursor.execute(f"COPY t FROM '{source}' IAM_ROLE default JSON 'auto'")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_unreadable_file(bucket: Path, connect: Connect) -> None:
    (bucket / "data").write_text('{"a":1}')
    (bucket / "data").chmod(0)
    with connect(autocommit=True).cursor() as cursor:
        cursor.execute("CREATE TABLE t (a INTEGER)")
        with pytest.raises(psycopg2.InternalError, match="s3://bucket/data cannot be read: Permission denied"):
            cursor.execute(COPY.format("data", ""))


def test_no_room_for_temporary_files(s3_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (s3_root / "bucket").mkdir()
    (s3_root / "bucket" / "data").write_text('{"a":1}')
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    with embedded.start(s3_root=s3_root) as server:
        connection = psycopg2.connect(dsn(server))
        with closing(connection), connection.cursor() as cursor:
            cursor.execute("CREATE TABLE t (a INTEGER)")
            cursor.execute(COPY.format("data", ""))
            shutil.rmtree(folder)  # that of the engine's own memory too
            with pytest.raises(psycopg2.errors.DiskFull, match="COPY could not use the temporary folder"):
                cursor.execute(COPY.format("data", ""))


def test_cancelled_while_it_runs(bucket: Path, connect: Connect) -> None:
    lines = "\n".join(_lines(20_000))
    for number in range(12):
        (bucket / f"data{number}").write_text(lines)
    connection = connect(autocommit=True)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (a INTEGER)")
        timer = threading.Timer(0.15, connection.cancel)
        timer.start()
        with pytest.raises(psycopg2.errors.QueryCanceled):
            cursor.execute(COPY.format("data", ""))
        timer.join()
        cursor.execute("SELECT count(*) FROM t")
        assert cursor.fetchone() == (0,)


def test_a_random_default_is_one_value_for_a_load(bucket: Path, connect: Connect) -> None:
    (bucket / "data").write_text('{"a":1}{"a":2}\n{"a":3}\n')
    with connect().cursor() as cursor:
        cursor.execute("CREATE TABLE t (a INTEGER, r FLOAT8 DEFAULT RANDOM(), u FLOAT8 DEFAULT 100 * random() + 1)")
        cursor.execute("INSERT INTO t (a) VALUES (0)")
        for _ in range(2):
            cursor.execute(COPY.format("data", "").replace("COPY t", "COPY t (a)"))
        cursor.connection.commit()
        cursor.execute("SELECT count(*), count(DISTINCT a) FROM t GROUP BY r, u ORDER BY 1")
        assert cursor.fetchall() == [(1, 1), (3, 3), (3, 3)]


def test_number_literals_of_a_large_file(bucket: Path, connect: Connect) -> None:
    """Numbers that feed strings stay as they are written, here in a file of several megabytes."""
    lines = "\n".join(f'{{"a":{number}.10,"b":"x","filler":"{"y" * 400}"}}' for number in range(LINES))
    (bucket / "data").write_text(lines)
    with connect(autocommit=True).cursor() as cursor:
        cursor.execute("CREATE TABLE t (a VARCHAR(20), b VARCHAR(9))")
        cursor.execute(COPY.format("data", ""))
        cursor.execute("SELECT count(*), count(CASE WHEN right(a, 3) = '.10' THEN 1 END) FROM t")
        assert cursor.fetchone() == (LINES, LINES)


def test_files_of_a_failed_load_are_counted(bucket: Path, connect: Connect) -> None:
    for number in range(5):
        (bucket / f"data{number}").write_text('{"a":"x"}' if number == 1 else '{"a":1}')
    with connect(autocommit=True).cursor() as cursor:
        cursor.execute("CREATE TABLE t (a INTEGER)")
        with pytest.raises(psycopg2.InternalError):
            cursor.execute(COPY.format("data", ""))
        cursor.execute("SELECT trim(status), source_file_count, error_count FROM sys_load_history")
        assert cursor.fetchall() == [("aborted", 5, 1)]


def test_defaults_of_the_clock_are_those_of_the_transaction(bucket: Path, connect: Connect) -> None:
    (bucket / "data").write_text('{"a":1}{"a":2}\n{"a":3}\n')
    with connect().cursor() as cursor:
        cursor.execute("CREATE TABLE t (a INTEGER, at TIMESTAMP DEFAULT SYSDATE, day DATE DEFAULT CURRENT_DATE)")
        for _ in range(2):
            cursor.execute(COPY.format("data", "").replace("COPY t", "COPY t (a)"))
        cursor.execute("SELECT count(*) FROM t WHERE at = SYSDATE AND day = CURRENT_DATE")
        assert cursor.fetchone() == (6,)
