"""What ``python -m local_redshift run`` says at the end: why loads failed, which tables there are, what next."""

from __future__ import annotations

import shlex
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
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
    with closing(
        psycopg2.connect(
            host=warehouse.host,
            port=warehouse.port,
            user=warehouse.user,
            password=warehouse.password,
            dbname=warehouse.database,
        )
    ) as connection:
        cursor = connection.cursor()
        cursor.execute(_ERRORS, (started, _SHOWN_ERRORS))
        errors = [_LoadError(*row) for row in cursor.fetchall()]
        cursor.execute(_TABLES)
        names = cursor.fetchall()
        counts = []
        for schema, table in names:
            cursor.execute(f'SELECT count(*) FROM "{schema}"."{table}"')
            counts += [rows for (rows,) in cursor.fetchall()]
    return [*_rejected(errors), *_tables(names, counts, database)]


def _rejected(errors: Sequence[_LoadError]) -> list[str]:
    return ["Rows that COPY rejected (stl_load_errors has them all):", *map(str, errors)] if errors else []


def _tables(names: Sequence[tuple[str, str]], counts: Sequence[int], database: Path) -> list[str]:
    if not names:
        return [f"{database} has no tables."]
    titles = [table if schema == "public" else f"{schema}.{table}" for schema, table in names]
    width = max(map(len, titles))
    rows = [f"  {title:<{width}} {count:>12,}" for title, count in zip(titles, counts, strict=True)]
    look = shlex.join(["python", "-m", "local_redshift", "--database", str(database)])
    return [f"Tables in {database}, with their rows:", *rows, f"To look around with psql or a notebook: {look}"]
