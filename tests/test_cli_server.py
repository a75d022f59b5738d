"""``python -m local_redshift``, as a user starts it, connects to it and stops it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from clients import SLOW
from standalone import Started, run, started

needs_psql = pytest.mark.skipif(
    shutil.which("psql") is None and os.environ.get("CI") != "true", reason="psql is not on this machine"
)


def ask_psql(warehouse: Started, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PAGER": "", "PGPASSWORD": "", "PGPASSFILE": ""}
    return subprocess.run(
        [*warehouse.psql, "--no-password", "-At", *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={name: value for name, value in environment.items() if not name.startswith("PGPASS")},
    )


@needs_psql
def test_the_lines_that_it_prints_connect() -> None:
    with started() as warehouse:
        done = ask_psql(warehouse, "-c", "SELECT CURRENT_USER, 7 / 2", "-c", "SELECT 'it''s'; SELECT 2")
        assert (done.returncode, done.stdout, done.stderr) == (0, "awsuser|3\nit's\n2\n", "")
        assert ask_psql(warehouse, "-c", "SELECT * FROM nowhere").stderr.startswith("ERROR:  ")
        connection = warehouse.connect()
        with connection.cursor() as cursor:
            cursor.execute("SELECT version()")
            assert "Redshift" in str(cursor.fetchone())
        connection.close()


@needs_psql
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    file = tmp_path / "warehouse.duckdb"
    with started("--database", file) as warehouse:
        connection = warehouse.connect()
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE t (i INT)")
            cursor.execute("INSERT INTO t VALUES (1)")
            cursor.execute("BEGIN")
            cursor.execute("INSERT INTO t VALUES (2)")
        busy = subprocess.Popen(
            [*warehouse.psql, "-c", SLOW], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        time.sleep(1)
        began = time.monotonic()
        code, errors = warehouse.stop(number)
        assert time.monotonic() - began < 6
        assert code == 0
        assert "Traceback" not in errors
        assert "leaked" not in errors
        assert not warehouse.passfile.parent.exists()
        assert "canceled on user's request" in busy.communicate(timeout=10)[1]
        connection.close()
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    with started("--database", file) as warehouse:
        assert ask_psql(warehouse, "-c", "SELECT i FROM t").stdout == "1\n"


def test_the_password_is_in_a_file_of_the_users_own_and_nowhere_else(tmp_path: Path) -> None:
    with started() as warehouse:
        password = warehouse.password
        assert len(password) >= 32
        assert stat.S_IMODE(warehouse.passfile.stat().st_mode) == 0o600
        assert stat.S_IMODE(warehouse.passfile.parent.stat().st_mode) == 0o700
        assert password not in warehouse.said
        assert password not in Path(f"/proc/{warehouse.process.pid}/cmdline").read_text()
        warehouse.connect().close()
        _, errors = warehouse.stop()
        assert "session started" in errors
        assert password not in errors


@needs_psql
def test_a_user_and_a_password_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("pass:word\\ with'all\n")
    file.chmod(0o600)
    with started("--user", "data eng's", "--password-file", file) as warehouse:
        assert ask_psql(warehouse, "-c", "SELECT CURRENT_USER").stdout == "data eng's\n"
        _, errors = warehouse.stop()
        assert "chmod" not in errors


def test_a_password_file_that_others_can_read_is_remarked(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("secret word")
    file.chmod(0o644)
    with started("--password-file", file) as warehouse:
        _, errors = warehouse.stop()
        assert "others can read the password file" in errors
        assert "secret word" not in errors


@pytest.mark.parametrize("content", [b"", b"\n", b"one\ntwo\n", b"\xff\xfe"])
def test_a_password_file_without_a_password(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "password"
    file.write_bytes(content)
    assert_cannot_start(run("--password-file", file), f"password file {file}")


def assert_cannot_start(done: subprocess.CompletedProcess[str], *said: str) -> None:
    """One sentence and its remedy, exit code 1."""
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("local_redshift: ")
    for text in said:
        assert text in line


def test_a_taken_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert_cannot_start(run("--port", port), f"port {port} is taken", "--port")


def test_a_held_file(tmp_path: Path) -> None:
    file = tmp_path / "warehouse.duckdb"
    with started("--database", file) as warehouse:
        assert_cannot_start(run("--port", 0, "--database", file), f"process {warehouse.process.pid}")


def test_what_is_missing(tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    assert_cannot_start(run("--database", absent / "warehouse.duckdb"), f"{absent}", "does not exist")
    assert_cannot_start(run("--s3-root", absent), f"{absent} is not a folder")
    assert_cannot_start(run("--password-file", absent), f"{absent} cannot be read: No such file or directory")


def test_no_database_is_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("what I must not lose\n" * 1000)
    assert_cannot_start(run("--database", file), "is not a database file")
    assert file.read_text() == "what I must not lose\n" * 1000


def test_an_address_that_others_can_reach() -> None:
    assert_cannot_start(run("--host", "0.0.0.0"), "not a loopback address")  # noqa: S104
    assert_cannot_start(run("--host", "no.such.host.invalid"), "no.such.host.invalid")


@pytest.mark.parametrize(
    "arguments",
    [("--port", "many"), ("--port", "65536"), ("--port", "-1"), ("--user", ""), ("--password", "x"), ("extra",)],
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m local_redshift")


def test_help_has_an_example_and_needs_no_engine() -> None:
    began = time.monotonic()
    done = run("--help")
    assert done.returncode == 0
    assert "example:\n  python -m local_redshift --database" in done.stdout
    assert "exit codes: 0" in done.stdout
    assert time.monotonic() - began < 2
    loaded = "import sys, local_redshift.__main__; print({'duckdb', 'boto3', 'sqlglot'} & set(sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout == "set()\n"
    )
