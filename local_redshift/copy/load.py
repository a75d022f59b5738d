"""Loading staged files into the table: all at once, and with more care where that did not go well.

1. One INSERT reads everything line by line. It cannot fail on data: bad rows are counted. None: done.
2. Else its rows are removed again, and each file is tried by itself, by line, then as values that touch each other
   or span lines.
3. A file that still has bad rows is cut into records, which pass through the same conversions: the good ones are
   loaded, the bad ones explained.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from local_redshift.copy.extraction import documents, keys_of
from local_redshift.copy.records import Record, Scanner, blocks
from local_redshift.copy.staging import Stage, Unit, temporary_folder
from local_redshift.copy.target import Target
from local_redshift.errors import RedshiftError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import duckdb

    from local_redshift.copy.command import CopyContext
    from local_redshift.copy.ledger import Ledger
    from local_redshift.copy.objects import ObjectStore, S3Object
    from local_redshift.copy.reader import Reader
    from local_redshift.copy.selects import Source
    from local_redshift.copy.statement import CopyStatement
    from local_redshift.schema import Table

_VALID_RECORDS = "SELECT CAST(raw AS JSON) AS json FROM (SELECT unnest($raw) AS raw) WHERE json_valid(raw)"
_AT_ONCE = 4 * 1024 * 1024  # characters of records that go through the conversions together
_RECORDS_AT_ONCE = 20_000


class Findings(NamedTuple):
    """How many rows a source has, how many of them are none at all, and how many hold a bad value."""

    rows: int
    broken: int
    bad: int

    @property
    def clean(self) -> bool:
        return not self.broken and not self.bad

    @property
    def mostly_broken(self) -> bool:
        """Whether the file is not one of lines; a few broken lines are mistakes in one that is."""
        return self.broken * 2 > self.rows


class Load:
    """One COPY's load: ``rows`` counts what was loaded."""

    def __init__(
        self, context: CopyContext, statement: CopyStatement, table: Table, reader: Reader, ledger: Ledger
    ) -> None:
        self.rows = 0
        self._ledger = ledger
        self._context = context
        self._connection = context.connection
        self._statement = statement
        self._reader = reader
        self._nothing_loaded = "NOLOAD" in statement.options
        self._target = Target(context.connection, table)

    def run(self, store: ObjectStore, objects: Sequence[S3Object]) -> None:
        """Load the objects. Raises TooManyErrors at MAXERROR; the ledger then holds the rejected rows."""
        options, stop = self._statement.options, self._context.stop_if_cancelled
        with temporary_folder() as folder:
            literals = self._reader.literals
            self._load_from(Stage(store, options, folder, stop, self._ledger, literals), objects)

    def _load_from(self, stage: Stage, objects: Sequence[S3Object]) -> None:
        for batch in stage.batches(objects):
            before = self.rows
            self._load_batch(batch)
            self._ledger.note_files(batch, self.rows - before)

    # the three ways

    def _load_batch(self, units: list[Unit]) -> None:
        fit = [unit for unit in units if not (unit.lax or unit.long_lines)]
        rest = [unit for unit in units if unit not in fit]
        if fit and not self._load_at_once([unit.path for unit in fit]):
            rest = units
        for unit in rest:
            self._load_unit(unit, again=len(fit) == 1)

    def _load_at_once(self, paths: list[Path]) -> bool:
        keys = self._keys(paths, by_line=True)
        source = self._reader.lines(paths, keys) or self._reader.documents(paths, by_line=True, keys=keys)
        if self._nothing_loaded:
            return self._probe(source).clean
        rows, flagged = self._insert(source, hasty=True)
        if flagged:
            self._target.remove_last(rows)
            return False
        self.rows += rows
        return True

    def _load_unit(self, unit: Unit, *, again: bool) -> None:
        """Load one file in the way that suits it; ``again`` tells that by line it has just failed."""
        found = Findings(1, 1, 0) if unit.lax or unit.long_lines else self._try_lines(unit.path, again=again)
        if found.clean:
            return
        across = not unit.lax and not unit.joined and found.mostly_broken
        if across and self._loads_across_lines(unit.path):
            return
        before = len(self._ledger.errors)
        self._explain(unit)
        if found.bad and len(self._ledger.errors) == before:
            raise RedshiftError(
                f"Internal error: {unit.pieces[0].item.url} was refused by the loader, but every record in it is fine",
                hint="Please report this with the file.",
            )

    def _try_lines(self, path: Path, *, again: bool = False, thoroughly: bool = False) -> Findings:
        """Load a file of one value a line if it is that throughout.

        A row of NULLs may be no JSON, or an object with none of the keys: reading whole values tells, and takes
        longer. Of a long file only the stretches that hold such rows are read so ``thoroughly``.
        """
        keys = self._keys([path], by_line=True)
        source = self._reader.lines([path], keys)
        if source:
            found = self._probe(source) if again else Findings(0, 0, 0)
            if found.clean:
                found = self._try(source)
            if not found.broken or not (thoroughly or found.mostly_broken):
                return found
        return self._try(self._reader.documents([path], by_line=True, keys=keys))

    def _loads_across_lines(self, path: Path) -> bool:
        import duckdb

        # On a cursor of its own: what is no JSON raises here, which would end the session's transaction.
        with self._connection.cursor() as cursor:
            try:
                keys = self._keys([path], by_line=False, connection=cursor)
                source = self._reader.documents([path], by_line=False, keys=keys)
                found = self._probe(source, cursor)
            except (duckdb.InvalidInputException, duckdb.ConversionException):
                return False
        return found.clean and self._try(source).clean

    def _try(self, source: Source) -> Findings:
        """Load a source if all its rows are good."""
        if self._nothing_loaded:
            return self._probe(source)
        rows, flagged = self._insert(source, hasty=False)
        if not flagged:
            self.rows += rows
            return Findings(rows, 0, 0)
        self._target.remove_last(rows)
        found = self._probe(source)
        if found.broken + found.bad != flagged:
            raise RedshiftError(f"Internal error: {flagged} rows could not be loaded, but {found}")
        return found

    def _explain(self, unit: Unit) -> None:
        held: list[Record] = []
        size = 0
        for record in self._records(unit):
            held.append(record)
            size += len(record.raw)
            if size >= _AT_ONCE or len(held) >= _RECORDS_AT_ONCE:
                self._load_records(held)
                held, size = [], 0
        self._load_records(held)

    # records

    def _records(self, unit: Unit) -> Iterator[Record]:
        if not unit.joined:
            yield from self._records_of_file(unit)
            return
        with unit.path.open("rb") as file:
            for piece in unit.pieces:
                yield from self._scanner(piece.item).feed(file.read(piece.size), last=True)
                file.seek(1, 1)

    def _records_of_file(self, unit: Unit) -> Iterator[Record]:
        scanner = self._scanner(unit.pieces[0].item)
        with unit.path.open("rb") as file:
            for block in blocks(file):
                self._context.stop_if_cancelled()
                by_line = scanner.idle and not unit.lax and not unit.long_lines
                if by_line and self._loads_block(unit.path.with_suffix(".block"), block):
                    scanner.skip(block)
                else:
                    yield from scanner.feed(block)
        yield from scanner.feed(b"", last=True)

    def _scanner(self, item: S3Object) -> Scanner:
        return Scanner(item.url, 1 + int(self._statement.options.get("IGNOREHEADER", 0)))

    def _loads_block(self, path: Path, block: bytes) -> bool:
        """A stretch of good lines in a long file need not be cut into records."""
        path.write_bytes(block)
        loaded = self._try_lines(path, thoroughly=True).clean
        path.unlink()
        return loaded

    def _load_records(self, records: list[Record]) -> None:
        """Load the good ones of some records; stop at MAXERROR."""
        if not records:
            return
        sound = [record for record in records if not record.reason]
        raw = [record.raw for record in sound]
        keys = self._query_keys(_VALID_RECORDS, raw)
        source = self._reader.records(keys)
        found = self._connection.execute(self._reader.problems(source), {"raw": raw}).fetchall() if raw else []
        bad = [number for number, *_ in found]
        rejected = {id(sound[number - 1]): problem for number, *problem in found}
        for record in records:
            if record.reason or id(record) in rejected:
                self._ledger.reject(record, rejected.get(id(record)))
        if raw and not self._nothing_loaded:
            insert = self._reader.insert_good(source, self._target.name)
            self.rows += self._target.count(insert, {"raw": raw, "bad": bad})

    # the engine

    def _keys(
        self, paths: list[Path], *, by_line: bool, connection: duckdb.DuckDBPyConnection | None = None
    ) -> frozenset[str]:
        return self._query_keys(f"SELECT json FROM {documents(paths, by_line=by_line)}", None, connection)

    def _query_keys(
        self, values: str, raw: list[str] | None, connection: duckdb.DuckDBPyConnection | None = None
    ) -> frozenset[str]:
        if not self._reader.needs_keys:
            return frozenset()
        run = connection or self._connection
        rows = run.execute(keys_of(values), {"raw": raw} if raw is not None else {}).fetchall()
        return frozenset(key for (key,) in rows)

    def _probe(self, source: Source, connection: duckdb.DuckDBPyConnection | None = None) -> Findings:
        return Findings(*((connection or self._connection).execute(self._reader.probe(source)).fetchone() or (0, 0, 0)))

    def _insert(self, source: Source, *, hasty: bool) -> tuple[int, int]:
        return self._target.insert(self._reader.insert(source, self._target.name, hasty=hasty))
