"""What ``python -m local_redshift run`` says at the end: why loads failed, which tables there are, what next."""

from __future__ import annotations

import shlex
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from local_redshift.embedded import Connection

_SHOWN_ERRORS = 5
_LONGEST = 120  # characters of a value
_ERRORS = """
SELECT trim(filename), line_number, trim(colname), trim(type), trim(raw_field_value), trim(err_reason)
FROM stl_load_errors WHERE starttime >= %s ORDER BY starttime, filename, line_number LIMIT %s
"""
_TABLES = 'SELECT "schema", "table" FROM svv_table_info ORDER BY 1, 2'


class _LoadError(NamedTuple):
    file: str
    line: int
    column: str
    type: str
    value: str
    reason: str

    def __str__(self) -> str:
        column = f", column {self.column} ({self.type})" if self.column else ""
        value = self.value if len(self.value) <= _LONGEST else self.value[:_LONGEST] + "..."
        return f"  {self.file}, line {self.line}{column}, value {value!r}: {self.reason}"


def report(warehouse: Connection, database: Path, started: datetime) -> list[str]:
    """Lines to print: rows that COPY rejected since ``started`` (UTC), the tables, and the command to look into them.

    Where psycopg2 is not installed there is nothing to look with, and nothing is said.
    """
    try:
        import psycopg2
    except ModuleNotFoundError:
        return []
    try:
        with closing(_connect(psycopg2, warehouse)) as connection:
            errors = _load_errors(connection, started)
            counts = _row_counts(connection)
    except psycopg2.Error as error:  # the exit code is the script's, whatever happens here
        return [f"No summary: {error}".rstrip()]
    return [*_rejected(errors), *_tables(counts, database)]


def _connect(psycopg2: Any, warehouse: Connection) -> Any:
    return psycopg2.connect(
        host=warehouse.host,
        port=warehouse.port,
        user=warehouse.user,
        password=warehouse.password,
        dbname=warehouse.database,
    )


def _load_errors(connection: Any, started: datetime) -> list[_LoadError]:
    cursor = connection.cursor()
    cursor.execute(_ERRORS, (started, _SHOWN_ERRORS))
    return [_LoadError(*row) for row in cursor.fetchall()]


def _row_counts(connection: Any) -> dict[str, int]:
    cursor = connection.cursor()
    cursor.execute(_TABLES)
    counts = {}
    for schema, table in cursor.fetchall():
        cursor.execute(f'SELECT count(*) FROM "{schema}"."{table}"')
        ((counts[table if schema == "public" else f"{schema}.{table}"],),) = cursor.fetchall()
    return counts


def _rejected(errors: Sequence[_LoadError]) -> list[str]:
    return ["Rows that COPY rejected (stl_load_errors has them all):", *map(str, errors)] if errors else []


def _tables(counts: Mapping[str, int], database: Path) -> list[str]:
    if not counts:
        return [f"{database} has no tables."]
    width = max(map(len, counts))
    rows = [f"  {table:<{width}} {count:>12,}" for table, count in counts.items()]
    look = shlex.join([sys.executable, "-m", "local_redshift", "--database", str(database)])
    return [f"Tables in {database}, with their rows:", *rows, f"To look around with psql or a notebook: {look}"]
