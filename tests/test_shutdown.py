"""The warehouse is ended in the middle of its work, gently or not: the file opens, with the last commit in it."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import psycopg2
import pytest
from standalone import Started, started

from local_redshift.engine import Engine
from local_redshift.temporary import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from psycopg2.extensions import cursor as Cursor  # noqa: N812

ROWS = 200_000
MANY = "SELECT i, repeat('x', 100) FROM generate_series(1, 20000000) AS g(i)"
COPY = "COPY t FROM 's3://b/rows.json' IAM_ROLE 'arn:aws:iam::123456789012:role/reader' JSON 'auto'"
WORK = {
    "copy": "; ".join([COPY] * 20),
    "insert": f"INSERT INTO t {MANY}",
    "create table as": f"CREATE TABLE u AS {MANY}",
    "cursor": f"BEGIN; INSERT INTO t VALUES (-1, 'undone'); DECLARE c CURSOR FOR {MANY}",
}


@pytest.fixture(scope="module")
def s3_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("s3")
    file = root / "b" / "rows.json"
    file.parent.mkdir()
    file.write_text("".join(f'{{"i": {number}, "s": "a row that is to be loaded"}}\n' for number in range(ROWS)))
    return root


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the warehouse puts its temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


class Work(threading.Thread):
    """Statements of a client, until the server is gone; counts what was answered."""

    def __init__(self, cursor: Cursor, statements: Iterator[str]) -> None:
        super().__init__()
        self._cursor = cursor
        self._statements = statements
        self.answered = 0
        self.start()

    def run(self) -> None:
        try:
            for sql in self._statements:
                self._cursor.execute(sql)
                self.answered += 1
        except psycopg2.Error:
            return


def prepare(cursor: Cursor) -> None:
    cursor.execute("CREATE TABLE t (i INT, s VARCHAR(200))")
    cursor.execute("INSERT INTO t VALUES (0, 'kept')")


def inserts() -> Iterator[str]:
    for number in range(1, 1_000_000):
        yield f"INSERT INTO t VALUES ({number}, 'kept')"


def kept(file: Path) -> tuple[list[str], int, int]:
    """The tables, the rows of t, and how many of those have another number than the ones before."""
    with closing(Engine(file)) as engine, closing(engine.cursor()) as cursor:
        tables = cursor.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'public'").fetchall()
        counts = cursor.execute("SELECT COUNT(*), COUNT(DISTINCT i) FROM t").fetchone() or (0, 0)
    return sorted(name for (name,) in tables), *counts


@pytest.mark.parametrize("name", WORK)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_ended_in_the_middle_of_a_statement(
    name: str, number: signal.Signals, s3_root: Path, temporary: Path, tmp_path: Path
) -> None:
    file = tmp_path / "warehouse.duckdb"
    with started("--database", file, "--s3-root", s3_root) as warehouse, closing(warehouse.connect()) as connection:
        cursor = connection.cursor()
        prepare(cursor)
        work = Work(cursor, iter([WORK[name]]))
        time.sleep(0.4)
        code, errors = warehouse.stop(number)
        work.join(20)
    assert work.answered == 0, "the statement was over too soon"
    assert "Traceback" not in errors, errors
    if number == signal.SIGTERM:
        assert code == 0
        assert sorted(path.name for path in tmp_path.iterdir()) == ["temporary", file.name]
        assert list(temporary.iterdir()) == []
    assert kept(file) == (["t"], 1, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["temporary", file.name]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_ended_between_commits(number: signal.Signals, tmp_path: Path) -> None:
    """What was answered is there; of the one that was under way all or nothing."""
    file = tmp_path / "warehouse.duckdb"
    with started("--database", file) as warehouse, closing(warehouse.connect()) as connection:
        cursor = connection.cursor()
        prepare(cursor)
        work = Work(cursor, inserts())
        time.sleep(0.4)
        warehouse.stop(number)
        work.join(20)
    _, rows, distinct = kept(file)
    assert work.answered > 0
    assert rows == distinct
    assert rows - 1 in {work.answered, work.answered + 1}


_SCRIPT = """
import sys, time
from pathlib import Path
import psycopg2
from local_redshift import embedded
with embedded.start(Path(sys.argv[1])) as server:
    connection = psycopg2.connect(host=server.host, port=server.port, user=server.user, password=server.password,
                                  dbname=server.database)
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE t (i INT, s VARCHAR(200)); INSERT INTO t VALUES (0, 'kept')")
    print("ready", flush=True)
    cursor.execute(sys.argv[2])
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_script_is_killed_and_its_warehouse_ends_by_itself(number: signal.Signals, tmp_path: Path) -> None:
    file = tmp_path / "warehouse.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", _SCRIPT, file, WORK["insert"]], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as script:
        assert script.stdout is not None
        assert script.stdout.readline() == b"ready\n"
        time.sleep(0.3)
        script.send_signal(number)
    assert kept_when_free(file) == (["t"], 1, 1)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def kept_when_free(file: Path) -> tuple[list[str], int, int]:
    """The warehouse of the killed script still cancels and rolls back for a moment."""
    from local_redshift.errors import ObjectInUse

    deadline = time.monotonic() + 20
    while True:
        try:
            return kept(file)
        except ObjectInUse:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_a_full_disk_is_told_and_what_was_there_stays(s3_root: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk."""
    file = tmp_path / "warehouse.duckdb"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8 << 20, limits[1]))
    try:
        warehouse = Started("--database", file, "--s3-root", s3_root)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    with closing(warehouse.connect()) as connection, connection.cursor() as cursor:
        prepare(cursor)
        large = "SELECT i, md5(i::VARCHAR) || md5((i + 1)::VARCHAR) FROM generate_series(1, 700000) AS g(i)"
        for sql in (f"INSERT INTO t {large}", f"CREATE TABLE u AS {large}", f"BEGIN; DECLARE c CURSOR FOR {large}"):
            with pytest.raises(psycopg2.errors.DiskFull, match="Disk Full"):
                cursor.execute(sql)
            cursor.execute("ROLLBACK")
        cursor.execute("INSERT INTO t VALUES (1, 'also')")
    code, errors = warehouse.stop(signal.SIGTERM)
    assert code == 0
    assert "Traceback" not in errors, errors
    assert kept(file) == (["t"], 2, 2)


def test_what_a_killed_process_left_in_the_temporary_folder_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with temporary_folder("used") as used:
        abandoned, new, foreign = (tmp_path / name for name in ("local-redshift-copy-x", "local-redshift-new", "other"))
        for folder in (abandoned, new, foreign):
            folder.mkdir()
        for folder in (used, abandoned, foreign):
            os.utime(folder, (1, 1))
        with temporary_folder("next"):
            assert used.is_dir()
            assert not abandoned.exists()
    assert sorted(tmp_path.iterdir()) == [new, foreign]
