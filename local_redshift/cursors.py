"""Rows that are fetched piece by piece: DECLARE ... CURSOR, and portals with a row limit.

Such a result must survive other statements of its session, so its DataRows wait in a temporary table, which spills
to disk: memory stays bounded. https://docs.aws.amazon.com/redshift/latest/dg/declare.html
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from local_redshift.results import ROWS_A_CHUNK, encoding_query

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

    from local_redshift.results import ResultColumn, Shape

_numbers = itertools.count(1)


class StoredRows:
    """A query's rows, in order, each read once."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        query: str,
        shape: Shape,
        formats: Sequence[int] = (),
        values: Sequence[object] = (),
    ) -> None:
        self.shape = shape
        self.columns: tuple[ResultColumn, ...] = shape.columns(formats)
        self._connection = connection
        self._table = f"temp.main.cursor_rows_{next(_numbers)}"
        self._next = 1
        encoded = encoding_query(query, shape, formats)
        connection.execute(
            f"CREATE TEMP TABLE {self._table} AS SELECT row_number() OVER () AS n, b FROM ({encoded}) AS e(b)",
            list(values),
        )
        counted = connection.execute(f"SELECT count(*) FROM {self._table}").fetchone()
        self._last: int = counted[0] if counted else 0

    @property
    def exhausted(self) -> bool:
        return self._next > self._last

    def fetch(self, count: int | None) -> Iterator[list[bytes]]:
        """The next ``count`` rows (None: all that are left), in batches."""
        end = self._last if count is None else min(self._last, self._next + count - 1)
        while self._next <= end:
            first, self._next = self._next, min(end, self._next + ROWS_A_CHUNK - 1) + 1
            rows = self._connection.execute(
                f"SELECT b FROM {self._table} WHERE n BETWEEN {first} AND {self._next - 1} ORDER BY n"
            ).fetchall()
            yield [row[0] for row in rows]

    def close(self) -> None:
        self._connection.execute(f"DROP TABLE IF EXISTS {self._table}")
