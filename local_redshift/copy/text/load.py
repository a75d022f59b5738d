"""Loading staged files of text: all at once, and with more care where that did not go well.

1. Files that the engine reads as Redshift does are loaded by one INSERT, which cannot fail on data: bad rows are
   counted. None: done.
2. Else its rows are removed again, and the files are tried block by block.
3. A block with bad rows, or one that the engine would misread, is split here. The records pass through the same
   conversions: the good ones are loaded, the bad ones explained.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_redshift.copy.records import Record
from local_redshift.copy.staging import Stage, temporary_folder
from local_redshift.copy.target import Target
from local_redshift.copy.text.reader import REJECT_SCANS, REJECTS, TextReader
from local_redshift.copy.text.regular import Regularity, Shape
from local_redshift.copy.text.splitter import Splitter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from local_redshift.copy.command import CopyContext
    from local_redshift.copy.ledger import Ledger
    from local_redshift.copy.objects import ObjectStore, S3Object
    from local_redshift.copy.selects import Source
    from local_redshift.copy.staging import Unit
    from local_redshift.copy.statement import CopyStatement
    from local_redshift.copy.text.format import TextFormat
    from local_redshift.copy.text.splitter import TextRecord
    from local_redshift.schema import Column, Table

_AT_ONCE = 4 * 1024 * 1024  # characters of records that are explained together
_RECORDS_AT_ONCE = 20_000


class TextLoad:
    """One COPY's load: ``rows`` counts what was loaded."""

    def __init__(
        self,
        context: CopyContext,
        statement: CopyStatement,
        table: Table,
        columns: tuple[Column, ...],
        text_format: TextFormat,
        reader: TextReader,
        ledger: Ledger,
    ) -> None:
        self.rows = 0
        self._context = context
        self._connection = context.connection
        self._statement = statement
        self._columns = columns
        self._format = text_format
        self._reader = reader
        self._regularity = Regularity(text_format, len(columns))
        self._ledger = ledger
        self._nothing_loaded = "NOLOAD" in statement.options
        self._target = Target(context.connection, table)

    def run(self, store: ObjectStore, objects: Sequence[S3Object]) -> None:
        """Load the objects. Raises TooManyErrors at MAXERROR; the ledger then holds the rejected rows."""
        options, stop = self._statement.options, self._context.stop_if_cancelled
        with temporary_folder() as folder:
            for batch in Stage(store, options, folder, stop, self._ledger).batches(objects):
                before = self.rows
                self._load_batch(batch)
                self._ledger.note_files(batch, self.rows - before)

    # the three ways

    def _load_batch(self, units: list[Unit]) -> None:
        shapes: dict[Shape | None, list[Unit]] = {}
        for unit in units:
            shapes.setdefault(self._shape(unit), []).append(unit)
        for shape, alike in shapes.items():
            if shape is not None and self._loads_units(alike, shape, hasty=True):
                continue
            for unit in alike:
                if _is_large(unit):
                    self._load_blocks(unit)
                elif shape is None or not self._loads_units([unit], shape, hasty=False):
                    self._load_records(unit.path.with_suffix(".block"), self._split(unit), self._split(unit))

    def _loads_units(self, units: list[Unit], shape: Shape, *, hasty: bool) -> bool:
        paths = [self._file(unit, shape) for unit in units]
        loaded = self._loads(paths, shape, hasty=hasty)
        for path in {*paths} - {unit.path for unit in units}:
            path.unlink()
        return loaded

    def _shape(self, unit: Unit) -> Shape | None:
        """The shape of all of a unit's pieces; None where one is irregular, or some differ in more than spanning."""
        found = {self._regularity.shape(text) for _, texts in self._pieces(unit) for text in texts if text}
        shapes = [shape for shape in found if shape is not None]
        spanning = any(shape.spanning for shape in shapes)
        alike = {shape._replace(spanning=spanning) for shape in shapes} or {Shape()}
        return alike.pop() if len(alike) == 1 and None not in found else None

    def _file(self, unit: Unit, shape: Shape) -> Path:
        """The file to load a unit from: behind small objects a newline was put, which does not go with CRLF."""
        if _is_large(unit) or not shape.crlf:
            return unit.path
        path = unit.path.with_suffix(".crlf")
        with path.open("wb") as file:
            for _, texts in self._pieces(unit):
                for text in texts:
                    file.write(text if text.endswith(b"\n") or not text else text + b"\r\n")
        return path

    def _load_blocks(self, unit: Unit) -> None:
        """Load a large file: its good stretches at once, the others record by record."""
        path = unit.path.with_suffix(".block")
        for item, texts in self._pieces(unit):
            splitter = self._splitter()
            for text in texts:
                self._context.stop_if_cancelled()
                if splitter.idle and self._loads_block(path, text):
                    splitter.skip(text)
                else:
                    again = splitter.clone()
                    self._load_records(path, _tagged(item, splitter.feed(text)), _tagged(item, again.feed(text)))
            again = splitter.clone()
            rest, rest_again = splitter.feed(b"", last=True), again.feed(b"", last=True)
            self._load_records(path, _tagged(item, rest), _tagged(item, rest_again))
        path.unlink(missing_ok=True)

    def _split(self, unit: Unit) -> Iterator[tuple[S3Object, TextRecord]]:
        """The records of small files."""
        for item, texts in self._pieces(unit):
            for text in texts:
                yield from _tagged(item, self._splitter().feed(text, last=True))

    def _pieces(self, unit: Unit) -> Iterator[tuple[S3Object, Iterable[bytes]]]:
        """The objects of a unit, each with its content, block by block."""
        with unit.path.open("rb") as file:
            if _is_large(unit):
                yield unit.pieces[0].item, self._regularity.blocks(file)
                return
            for piece in unit.pieces:
                yield piece.item, [file.read(piece.size)]
                file.seek(1, 1)

    def _loads_block(self, path: Path, text: bytes) -> bool:
        """Load a stretch of good rows; False, with nothing loaded, if it has others."""
        shape = self._regularity.shape(text)
        if shape is None:
            return False
        path.write_bytes(text if text.endswith(b"\n") else text + (b"\r\n" if shape.crlf else b"\n"))
        return self._loads([path], shape, hasty=False)

    def _loads(self, files: list[Path], shape: Shape, *, hasty: bool) -> bool:
        rows, bad = self._load(self._reader.files(files, shape), hasty=hasty)
        return self._kept(rows, sound=not self._rejected() and not bad)

    def _load(self, source: Source, *, hasty: bool = False) -> tuple[int, int]:
        """How many rows a source has, loaded now, and how many of them are bad."""
        if not self._nothing_loaded:
            return self._target.insert(self._reader.insert(source, self._target.name, hasty=hasty))
        rows, broken, bad = self._connection.execute(self._reader.probe(source)).fetchone() or (0, 0, 0)
        return rows, broken + bad

    def _kept(self, rows: int, *, sound: bool) -> bool:
        """Count the rows of the last load, or take them back: whether they are sound."""
        if not self._nothing_loaded:
            if sound:
                self.rows += rows
            else:
                self._target.remove_last(rows)
        return sound

    def _rejected(self) -> bool:
        """Whether the last scan came upon rows that the engine's reader could not split."""
        found = self._target.count(f"SELECT count(*) FROM {REJECTS}")
        for table in (REJECTS, REJECT_SCANS):
            self._connection.execute(f"DROP TABLE {table}")
        return found > 0

    # records

    def _splitter(self) -> Splitter:
        fillers = ["" if column.type.name == "character varying" else None for column in self._columns]
        return Splitter(self._format, fillers, 1 + int(self._statement.options.get("IGNOREHEADER", 0)))

    def _load_records(
        self,
        path: Path,
        records: Iterator[tuple[S3Object, TextRecord]],
        again: Iterator[tuple[S3Object, TextRecord]],
    ) -> None:
        """Load records all at once if they are good, else in small numbers; ``again`` gives the same once more."""
        if self._reader.write_records(path, (record for _, record in records)):
            rows, bad = self._load(self._reader.records(path))
            if self._kept(rows, sound=not bad):
                return
        for held in _batches(again):
            self._load_held(path, held)

    def _load_held(self, path: Path, tagged: list[tuple[S3Object, TextRecord]]) -> None:
        """Load the good ones of some records; stop at MAXERROR."""
        self._context.stop_if_cancelled()
        self._reader.write_records(path, (record for _, record in tagged))
        source = self._reader.records(path)
        found = self._connection.execute(self._reader.problems(source)).fetchall()
        problems = {number: problem for number, *problem in found}
        bad = [number for number, (_, record) in enumerate(tagged, start=1) if record.fault or number in problems]
        for number in bad:
            item, record = tagged[number - 1]
            self._ledger.reject(Record(item.url, record.line, record.raw), self._problem(record, problems.get(number)))
        if not self._nothing_loaded:
            self.rows += self._target.count(self._reader.insert_good(source, self._target.name), {"bad": bad})

    def _problem(self, record: TextRecord, found: list[object] | None) -> Sequence[object] | None:
        """The first thing that is wrong with a record: a value, or what ended it."""
        if found is None:
            return record.fault
        index, code, reason, _, value = found
        start = record.starts[int(str(index))] - bool(self._format.widths)
        return index, code, reason, start, value


def _batches(tagged: Iterator[tuple[S3Object, TextRecord]]) -> Iterator[list[tuple[S3Object, TextRecord]]]:
    """Some records at a time, as many as go through the conversions together."""
    held, size = [], 0
    for item, record in tagged:
        held.append((item, record))
        size += len(record.raw)
        if size >= _AT_ONCE or len(held) >= _RECORDS_AT_ONCE:
            yield held
            held, size = [], 0
    if held:
        yield held


def _tagged(item: S3Object, records: Iterator[TextRecord]) -> Iterator[tuple[S3Object, TextRecord]]:
    return ((item, record) for record in records)


def _is_large(unit: Unit) -> bool:
    """Whether a unit is one large object as it came; behind small ones a newline was put."""
    return unit.pieces[0].lines is None


def column_of(columns: tuple[Column, ...], text_format: TextFormat) -> Callable[[str], str]:
    """A function from a raw line to the first column with bytes that are no UTF-8; an empty string if none has."""

    def first_column(raw: str) -> str:
        splitter = Splitter(text_format, [""] * len(columns))
        record = next(splitter.feed(raw.encode("utf-8", "surrogateescape"), last=True), None)
        fault = record.fault if record else None
        return columns[fault.column].name if fault and fault.code == 1220 else ""

    return first_column
