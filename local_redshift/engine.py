"""One embedded warehouse: the DuckDB instance, its settings, and what lies beside the user's tables.

The user's database is attached as ``dev``, as a new Redshift cluster names it, whatever its file is called.
``rs``, an attached database in memory, holds our macros and system views: the user's file stays the user's.
Only the load journal (stl_load_errors and its like) lives in the file, in schema ``redshift_journal``,
because it must outlive the process that failed.
"""

from __future__ import annotations

import os
import re
import threading
from contextlib import ExitStack
from importlib import resources
from typing import TYPE_CHECKING

from local_redshift.engine_errors import first_line
from local_redshift.errors import ObjectInUse, ReadOnlyDatabase, RedshiftError
from local_redshift.locks import TableLocks
from local_redshift.schema import DATABASE, DEFAULT_SCHEMA, JOURNAL_SCHEMA, literal
from local_redshift.system_tables.catalog import SystemCatalog
from local_redshift.system_tables.journal import LoadJournal
from local_redshift.temporary import temporary_folder

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from local_redshift.sessions.session import Session

# Network access by the engine itself is never wanted: an extension would be fetched in the middle of a query.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",  # SELECT * FROM rows must never find a Python variable
}
_EFFECTIVE = os.access in os.supports_effective_ids
_INSTANCE_SETTINGS = (
    "SET GLOBAL integer_division = true",
    "SET GLOBAL default_null_order = 'NULLS_LAST_ON_ASC_FIRST_ON_DESC'",
    "SET GLOBAL TimeZone = 'UTC'",
)
_SYSTEM_SQL = ("sessions/results.sql", "dialect/functions.sql", "system_tables/journal.sql", "system_tables/views.sql")


class Engine:
    """Opens ``database`` (a file, made when absent; None for memory) and hands out cursors.

    Raises ObjectInUse when another process holds the file, ReadOnlyDatabase when it cannot be written,
    RedshiftError when it is no DuckDB file.
    """

    def __init__(self, database: Path | None = None, memory_limit: str | None = None) -> None:
        import duckdb  # heavy: only where a warehouse is really opened

        self.database = database
        self.locks = TableLocks()
        self.catalog_version = 0
        self.sessions: dict[int, Session] = {}
        self._guard = threading.Lock()
        self._root = duckdb.connect(":memory:", config=_CONFIG)
        self._held = ExitStack()
        try:
            self._attach()
            for setting in _INSTANCE_SETTINGS:
                self._root.execute(setting)
            self._root.execute(f"SET GLOBAL temp_directory = {literal(self._spill_folder())}")
            if memory_limit:
                self._root.execute(f"SET GLOBAL memory_limit = {literal(memory_limit)}")
            self._bootstrap()
        except BaseException:
            self.close()
            raise

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own, with its own transaction, to the same database."""
        with self._guard:
            cursor = self._root.cursor()
        cursor.execute(f"SET search_path = '{DATABASE}.{DEFAULT_SCHEMA}'")
        return cursor

    def catalog_changed(self) -> None:
        """Sessions keep descriptions of tables for as long as this number stands."""
        with self._guard:
            self.catalog_version += 1

    def close(self) -> None:
        """Write everything to the file and let go of it."""
        with self._guard:
            self._root.close()
            self._held.close()

    def _spill_folder(self) -> str:
        """Where the engine puts what does not fit into memory; left to itself it would take the working directory."""
        if self.database is not None:
            return f"{self.database}.tmp"  # made when needed; the engine clears what a killed process left there
        return str(self._held.enter_context(temporary_folder("memory")))

    def _attach(self) -> None:
        import duckdb

        target = ":memory:" if self.database is None else str(self.database)
        try:
            self._root.execute(f"ATTACH {literal(target)} AS {DATABASE} (TYPE duckdb)")
        except duckdb.Error as error:
            raise _opening_error(self.database, str(error)) from error
        if self.database is not None and not os.access(self.database.parent, os.W_OK, effective_ids=_EFFECTIVE):
            raise ReadOnlyDatabase(
                f"the folder {self.database.parent} cannot be written", hint="The engine keeps its log beside the file."
            )

    def _bootstrap(self) -> None:
        self._root.execute("ATTACH ':memory:' AS rs")
        self._root.execute(f"USE {DATABASE}")
        self._root.execute(f"CREATE SCHEMA IF NOT EXISTS {DEFAULT_SCHEMA}")
        self._root.execute(f"CREATE SCHEMA IF NOT EXISTS {JOURNAL_SCHEMA}")
        package = resources.files("local_redshift")
        for file in _SYSTEM_SQL:
            self._root.execute((package / file).read_text(encoding="utf-8"))
        views = self._root.execute("SELECT view_name FROM duckdb_views() WHERE database_name = 'rs'").fetchall()
        self.system_relations = frozenset(name for (name,) in views if not name.startswith("_"))
        self.journal = LoadJournal(self.cursor())
        self.catalog = SystemCatalog(self.cursor())


def _opening_error(database: Path | None, text: str) -> RedshiftError:
    holder = re.search(r"held in (.+?) \(PID (\d+)\)", text)
    if holder or "could not set lock" in text.lower():
        who = f" (process {holder[2]}, {holder[1]})" if holder else ""
        return ObjectInUse(
            f"{database} is held by another process{who}",
            hint="A database file opens in one process at a time: end that one, or connect to its warehouse instead.",
        )
    if database is not None and not database.parent.is_dir():
        return RedshiftError(f"{database}: the folder {database.parent} does not exist", hint="Create it first.")
    if "read-only" in text.lower() or "permission denied" in text.lower():
        return ReadOnlyDatabase(
            f"{database} cannot be written", hint="Check the permissions of the file and of its folder."
        )
    if database is not None and database.is_dir():
        return RedshiftError(f"{database} is a folder, not a database file", hint="Name a file in it.")
    if "created with a newer version of DuckDB" in text:
        return RedshiftError(
            f"{database} was written by a newer DuckDB than the one installed here",
            hint="Install that version (pip install --upgrade duckdb), or name another file.",
        )
    if "Corrupt database file" in text or "Could not read enough bytes" in text:
        return RedshiftError(
            f"{database} is damaged: {first_line(text)}", hint="Put a copy of it in its place, or name another file."
        )
    if "not a valid DuckDB database" in text:
        return RedshiftError(
            f"{database} is not a database file", hint="Name another, or remove it if it is not needed."
        )
    return RedshiftError(f"{database} cannot be opened as a database: {first_line(text)}")
