"""Rows that are fetched piece by piece: DECLARE ... CURSOR, and portals with a row limit.

Such a result must survive other statements of its session, so its DataRows wait in a temporary file: memory stays
bounded. https://docs.aws.amazon.com/redshift/latest/dg/declare.html
"""

from __future__ import annotations

import errno
import struct
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING

from local_redshift.errors import ActiveTransaction, DiskFull, DuplicateCursor, InvalidCursorName
from local_redshift.sessions.results import ROWS_A_CHUNK, Result, Shape, encoding_query, fetch_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

    from local_redshift.dialect.statements import CloseCursor, DeclareCursor, FetchCursor
    from local_redshift.sessions.results import ResultColumn
    from local_redshift.sessions.session import Session

_IN_MEMORY_BYTES = 32 << 20
_READ_BYTES = 256 << 10
_LENGTH = struct.Struct("!i")


class StoredRows:
    """A query's rows, in order, each read once. Raises DiskFull where there is no room for them."""

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
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - it lives as long as this
        self._left = 0
        self._unread = b""
        try:
            connection.execute(encoding_query(query, shape, formats), list(values))
            self._store(fetch_rows(connection))
        except BaseException:
            self.close()
            raise

    def _store(self, batches: Iterator[list[bytes]]) -> None:
        try:
            for batch in batches:
                self._file.write(b"".join(batch))
                self._left += len(batch)
            self._file.seek(0)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}:
                detail = "The rows of a cursor wait in the folder for temporary files."
                raise DiskFull("Disk Full", detail=detail) from error
            raise

    @property
    def exhausted(self) -> bool:
        return self._left == 0

    def fetch(self, count: int | None) -> Iterator[list[bytes]]:
        """The next ``count`` rows (None: all that are left), in batches."""
        if self._file.closed:
            raise InvalidCursorName("the cursor was closed at the end of its transaction")
        wanted = self._left if count is None else min(self._left, count)
        while wanted:
            batch = self._read(min(wanted, ROWS_A_CHUNK))
            wanted -= len(batch)
            self._left -= len(batch)
            yield batch

    def suspending(self, count: int | None) -> Result:
        """The next rows as a portal's, which tells after them whether there are more."""

        def produce() -> Iterator[list[bytes]]:
            yield from self.fetch(count)
            result.suspended = not self.exhausted

        result = Result("SELECT", self.columns, produce)
        return result

    def _read(self, count: int) -> list[bytes]:
        """At most ``count`` of the rows that lie next in the file, at least one."""
        rows: list[bytes] = []
        data, at = self._unread, 0
        while len(rows) < count:
            end = _end_of_row(data, at)
            if end <= len(data):
                rows.append(data[at:end])
                at = end
            elif rows:
                break
            else:
                data, at = data[at:] + self._file.read(max(_READ_BYTES, end - len(data))), 0
        self._unread = data[at:]
        return rows

    def close(self) -> None:
        """Let go of the rows; closing twice is no error."""
        self._file.close()
        self._left = 0


class Cursors:
    """What one session's transaction holds open: the cursors that it declared, and portals that a limit stopped."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._declared: dict[str, StoredRows] = {}
        self._portals: list[StoredRows] = []

    def declare(self, statement: DeclareCursor) -> Result:
        if not self._session.transaction.in_block:
            raise ActiveTransaction("DECLARE CURSOR may only be used in transaction blocks")
        if statement.name in self._declared:
            raise DuplicateCursor(f'cursor "{statement.name}" already exists')
        connection, sql = self._session.connection, statement.query.sql
        self._declared[statement.name] = StoredRows(connection, sql, Shape.of(connection.sql(sql)))
        return Result("DECLARE CURSOR")

    def fetch(self, statement: FetchCursor) -> Result:
        rows = self._find(statement.name)
        return Result("FETCH", rows.columns, lambda: rows.fetch(statement.count))

    def close(self, statement: CloseCursor) -> Result:
        if statement.name is None:
            self.close_all()
        else:
            self._find(statement.name).close()
            del self._declared[statement.name]
        return Result("CLOSE CURSOR")

    def shape(self, name: str) -> Shape:
        """Raises InvalidCursorName where there is no such cursor."""
        return self._find(name).shape

    def store(self, sql: str, shape: Shape, formats: Sequence[int], values: Sequence[object]) -> StoredRows:
        """Run a portal's query, and keep its rows until the transaction ends."""
        rows = StoredRows(self._session.connection, sql, shape, formats, values)
        self._portals.append(rows)
        return rows

    def close_all(self) -> None:
        """What CLOSE ALL does, and the end of every transaction."""
        for rows in (*self._declared.values(), *self._portals):
            rows.close()
        self._declared.clear()
        self._portals.clear()

    def _find(self, name: str) -> StoredRows:
        if name not in self._declared:
            raise InvalidCursorName(f'cursor "{name}" does not exist')
        return self._declared[name]


def _end_of_row(data: bytes, at: int) -> int:
    """Where the DataRow at ``at`` ends; just beyond the data where its length is not all there."""
    if at + 5 > len(data):
        return len(data) + 1
    length: int = _LENGTH.unpack_from(data, at + 1)[0]
    return at + 1 + length
