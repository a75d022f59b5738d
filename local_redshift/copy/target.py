"""The table that a COPY fills, inside the session's transaction."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from local_redshift.copy.columns import target
from local_redshift.copy.selects import COUNTER
from local_redshift.errors import RedshiftError
from local_redshift.schema import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from local_redshift.schema import Column, Table


class Target:
    """Runs the statements that fill a table; ``name`` is the engine's for it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, table: Table) -> None:
        self.name = target(table)
        self._connection = connection

    def insert(self, statement: str) -> tuple[int, int]:
        """Rows loaded by an INSERT that counts bad ones, and how many of them were flagged as bad."""
        self._connection.execute(f"CREATE OR REPLACE TEMP SEQUENCE {COUNTER}")
        rows = self.count(statement)
        flagged = self.count(
            f"SELECT coalesce(max(last_value), 0) FROM duckdb_sequences() "
            f"WHERE database_name = 'temp' AND sequence_name = '{COUNTER}'"
        )
        self._connection.execute(f"DROP SEQUENCE temp.{COUNTER}")
        return rows, flagged

    def remove_last(self, rows: int) -> None:
        """Take back the rows of the last INSERT: they are the transaction's last, and rowids follow one another."""
        last = f"(SELECT max(rowid) FROM {self.name}) - {rows}"
        removed = self.count(f"DELETE FROM {self.name} WHERE rowid > {last}")
        if removed != rows:
            raise RedshiftError(f"Internal error: {removed} instead of {rows} rows were taken back")

    def count(self, statement: str, parameters: dict[str, object] | None = None) -> int:
        """The number that a statement gives, as INSERT and DELETE do."""
        row = self._connection.execute(statement, parameters or {}).fetchone()
        return int(row[0]) if row else 0


@contextmanager
def one_random_value(
    connection: duckdb.DuckDBPyConnection, table: Table, columns: tuple[Column, ...]
) -> Iterator[None]:
    """While rows are loaded into ``columns``: a DEFAULT with RANDOM() has one value for all of them.

    https://docs.aws.amazon.com/redshift/latest/dg/c_loading_default_values.html
    """
    filled = {column.name for column in columns}
    defaults = {each.name: each.default for each in table.columns if each.name not in filled and each.default}
    random = {name: default for name, default in defaults.items() if "random(" in default.lower()}
    if not random:
        yield
        return
    (last,) = connection.execute(f"SELECT coalesce(max(rowid), -1) FROM {target(table)}").fetchone() or (-1,)
    yield
    values = connection.execute(f"SELECT {', '.join(random.values())}").fetchone() or ()
    changes = ", ".join(f"{quote(name)} = ?" for name in random)
    connection.execute(f"UPDATE {target(table)} SET {changes} WHERE rowid > ?", [*values, last])
