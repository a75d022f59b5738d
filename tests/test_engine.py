"""Opening database files: kept between runs, held by one process, and clear words where they cannot be opened."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg2
import pytest

from local_redshift import embedded
from local_redshift.engine import Engine
from local_redshift.errors import ObjectInUse, ReadOnlyDatabase, RedshiftError

if TYPE_CHECKING:
    from collections.abc import Iterator


def query(parameters: embedded.Connection, sql: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(
        host=parameters.host,
        port=parameters.port,
        user=parameters.user,
        password=parameters.password,
        dbname=parameters.database,
    )
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found: list[tuple[object, ...]] = cursor.fetchall() if cursor.description else []
    connection.close()
    return found


def test_a_database_file_keeps_its_tables_and_what_was_declared(tmp_path: Path) -> None:
    file = tmp_path / "rs.duckdb"  # the name of our own catalog: it must not matter
    with embedded.start(file) as parameters:
        query(parameters, "CREATE TABLE songs (title VARCHAR(40) ENCODE zstd, id INTEGER IDENTITY(1,1) SORTKEY)")
        query(parameters, "INSERT INTO songs (title) VALUES ('one')")
    with embedded.start(file) as parameters:
        query(parameters, "INSERT INTO songs (title) VALUES ('two')")
        assert query(parameters, "SELECT title FROM songs ORDER BY id") == [("one",), ("two",)]
        assert query(
            parameters,
            "SELECT \"column\", type, encoding, sortkey FROM pg_table_def WHERE tablename = 'songs' ORDER BY 1",
        ) == [("id", "integer", "none", 1), ("title", "character varying(40)", "zstd", 0)]


def test_the_user_finds_the_usual_database_whatever_the_file_is_called(tmp_path: Path) -> None:
    with embedded.start(tmp_path / "my music.db") as parameters:
        query(parameters, "CREATE TABLE dev.public.songs (id INTEGER)")
        assert query(parameters, "SELECT current_database()") == [("dev",)]


def test_a_file_that_another_process_holds_names_it(tmp_path: Path) -> None:
    file = tmp_path / "held.duckdb"
    with (
        embedded.start(file),
        pytest.raises(ObjectInUse, match=r"held\.duckdb is held by another process \(process \d+"),
    ):
        Engine(file)


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("remember the milk\n" * 500)
    with pytest.raises(RedshiftError, match=r"notes\.txt is not a database file"):
        Engine(file)
    assert file.read_text().startswith("remember the milk")


def test_a_folder_and_a_missing_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(RedshiftError, match="is a folder, not a database file"):
        Engine(tmp_path)
    with pytest.raises(RedshiftError, match=r"missing does not exist"):
        Engine(tmp_path / "missing" / "file.duckdb")


def test_the_embedded_warehouse_hands_the_error_on(tmp_path: Path) -> None:
    file = tmp_path / "held.duckdb"
    with embedded.start(file), pytest.raises(ObjectInUse, match="is held by another process"), embedded.start(file):
        pass


@contextmanager
def unprivileged() -> Iterator[None]:
    """Nobody's rights: root may write every file."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_that_may_not_be_written_says_so() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        file = Path(folder) / "kept.duckdb"
        Engine(file).close()
        file.chmod(0o444)
        with unprivileged(), pytest.raises(ReadOnlyDatabase, match=r"kept\.duckdb cannot be written"):
            Engine(file)


def test_the_password_is_not_shown() -> None:
    shown = repr(embedded.Connection("127.0.0.1", 1, "awsuser", "hunter2", "dev"))
    assert "hunter2" not in shown
    assert "awsuser" in shown
