"""Opening database files: kept between runs, held by one process, and clear words where they cannot be opened."""

from __future__ import annotations

import functools
import os
import struct
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from clients import ask, dsn

from local_redshift import embedded
from local_redshift.engine import Engine
from local_redshift.errors import ObjectInUse, ReadOnlyDatabase, RedshiftError

if TYPE_CHECKING:
    from collections.abc import Iterator


def query(parameters: embedded.Connection, sql: str) -> list[tuple[object, ...]]:
    return ask(dsn(parameters), sql)


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


def test_a_folder_that_may_not_be_written_says_so() -> None:
    """A file in it may: but the engine's log lies beside it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "kept.duckdb"
        Engine(file).close()
        file.chmod(0o666)
        Path(folder).chmod(0o555)
        with unprivileged(), pytest.raises(ReadOnlyDatabase, match=f"the folder {folder} cannot be written"):
            Engine(file)
        Path(folder).chmod(0o755)


def with_version(content: bytes, version: int) -> bytes:
    """A database file's content, its first header changed to another version of the format, its checksum right."""
    header = content[8:12] + struct.pack("<Q", version) + content[20:4096]
    words = (word for (word,) in struct.iter_unpack("<Q", header))
    checksum = functools.reduce(lambda sum_, word: sum_ ^ (word * 0xBF58476D1CE4E5B9 & (1 << 64) - 1), words, 5381)
    return struct.pack("<Q", checksum) + header + content[4096:]


def test_what_is_newer_damaged_or_of_another_kind_is_told_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "kept.duckdb"
    Engine(file).close()
    content = file.read_bytes()
    for changed, said in (
        (with_version(content, 100_000), "was written by a newer DuckDB than the one installed here"),
        (content[:5000], "is damaged: "),
        (content[:40] + b"rubbish" + content[47:], "is damaged: "),
        (b"SQLite format 3\0".ljust(4096, b"\0"), "is not a database file"),
    ):
        file.write_bytes(changed)
        with pytest.raises(RedshiftError, match=said) as caught:
            Engine(file)
        assert caught.value.hint
        assert file.read_bytes() == changed


def test_what_does_not_fit_into_memory_goes_beside_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not into the working directory, where the engine would put it."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    with closing(Engine(tmp_path / "kept.duckdb", memory_limit="100MB")) as engine, closing(engine.cursor()) as cursor:
        cursor.execute("SELECT i, repeat('x', 200) FROM range(800000) AS t(i) ORDER BY hash(i)")
        assert cursor.fetchone()
        assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".tmp")] == ["kept.duckdb.tmp"]
    assert list(elsewhere.iterdir()) == []


def test_the_password_is_not_shown() -> None:
    shown = repr(embedded.Connection("127.0.0.1", 1, "awsuser", "hunter2", "dev"))
    assert "hunter2" not in shown
    assert "awsuser" in shown
