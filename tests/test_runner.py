"""Statements in one transaction: counted, named, rolled back, explained."""

from __future__ import annotations

import io
import json
import os
import socket
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg2
import pytest
from scripts import rows

from warehouse import load_errors, runner
from warehouse.config import Settings
from warehouse.connection import Warehouse, connect
from warehouse.errors import ConnectionLost, LoadFailed, QueriesError, StatementFailed
from warehouse.redaction import redact
from warehouse.report import Report, changes_of
from warehouse.runner import Outcome, run
from warehouse.statements import Statement, load_lists, load_optional, statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Warehouse]:
    settings = Settings(local_database=tmp_path / "w.duckdb", s3_root=tmp_path / "s3", password="topS3cret")
    with connect(settings) as warehouse:
        yield warehouse


class Silent:
    """Progress that only remembers."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []

    @contextmanager
    def running(self, _: Statement) -> Iterator[None]:
        yield

    def done(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)


def go(warehouse: Warehouse, *queries: str) -> list[Outcome]:
    return run(warehouse, [statement(query) for query in queries], Silent())


@pytest.mark.parametrize(
    ("sql", "label"),
    [
        ("copy staging_events from 's3://b/p'", "COPY staging_events"),
        ("\n  -- all plays\n/* really */ INSERT INTO songplays(start_time)\nSELECT 1", "INSERT songplays"),
        ('CREATE TABLE IF NOT EXISTS public."Users" (id INT)', "CREATE TABLE public.users"),
        ("CREATE TEMP TABLE stage (LIKE t)", "CREATE TABLE stage"),
        ("create table #stage (i int)", "CREATE TABLE #stage"),
        ("DROP TABLE IF EXISTS songplays;", "DROP TABLE songplays"),
        ("DELETE FROM users USING u WHERE 1=1", "DELETE users"),
        ("UPDATE songplays SET level = 'x'", "UPDATE songplays"),
        ("MERGE INTO users USING u ON 1=1", "MERGE users"),
        ("TRUNCATE TABLE staging_songs", "TRUNCATE staging_songs"),
        ("BEGIN TRANSACTION; DELETE FROM t; END;", "DELETE t"),
        ("ALTER TABLE t ADD COLUMN c INT", "ALTER TABLE t"),
        ("CREATE SCHEMA sparkify", "CREATE SCHEMA"),
        ("analyze", "ANALYZE"),
    ],
)
def test_names(sql: str, label: str) -> None:
    assert statement(sql).label == label


def test_rows_are_counted(opened: Warehouse) -> None:
    outcomes = go(
        opened,
        "CREATE TABLE t (i INT)",
        "INSERT INTO t VALUES (1), (2), (3)",
        "UPDATE t SET i = 9 WHERE i > 1",
        "DELETE FROM t WHERE i = 1",
        "TRUNCATE t",
    )
    assert [outcome.rows for outcome in outcomes] == [None, 3, 2, 1, None]
    assert changes_of(outcomes[1:4]) == (2, 3)
    assert runner.count_rows(opened, ["t"]) == {"t": 0}


def test_several_statements_in_a_string(opened: Warehouse) -> None:
    """Their own END ends the transaction; what follows is in one again."""
    go(opened, "CREATE TABLE t (i INT)")
    (outcome,) = go(opened, "BEGIN; INSERT INTO t VALUES (1); INSERT INTO t VALUES (2); END;")
    assert (outcome.statement.label, outcome.rows) == ("INSERT t", None)
    with pytest.raises(StatementFailed):
        go(opened, "BEGIN; INSERT INTO t VALUES (3); END;", "INSERT INTO t VALUES (4)", "SELECT 1 FROM nowhere")
    assert rows(opened, "SELECT i FROM t ORDER BY i") == [(1,), (2,), (3,)]


def test_rows_of_a_copy(opened: Warehouse, tmp_path: Path) -> None:
    put(tmp_path, '{"i": 1}\n{"i": 2}')
    assert [outcome.rows for outcome in go(opened, "CREATE TABLE t (i INT)", COPY)] == [None, 2]


def test_rows_that_maxerror_skips_are_told(opened: Warehouse, tmp_path: Path) -> None:
    put(tmp_path, '{"i": 1}\n{"i": "x"}')
    outcome = go(opened, "CREATE TABLE t (i INT)", f"{COPY} MAXERROR 5")[1]
    assert outcome.rows == 1
    assert "1 record(s) could not be loaded" in outcome.warnings[0]


def test_all_or_nothing(opened: Warehouse) -> None:
    go(opened, "CREATE TABLE t (i INT)")
    with pytest.raises(StatementFailed) as caught:
        go(opened, "INSERT INTO t VALUES (1)", "INSERT INTO t SELECT nothing FROM t")
    assert caught.value.message.startswith("INSERT t failed: ")
    assert "nothing" in caught.value.message
    assert rows(opened, "SELECT * FROM t") == []


def test_what_follows_a_truncate_is_still_one_transaction(opened: Warehouse) -> None:
    """TRUNCATE commits behind psycopg2's back, which would then send no BEGIN."""
    go(opened, "CREATE TABLE t (i INT)", "INSERT INTO t VALUES (1)", "CREATE TABLE u (i INT)")
    with pytest.raises(StatementFailed):
        go(opened, "TRUNCATE t", "INSERT INTO u VALUES (1)", "SELECT 1 FROM nowhere")
    assert rows(opened, "SELECT COUNT(*) FROM t") == [(0,)]
    assert rows(opened, "SELECT COUNT(*) FROM u") == [(0,)]


def test_a_table_that_is_not_there(opened: Warehouse) -> None:
    with pytest.raises(StatementFailed) as caught:
        go(opened, "INSERT INTO songplays SELECT 1")
    assert caught.value.hint == "Run python create_tables.py first."


COPY = "COPY t FROM 's3://bucket/data' IAM_ROLE default FORMAT AS JSON 'auto'"


def put(folder: Path, text: str) -> None:
    (folder / "s3" / "bucket").mkdir(parents=True)
    (folder / "s3" / "bucket" / "data.json").write_text(text)


def failed_load(warehouse: Warehouse, table: str, copy: str = COPY) -> LoadFailed:
    with pytest.raises(LoadFailed) as caught:
        go(warehouse, table, copy)
    return caught.value


@pytest.mark.parametrize(
    ("columns", "lines", "said", "hint"),
    [
        (
            "i INT, title VARCHAR(5)",
            ['{"i": 1, "title": "five."}', '{"i": 2, "title": "Mägo!"}'],
            ["data.json, line 2, column title varchar(5)", "value 'Mägo!'", "String length exceeds DDL length"],
            "counts bytes",
        ),
        (
            "i INT",
            ['{"i": 1}', '{"i": "one"}'],
            ["line 2, column i", "value 'one'", "Invalid digit, Value 'o', Pos 0, Type: Integer"],
            "does not fit the column's type",
        ),
        (
            "ts TIMESTAMP",
            ['{"ts": 1541106106796}'],
            ["line 1, column ts timestamp", "value '1541106106796'", "Invalid timestamp format"],
            "TIMEFORMAT 'epochmillisecs'",
        ),
        ("i INT NOT NULL", ['{"I": 1}'], ["line 1, column i", "Missing data for not-null field"], "case counts"),
        ("i INT", ['{"i": 1}', '{"i": 2', '{"i": 3}'], ["data.json, line "], "well-formed JSON"),
    ],
)
def test_a_failed_load_is_explained(
    opened: Warehouse, tmp_path: Path, columns: str, lines: list[str], said: list[str], hint: str
) -> None:
    put(tmp_path, "\n".join(lines))
    failed = failed_load(opened, f"CREATE TABLE t ({columns})")
    assert failed.message.startswith("COPY t failed:\n")
    assert "s3://bucket/data.json" in failed.message
    for part in said:
        assert part in failed.message
    assert hint in failed.hint


def test_only_the_first_errors_are_shown_and_only_those_of_this_load(opened: Warehouse, tmp_path: Path) -> None:
    put(tmp_path, '{"i": "early"}')
    failed_load(opened, "CREATE TABLE t (i INT)")
    (tmp_path / "s3/bucket/data.json").write_text("\n".join(json.dumps({"i": f"bad{n}"}) for n in range(9)))
    go(opened, "CREATE TABLE t (i INT)")
    with pytest.raises(LoadFailed) as caught:
        go(opened, f"{COPY} MAXERROR 8")
    assert caught.value.message.count("Invalid digit") == load_errors.SHOWN
    assert "early" not in caught.value.message


def test_a_user_who_may_not_read_stl_still_sees_what_sys_says(opened: Warehouse, tmp_path: Path) -> None:
    put(tmp_path, '{"i": "one"}')
    failed_load(opened, "CREATE TABLE t (i INT)")
    errors, refusal = load_errors.read(opened.connection, load_errors.SYS, "SELECT 1 FROM stl_load_errors_denied")
    assert refusal == ""
    assert [(error.column, error.value, error.reason[:13]) for error in errors] == [("i", "", "Invalid digit")]


def test_a_user_who_may_read_neither_is_told_what_to_ask_for(opened: Warehouse) -> None:
    errors, refusal = load_errors.read(opened.connection, "SELECT 1 FROM denied", "SELECT 1 FROM denied")
    assert errors == []
    assert "denied" in refusal
    assert "GRANT SELECT" in load_errors.nothing_to_read(refusal)


@pytest.mark.parametrize(
    ("copy", "said", "hint"),
    [
        (COPY.replace("/data'", "/date'"), "The specified S3 prefix 'date' does not exist", "[LOCAL] S3_ROOT"),
        (COPY.replace("bucket", "bukket"), "The specified bucket does not exist", "[LOCAL] S3_ROOT"),
    ],
)
def test_a_load_that_finds_no_files(opened: Warehouse, tmp_path: Path, copy: str, said: str, hint: str) -> None:
    put(tmp_path, '{"i": 1}')
    failed = failed_load(opened, "CREATE TABLE t (i INT)", copy)
    assert said in failed.message
    assert hint in failed.hint
    assert str(tmp_path / "s3") in failed.hint


def test_a_lost_connection(opened: Warehouse) -> None:
    other = psycopg2.connect(opened.connection.dsn, password=opened.connection.info.password)
    lost = Warehouse(other, opened.settings, opened.ctrl_c)

    class Breaks(Silent):
        def done(self, _: Outcome) -> None:
            with socket.socket(fileno=os.dup(other.fileno())) as theirs:
                theirs.shutdown(socket.SHUT_RDWR)

    with pytest.raises(ConnectionLost) as caught:
        run(lost, [statement("SELECT 1"), statement("COPY t FROM 's3://b/x' IAM_ROLE default JSON 'auto'")], Breaks())
    assert "lost during COPY t" in caught.value.message
    assert "sys_load_history" in caught.value.hint


def test_credentials_in_a_statement_are_not_shown(opened: Warehouse) -> None:
    copy = "COPY t FROM 's3://b/x' CREDENTIALS 'aws_access_key_id=AKIAX;aws_secret_access_key=abc/def' JSON 'auto' OOPS"
    failed = failed_load(opened, "CREATE TABLE t (i INT)", copy)
    assert "abc/def" not in failed.message + failed.hint


@pytest.mark.parametrize(
    "text",
    [
        "CREDENTIALS 'aws_access_key_id=AKIAX;aws_secret_access_key=abc/def;token=abc/def'",
        "ACCESS_KEY_ID 'abc/def' SECRET_ACCESS_KEY 'abc/def' SESSION_TOKEN 'abc/def'",
        "secret_access_key\n'abc/def'",
        "could not connect: abc/def",
    ],
)
def test_redaction(text: str) -> None:
    assert "abc/def" not in redact(text, "abc/def" if text.startswith("could") else "")


def test_plain_lines_where_there_is_no_terminal(opened: Warehouse) -> None:
    stream = io.StringIO()
    statements = [statement("CREATE TABLE t (i INT)"), statement("INSERT INTO t VALUES (1)")]
    report = Report(statements, stream)
    outcomes = run(opened, statements, report)
    report.tables("The data is in.", {"t": 1}, outcomes)
    assert "\x1b" not in stream.getvalue()
    lines = stream.getvalue().splitlines()
    assert lines[1].split()[:4] == ["INSERT", "t", "1", "row"]
    assert "The data is in." in lines
    assert lines[-2].split()[:3] == ["t", "1", "1"]


def test_lists_of_another_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_queries(tmp_path, monkeypatch, "copy_table_queries = ['COPY a FROM x', '  ']\ninsert_table_queries = ()")
    assert [[one.label for one in found] for found in load_lists("copy_table_queries", "insert_table_queries")] == [
        ["COPY a"],
        [],
    ]
    assert load_optional("count_staged_queries") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("copy_table_queries = [1]", "copy_table_queries in sql_queries.py: item 1 is no string"),
        ("copy_table_queries = 'COPY'", "copy_table_queries in sql_queries.py is no list"),
        ("x = 1", "sql_queries.py has no list copy_table_queries"),
        ("x = (", "sql_queries.py, line 1"),
        ("import nothing_of_the_kind", "ModuleNotFoundError"),
        (
            "import configparser\nc = configparser.ConfigParser()\nc.read_string('[A]\\nP=topS3cret%x')\nc['A']['P']",
            "sql_queries.py finds no configuration",
        ),
        ("import configparser\nc = configparser.ConfigParser()\nc['S3']['LOG_DATA']", "KeyError 'S3'"),
    ],
)
def test_lists_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str) -> None:
    put_queries(tmp_path, monkeypatch, text)
    with pytest.raises(QueriesError) as caught:
        load_lists("copy_table_queries")
    assert said in caught.value.message
    assert "topS3cret" not in caught.value.message


def put_queries(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Another sql_queries.py in place of ours."""
    (folder / "sql_queries.py").write_text(text)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "sql_queries", raising=False)
