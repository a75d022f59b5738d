"""Text files: the engine makes the lines, and they go to one file after the other, compressed or not."""

from __future__ import annotations

import bz2
import gzip
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from local_redshift.unload.lines import header, line
from local_redshift.unload.options import LARGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import duckdb

    from local_redshift.copy.options import Values
    from local_redshift.unload.rows import Rows

_LINES_A_BATCH = 2048


class BinaryFile(Protocol):
    """What is written to, whatever compresses it."""

    def write(self, data: bytes, /) -> int: ...

    def close(self) -> None: ...


@dataclass
class Written:
    """A file at ``path``, part ``part`` of its ``folder``; ``rows`` are the query's, without a header."""

    path: Path
    folder: str
    part: int
    rows: int = 0


def write_text(
    connection: duckdb.DuckDBPyConnection,
    data_format: str,
    options: Values,
    rows: Rows,
    staging: Path,
    stop_if_cancelled: Callable[[], None],
) -> list[Written]:
    """The files of a query's rows, in ``staging``; without folders there is one at least."""
    files = _Files(staging, options, _header(connection, data_format, options, rows))
    try:
        connection.execute(_lines(data_format, options, rows))
        while batch := connection.fetchmany(_LINES_A_BATCH):
            stop_if_cancelled()
            for folder, lines in groupby(batch, key=lambda row: str(row[0])):
                files.write(folder, [content for _, content in lines])
        if rows.folder is None and not files.written:
            files.write("", [])
    finally:
        files.close()
    return files.written


def _header(connection: duckdb.DuckDBPyConnection, data_format: str, options: Values, rows: Rows) -> bytes:
    if "HEADER" not in options:
        return b""
    sql = header(data_format, options, [name for name, _, _ in rows.columns])
    (found,) = connection.execute(f"SELECT {sql}").fetchone() or ("",)
    return f"{found}\n".encode()


def _lines(data_format: str, options: Values, rows: Rows) -> str:
    content = f"encode({line(data_format, options, rows.columns)} || chr(10))"
    if rows.folder is None:
        return f"SELECT '', {content} FROM {rows.source}"
    numbered = f"SELECT *, row_number() OVER () AS place FROM {rows.source}"
    return f"SELECT {rows.folder} AS folder, {content} FROM ({numbered}) ORDER BY folder, place"


class _Files:
    """Begins a file where a folder begins, and where the last one is as large as files may be before compression."""

    def __init__(self, staging: Path, options: Values, header: bytes) -> None:
        self.written: list[Written] = []
        self._staging = staging
        self._options = options
        self._header = header
        self._most = int(options.get("MAXFILESIZE", LARGEST))
        self._file: BinaryFile | None = None
        self._size = 0

    def write(self, folder: str, lines: Sequence[bytes]) -> None:
        if not self.written or self.written[-1].folder != folder:
            self._begin(folder, 0)
        content = b"".join(lines)
        if self._size + len(content) <= self._most:
            self._append(content, len(lines))
            return
        for one in lines:
            if self._size + len(one) > self._most and self.written[-1].rows:
                self._begin(folder, self.written[-1].part + 1)
            self._append(one, 1)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _append(self, content: bytes, rows: int) -> None:
        if self._file is not None:
            self._file.write(content)
        self._size += len(content)
        self.written[-1].rows += rows

    def _begin(self, folder: str, part: int) -> None:
        self.close()
        path = self._staging / str(len(self.written))
        self._file = _open(path, self._options)
        self.written.append(Written(path, folder, part))
        self._file.write(self._header)
        self._size = len(self._header)


def _open(path: Path, options: Values) -> BinaryFile:
    if "GZIP" in options:
        return gzip.open(path, "wb", compresslevel=6)
    if "BZIP2" in options:
        return bz2.open(path, "wb")
    if "ZSTD" in options:
        import zstandard

        found: BinaryFile = zstandard.open(path, "wb")
        return found
    return path.open("wb")
