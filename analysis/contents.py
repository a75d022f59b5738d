"""What the warehouse holds for the questions to read: which tables have rows, and what is wrong with the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from analysis import questions
from warehouse import runner
from warehouse.errors import StatementFailed, WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.sources import Source

FACTS = "songplays"


class NothingToReport(WarehouseError):
    """There is no play in the warehouse; the hint names the commands that fill it."""


@dataclass(frozen=True)
class Contents:
    """``rows`` of the tables that are there; those that we may not read are in ``refused``, with the reason."""

    rows: Mapping[str, int]
    refused: Mapping[str, str]

    def lacking(self, tables: Iterable[str]) -> list[str]:
        """Those of ``tables`` from which nothing comes."""
        return [table for table in tables if not self.rows.get(table)]

    def absent(self, tables: Iterable[str]) -> list[str]:
        """Those of ``tables``, none of them refused, that are not there."""
        return [table for table in tables if table not in self.rows]

    def why(self, tables: Iterable[str]) -> str:
        """What is wrong with tables that are ``lacking``."""
        return " ".join(self._why(table) for table in tables)

    def _why(self, table: str) -> str:
        if table in self.refused:
            return f"{table}: {self.refused[table]}"
        return f"The table {table} is empty." if table in self.rows else f"There is no table {table}."


def filled(source: Source) -> Contents:
    """What there is to ask. Raises NothingToReport where nothing was played, StatementFailed, ConnectionLost."""
    rows: dict[str, int] = {}
    refused: dict[str, str] = {}
    for table in dict.fromkeys(table for sql in questions.QUESTIONS.values() for table in reads(sql)):
        try:
            counted = runner.count_rows(source.warehouse, [table])
        except StatementFailed as error:
            # Whoever may read the plays need not have a right to the staging tables.
            if table == FACTS:
                raise
            refused[table] = f"{error.message} {error.hint}".strip()
        else:
            rows |= counted
    contents = Contents(rows, refused)
    if not rows.get(FACTS):
        raise nothing(source, contents)
    return contents


def nothing(source: Source, contents: Contents) -> NothingToReport:
    """The error that there are no plays."""
    return NothingToReport(f"There is nothing to report. {contents.why([FACTS])}", source.remedy([FACTS], contents))


@cache
def reads(sql: str) -> list[str]:
    """The warehouse's tables that a SELECT reads.

    >>> reads("WITH p AS (SELECT * FROM songplays) SELECT * FROM p JOIN songs ON songs.song_id = p.song_id")
    ['songplays', 'songs']
    """
    import sqlglot
    from sqlglot import exp

    tree = sqlglot.parse_one(sql, read="redshift")
    own = {part.alias for part in tree.find_all(exp.CTE)}
    return sorted({table.name for table in tree.find_all(exp.Table)} - own)
