"""The load journal: what stl_load_errors and its like show. Every row is committed at once, whatever the load does."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

# Widths of the CHAR columns, https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_ERRORS.html
_FILENAME, _COLNAME, _RAW, _REASON = 256, 127, 1024, 512

_INSERT_FILES = f"""
INSERT INTO dev.redshift_journal.load_files
SELECT $1, $2, $3, left(unnest(from_json($4, '["VARCHAR"]')), {_FILENAME}),
    unnest(from_json($5, '["BIGINT"]')), unnest(from_json($6, '["BIGINT"]')), unnest(from_json($7, '["BIGINT"]')),
    $8, $9
"""

_TABLES = ("loads", "load_errors", "load_files", "replacements")


def forget(query_id: int) -> str:
    """What takes a load's own entries out of its transaction again, before others could see them twice."""
    return ";".join(f"DELETE FROM dev.redshift_journal.{table} WHERE query = {query_id}" for table in _TABLES)


@dataclass(frozen=True)
class LoadRecord:
    """The load that an entry belongs to; ``started`` is UTC without a zone."""

    query_id: int
    session_id: int
    transaction_id: int
    user: str
    table: str
    table_oid: int
    data_source: str
    file_format: str
    started: datetime


@dataclass(frozen=True)
class LoadError:
    """One rejected row: where it is, which field is bad and why. ``position`` counts from 0."""

    file: str
    line: int
    column: str
    type: str
    length: str
    position: int
    raw_line: str
    raw_value: str
    code: int
    reason: str


class LoadedFile(NamedTuple):
    file: str
    bytes_: int
    lines: int
    errors: int


class LoadJournal:
    """Writes through a connection of its own, so that a rollback of the load leaves the entries."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor
        self._guard = threading.Lock()

    def record_load(
        self,
        load: LoadRecord,
        *,
        status: Literal["completed", "aborted"],
        rows: int,
        errors: int,
        bytes_: int,
        files: int,
        error_message: str = "",
    ) -> None:
        """One row of sys_load_history."""
        key = (load.query_id, load.session_id, load.transaction_id, load.user, load.table, load.table_oid)
        source = (load.data_source, load.file_format, load.started, _now())
        self._insert("loads", [(*key, *source, status, rows, bytes_, files, errors, error_message.strip())])

    def record_errors(self, load: LoadRecord, errors: Sequence[LoadError]) -> None:
        """Rows of stl_load_errors and sys_load_error_detail."""
        key = (load.query_id, load.session_id, load.transaction_id, load.table_oid, load.started)
        self._insert("load_errors", [(*key, *_error_fields(error)) for error in errors])

    def record_replacements(self, load: LoadRecord, rows: Sequence[tuple[str, int, str, str]]) -> None:
        """Rows of stl_replacements and sys_copy_replacements: file, line, column, raw line."""
        key = (load.query_id, load.session_id, load.table_oid, load.started)
        cut = [(file[:_FILENAME], line, column[:_COLNAME], raw[:_RAW]) for file, line, column, raw in rows]
        self._insert("replacements", [(*key, *row) for row in cut])

    def record_files(self, load: LoadRecord, files: Sequence[LoadedFile]) -> None:
        """Rows of stl_load_commits and sys_load_detail."""
        if not files:
            return
        # As JSON texts: 15,000 files bound as lists take ten times as long as reading them does.
        names, sizes, lines, errors = (json.dumps(values) for values in zip(*files, strict=True))
        key = (load.query_id, load.session_id, load.transaction_id)
        with self._guard:
            self._cursor.execute(_INSERT_FILES, [*key, names, sizes, lines, errors, load.started, _now()])

    def _insert(self, table: str, rows: Sequence[tuple[object, ...]]) -> None:
        if not rows:
            return
        # Columns travel as lists: one statement whatever the number of rows, 15,000 files of a load included.
        columns = [list(values) for values in zip(*rows, strict=True)]
        unnested = ", ".join(f"unnest(${index + 1})" for index in range(len(columns)))
        with self._guard:
            self._cursor.execute(f"INSERT INTO dev.redshift_journal.{table} SELECT {unnested}", columns)


def _error_fields(error: LoadError) -> tuple[object, ...]:
    place = (error.file[:_FILENAME], error.line, error.column[:_COLNAME], error.type, error.length, error.position)
    return (*place, error.raw_line[:_RAW], error.raw_value[:_RAW], error.code, error.reason[:_REASON])


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
