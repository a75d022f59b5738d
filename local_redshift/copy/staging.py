"""Making a load's objects readable for the engine.

Thousands of small files cost the engine far more to open than to read: they are joined, a newline between, into
a few temporary ones. Large files are read where they are, unless an option asks for their bytes to be changed.
"""

from __future__ import annotations

import io
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from local_redshift import temporary
from local_redshift.copy.decoding import Decoder, WrongEncodingError
from local_redshift.copy.inspection import has_long_lines, is_lax
from local_redshift.copy.records import blocks
from local_redshift.errors import DiskFull

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from local_redshift.copy.ledger import Ledger
    from local_redshift.copy.literals import Literals
    from local_redshift.copy.objects import ObjectStore, S3Object
    from local_redshift.copy.options import Values

_SMALL = 1024 * 1024  # bytes: below, a file is joined with others
_JOINED = 16 * 1024 * 1024  # bytes of joined files in one temporary file
_BATCH = 1024 * 1024 * 1024  # bytes of temporary files at a time
_CANCEL_EVERY = 256  # files between two looks at whether the statement was cancelled
_INSPECTED = 1024 * 1024
_MARK = 3  # bytes of the longest byte order mark


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


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder for the files of one load. Raises DiskFull for whatever goes wrong with files while it is in use."""
    try:
        with temporary.temporary_folder("copy") as folder:
            yield folder
    except OSError as error:
        raise DiskFull(
            f"COPY could not use the temporary folder {tempfile.gettempdir()}: {error.strerror}",
            hint="Free some space there, or set TMPDIR to a folder that has it.",
        ) from error


class Stage:
    """Puts objects into ``folder``, decoded as the COPY's options ask; the ledger hears of what is not as it should."""

    def __init__(
        self,
        store: ObjectStore,
        options: Values,
        folder: Path,
        stop_if_cancelled: Callable[[], None],
        ledger: Ledger,
        literals: Literals | None = None,
    ) -> None:
        self._store = store
        self._literals = literals
        self._decoder = Decoder(options, ledger.replacements)
        self._folder = folder
        self._stop_if_cancelled = stop_if_cancelled
        self._ledger = ledger
        self._count = 0

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
        for item, raw in zip(objects, self._store.read(objects, _SMALL), strict=True):
            content = self._unpacked(item, raw)
            if content is None:
                large.append(item)
                continue
            if not len(group) % _CANCEL_EVERY:
                self._stop_if_cancelled()
            try:
                contents.append(self._decoded(item, content))
            except WrongEncodingError as error:
                self._ledger.reject_file(item, str(error))
                continue
            group.append(item)
            held += len(contents[-1])
            if held >= _JOINED:
                yield self._joined(group, contents)
                group, contents, held = [], [], 0
        if group:
            yield self._joined(group, contents)
        for item in large:
            self._stop_if_cancelled()
            try:
                yield self._large(item)
            except WrongEncodingError as error:
                self._ledger.reject_file(item, str(error))

    def _unpacked(self, item: S3Object, raw: bytes | None) -> bytes | None:
        """A small object's content; None for one that is large, be it after its decompression."""
        if raw is None or not self._decoder.unpacks:
            return raw
        held: list[bytes] = []
        size = 0
        for chunk in self._decoder.unpacked(item, io.BytesIO(raw)):
            held.append(chunk)
            size += len(chunk)
            if size > _JOINED:
                return None
        return b"".join(held)

    def _decoded(self, item: S3Object, content: bytes) -> bytes:
        if not self._decoder.changes(content[:_MARK]):
            return content
        return b"".join(self._decoder.decoded(item, iter([content])))

    def _joined(self, group: list[S3Object], contents: list[bytes]) -> Unit:
        self._stop_if_cancelled()
        path = self._new_path()
        joined = b"\n".join([*contents, b""])  # the last newline: of a file of one byte the engine reads nothing
        if self._literals and self._literals.occur(joined):
            contents = list(map(self._literals.quoted, contents))
            joined = b"\n".join([*contents, b""])
        path.write_bytes(joined)
        pieces = tuple(map(Piece, group, map(len, contents), map(_lines, contents)))
        return Unit(path, pieces, lax=is_lax(joined), long_lines=has_long_lines(joined))

    def _large(self, item: S3Object) -> Unit:
        path = self._new_path()
        self._store.fetch(item, path)
        with path.open("rb") as file:
            changes = self._decoder.unpacks or self._decoder.changes(file.read(_MARK))
        if changes:
            path = self._rewritten(item, path)
        with path.open("rb") as file:
            beginning = file.read(_INSPECTED)
        if self._literals and self._literals.occur(beginning):
            path = self._quoted(path, self._literals)
        with path.open("rb") as file:
            lax = is_lax(file.read(_INSPECTED))
            long_lines = has_long_lines(file)
        return Unit(path, (Piece(item, path.stat().st_size, None),), lax=lax, long_lines=long_lines)

    def _rewritten(self, item: S3Object, path: Path) -> Path:
        """A large file decoded, chunk by chunk."""
        target = self._new_path()
        with path.open("rb") as source, target.open("wb") as result:
            for chunk in self._decoder.decoded(item, self._decoder.unpacked(item, source)):
                self._stop_if_cancelled()
                result.write(chunk)
        path.unlink()
        return target

    def _quoted(self, path: Path, literals: Literals) -> Path:
        """A large file with the numbers quoted that feed strings, some megabytes at a time."""
        target = self._new_path()
        with path.open("rb") as source, target.open("wb") as result:
            for block in blocks(source):
                self._stop_if_cancelled()
                result.write(literals.quoted(block))
        path.unlink()
        return target

    def _new_path(self) -> Path:
        # Names of our own: the engine would take *, ? and [ of a key for patterns, and .gz for compression.
        self._count += 1
        return self._folder / f"{self._count}.json"


def _lines(content: bytes) -> int:
    return content.count(b"\n") + (not content.endswith(b"\n") and content != b"")
