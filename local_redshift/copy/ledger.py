"""What a load leaves in the journal: rejected rows, files read, and how it ended."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from local_redshift.copy.problems import load_error, shown
from local_redshift.copy.records import Record
from local_redshift.copy.replacements import Replacements
from local_redshift.errors import RedshiftError
from local_redshift.system_tables.journal import LoadedFile, LoadJournal, LoadRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from local_redshift.copy.command import CopyContext
    from local_redshift.copy.objects import S3Object
    from local_redshift.copy.staging import Unit
    from local_redshift.copy.statement import CopyStatement
    from local_redshift.schema import Column, Table
    from local_redshift.system_tables.journal import LoadError

LOAD_FAILED = "CheckMaxRowError"  # the routine that Redshift names when a load had too many bad rows


# Format -> what sys_load_history calls it.
_FILE_FORMATS = {"JSON": "json", "CSV": "csv", "PARQUET": "parquet"}


class TooManyErrors(Exception):
    """MAXERROR is reached: the rest of the data is not looked at."""


class Ledger:
    """Collects while the load runs, and writes when it ends.

    ``sources`` counts the objects to load; ``column_of`` finds the column of a raw line in which bytes were replaced.
    """

    def __init__(
        self,
        context: CopyContext,
        statement: CopyStatement,
        table: Table,
        columns: tuple[Column, ...],
        sources: int,
        column_of: Callable[[str], str],
    ) -> None:
        self.errors: list[LoadError] = []
        self.replacements = Replacements()
        self._sources = sources
        self._column_of = column_of
        self._journal = context.journal
        self._own_journal = LoadJournal(context.connection)
        self._columns = columns
        self._files: list[tuple[str, int, int]] = []
        self._table = table.name.name
        self._most_errors = _most_errors(statement)
        self._load = LoadRecord(
            query_id=context.query_id,
            session_id=context.session_id,
            transaction_id=context.transaction_id,
            user=context.user,
            table=table.name.name,
            table_oid=table.oid,
            data_source=statement.source,
            file_format=_FILE_FORMATS.get(statement.format, "txt"),
            started=context.now,
        )

    def reject(self, record: Record, problem: Sequence[object] | None) -> None:
        """Note a bad record. Raises TooManyErrors when it is one too many."""
        self.errors.append(load_error(record, problem, self._columns))
        if len(self.errors) >= self._most_errors:
            raise TooManyErrors

    def reject_file(self, item: S3Object, reason: str) -> None:
        """Note a file in another encoding, which is left out. Raises TooManyErrors when it is one error too many."""
        self.reject(Record(item.url, 1, "", reason, 1221), None)

    def note_files(self, units: Sequence[Unit], rows: int) -> None:
        """Note files that were read. Large ones are not read for their lines alone: several at once have -1."""
        uncounted = rows if len(units) == 1 else -1
        for unit in units:
            self._files += [
                (item.url, size, uncounted if lines is None else lines) for item, size, lines in unit.pieces
            ]

    def succeed(self, rows: int) -> None:
        """Write down what was loaded: for all at once, and in the transaction, whose snapshot is older than that."""
        for journal in (self._journal, self._own_journal):
            self._record(journal, rows)

    def _record(self, journal: LoadJournal, rows: int) -> None:
        errors = Counter(error.file for error in self.errors)
        journal.record_files(self._load, [LoadedFile(*file, errors[file[0]]) for file in self._files])
        journal.record_errors(self._load, self.errors)
        journal.record_replacements(self._load, self._replaced)
        journal.record_load(
            self._load,
            status="completed",
            rows=rows,
            errors=len(self.errors),
            bytes_=self._bytes,
            files=self._sources,
        )

    def fail(self) -> RedshiftError:
        """Write the rejected rows down, and give the error that the client is to see."""
        message = f"Load into table '{self._table}' failed.  Check 'stl_load_errors' system table for details."
        self.abort(message)
        return RedshiftError(message, routine=LOAD_FAILED)

    def abort(self, message: str) -> None:
        """Write down that the load failed, and the rejected rows."""
        self._journal.record_errors(self._load, self.errors)
        self._journal.record_load(
            self._load,
            status="aborted",
            rows=0,
            errors=len(self.errors),
            bytes_=self._bytes,
            files=self._sources,
            error_message=message,
        )

    @property
    def _replaced(self) -> list[tuple[str, int, str, str]]:
        return [(file, line, self._column_of(raw), shown(raw)) for file, line, raw in self.replacements.first]

    @property
    def _bytes(self) -> int:
        return sum(size for _, size, _ in self._files)


def _most_errors(statement: CopyStatement) -> float:
    """The load fails at so many errors: 0 and 1 both mean the first."""
    if "IGNOREALLERRORS" in statement.options:
        return float("inf")
    return max(1, int(statement.options.get("MAXERROR", 0)))
