"""Making a load's objects readable for the engine.

Thousands of small files cost the engine far more to open than to read: they are joined, a newline between, into
a few temporary ones. Large files are read where they are, unless an option asks for their bytes to be changed.
"""

from __future__ import annotations

import bz2
import codecs
import gzip
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from local_redshift.copy.inspection import has_long_lines, is_lax
from local_redshift.errors import QueryCanceled, RedshiftError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from local_redshift.copy.objects import ObjectStore, S3Object
    from local_redshift.copy.options import Values

_SMALL = 1024 * 1024  # bytes: below, a file is joined with others
_JOINED = 16 * 1024 * 1024  # bytes of joined files in one temporary file
_BATCH = 1024 * 1024 * 1024  # bytes of temporary files at a time
_CHUNK = 4 * 1024 * 1024
_CANCEL_EVERY = 256  # files between two looks at whether the statement was cancelled
_INSPECTED = 1024 * 1024
_BOM = codecs.BOM_UTF8
_CHANGING = {"GZIP", "BZIP2", "IGNOREHEADER", "ACCEPTINVCHARS"}  # options that change a file's bytes


class Piece(NamedTuple):
    """One object's share of a staged file; ``lines`` is None where nobody counted yet."""

    item: S3Object
    size: int
    lines: int | None


@dataclass(frozen=True)
class Unit:
    """A staged file: one large object, or several small ones joined by newlines.

    ``lax`` tells of JSON that the engine would accept and Redshift would not, ``long_lines`` of lines too long
    for reading line by line.
    """

    path: Path
    pieces: tuple[Piece, ...]
    lax: bool = False
    long_lines: bool = False

    @property
    def joined(self) -> bool:
        return len(self.pieces) > 1


class Stage:
    """Puts objects into ``folder``, changed as the COPY's options ask."""

    def __init__(self, store: ObjectStore, options: Values, folder: Path, cancelled: Callable[[], bool]) -> None:
        self._store = store
        self._options = options
        self._folder = folder
        self._cancelled = cancelled
        self._count = 0
        self._replacement = _replacing(str(options["ACCEPTINVCHARS"])) if "ACCEPTINVCHARS" in options else ""

    def batches(self, objects: Sequence[S3Object]) -> Iterator[list[Unit]]:
        """All objects as staged files, about a gigabyte of temporary ones at a time."""
        batch: list[Unit] = []
        for unit in self._units(objects):
            batch.append(unit)
            if sum(each.path.stat().st_size for each in batch if not each.path.is_symlink()) >= _BATCH:
                yield batch
                for each in batch:
                    each.path.unlink()
                batch = []
        if batch:
            yield batch

    def _units(self, objects: Sequence[S3Object]) -> Iterator[Unit]:
        group: list[S3Object] = []
        contents: list[bytes] = []
        large: list[S3Object] = []
        held = 0
        for item, content in zip(objects, self._store.read(objects, _SMALL), strict=True):
            if content is None:
                large.append(item)
                continue
            if not len(group) % _CANCEL_EVERY:
                self._stop_if_cancelled()
            group.append(item)
            contents.append(content)
            held += len(content)
            if held >= _JOINED:
                yield self._joined(group, contents)
                group, contents, held = [], [], 0
        if group:
            yield self._joined(group, contents)
        for item in large:
            self._stop_if_cancelled()
            yield self._large(item)

    def _joined(self, group: list[S3Object], contents: list[bytes]) -> Unit:
        self._stop_if_cancelled()
        if self._options.keys() & _CHANGING or any(map(_is_marked, contents)):
            contents = [self._changed(item, content) for item, content in zip(group, contents, strict=True)]
        path = self._new_path()
        joined = b"\n".join([*contents, b""])  # the last newline: of a file of one byte the engine reads nothing
        path.write_bytes(joined)
        pieces = tuple(map(Piece, group, map(len, contents), map(_lines, contents)))
        return Unit(path, pieces, lax=is_lax(joined), long_lines=has_long_lines(joined))

    def _large(self, item: S3Object) -> Unit:
        path = self._new_path()
        self._store.fetch(item, path)
        with path.open("rb") as file:
            marked = _is_marked(file.read(len(_BOM)))
        if marked or self._options.keys() & _CHANGING:
            path = self._rewritten(item, path)
        with path.open("rb") as file:
            lax = is_lax(file.read(_INSPECTED))
            long_lines = has_long_lines(file)
        return Unit(path, (Piece(item, path.stat().st_size, None),), lax=lax, long_lines=long_lines)

    def _rewritten(self, item: S3Object, path: Path) -> Path:
        """A large file with the options applied, chunk by chunk."""
        target = self._new_path()
        decoder = codecs.getincrementaldecoder("utf-8")(self._replacement) if self._replacement else None
        with self._opened(path) as source, target.open("wb") as result:
            try:
                self._skip_header(source)
                while chunk := source.read(_CHUNK):
                    self._stop_if_cancelled()
                    result.write(decoder.decode(chunk).encode() if decoder else chunk)
                result.write(decoder.decode(b"", final=True).encode() if decoder else b"")
            except (OSError, EOFError, zlib.error) as error:
                raise self._corrupt(item, error) from error
        path.unlink()
        return target

    def _skip_header(self, source: BinaryIO) -> None:
        if source.read(len(_BOM)) != _BOM:
            source.seek(0)
        for _ in range(int(self._options.get("IGNOREHEADER", 0))):
            source.readline()

    def _opened(self, path: Path) -> BinaryIO:
        if "GZIP" in self._options:
            return gzip.open(path, "rb")  # type: ignore[return-value]  # reads as a binary file does
        if "BZIP2" in self._options:
            return bz2.open(path, "rb")  # type: ignore[return-value]
        return path.open("rb")

    def _changed(self, item: S3Object, content: bytes) -> bytes:
        """The bytes of a small file with the options applied."""
        try:
            if "GZIP" in self._options:
                content = gzip.decompress(content)
            elif "BZIP2" in self._options:
                content = bz2.decompress(content)
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise self._corrupt(item, error) from error
        content = content.removeprefix(_BOM)
        if "IGNOREHEADER" in self._options:
            content = b"".join(content.splitlines(keepends=True)[int(self._options["IGNOREHEADER"]) :])
        if self._replacement:
            content = content.decode("utf-8", self._replacement).encode()
        return content

    def _corrupt(self, item: S3Object, error: Exception) -> RedshiftError:
        wanted = "gzip" if "GZIP" in self._options else "bzip2"
        return RedshiftError(
            f"The object {item.url} is not a complete {wanted} file: {error}",
            hint=f"COPY with {wanted.upper()} expects every object under the prefix to be compressed so.",
        )

    def _new_path(self) -> Path:
        # Names of our own: the engine would take *, ? and [ of a key for patterns, and .gz for compression.
        self._count += 1
        return self._folder / f"{self._count}.json"

    def _stop_if_cancelled(self) -> None:
        if self._cancelled():
            raise QueryCanceled("canceling statement due to user request")


def _is_marked(content: bytes) -> bool:
    return content.startswith(_BOM)


def _lines(content: bytes) -> int:
    return content.count(b"\n") + (not content.endswith(b"\n") and content != b"")


def _replacing(character: str) -> str:
    """The name of a decoding error handler that writes ``character`` once for every byte that is no UTF-8."""

    def replace(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        return character * (error.end - error.start), error.end

    name = f"copy_acceptinvchars_{ord(character)}"
    codecs.register_error(name, replace)
    return name
