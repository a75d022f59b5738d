"""Rows that are fetched piece by piece: DECLARE ... CURSOR, and portals with a row limit.

Such a result must survive other statements of its session, so its DataRows wait in a temporary file: memory stays
bounded. https://docs.aws.amazon.com/redshift/latest/dg/declare.html
"""

from __future__ import annotations

import errno
import struct
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING

from local_redshift.errors import DiskFull, InvalidCursorName
from local_redshift.results import ROWS_A_CHUNK, encoding_query, fetch_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

    from local_redshift.results import ResultColumn, Shape

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


def _end_of_row(data: bytes, at: int) -> int:
    """Where the DataRow at ``at`` ends; just beyond the data where its length is not all there."""
    if at + 5 > len(data):
        return len(data) + 1
    length: int = _LENGTH.unpack_from(data, at + 1)[0]
    return at + 1 + length
