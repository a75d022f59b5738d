"""The warehouse's answers for the pictures, and what keeps it from giving one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis import questions
from analysis.pictures import PICTURES
from analysis.tables import Table
from warehouse import runner
from warehouse.errors import WarehouseError
from warehouse.statements import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.sources import Source
    from warehouse.runner import Progress

TABLES = ("songplays", "users", "songs", "artists", "time", "staging_events", "staging_songs")
FACTS = "songplays"


class NothingToReport(WarehouseError):
    """There is no play in the warehouse; the hint names the commands that fill it."""


@dataclass(frozen=True)
class Answers:
    """The answers by question (the SQL string), and for those that cannot be answered the reason and the remedy."""

    tables: Mapping[str, Table]
    lacking: Mapping[str, str]

    @property
    def overview(self) -> dict[str, Any]:
        """The one row of ``questions.overview``."""
        return self.tables[questions.overview].records[0]


def ask(source: Source, progress: Progress) -> Answers:
    """Ask everything that can be answered. Raises NothingToReport, StatementFailed, ConnectionLost, Interrupted."""
    rows = runner.count_rows(source.warehouse, TABLES)
    if not rows.get(FACTS):
        raise NothingToReport(_lack([FACTS], rows), source.remedy([FACTS], rows))
    lacking: dict[str, str] = {}
    asked: list[Statement] = []
    for name, sql in {"overview": questions.overview, **{one.name: one.question for one in PICTURES}}.items():
        tables = [table for table in reads(sql) if not rows.get(table)]
        if tables:
            lacking[sql] = f"{_lack(tables, rows)} {source.remedy(tables, rows)}"
        elif sql not in {one.sql for one in asked}:
            asked.append(Statement(sql, "SELECT", name))
    answers = runner.ask(source.warehouse, asked, progress)
    return Answers({one.sql: Table(*answer) for one, answer in zip(asked, answers, strict=True)}, lacking)


def reads(sql: str) -> list[str]:
    """The warehouse's tables that a SELECT reads.

    >>> reads("SELECT * FROM songplays AS p JOIN songs ON songs.song_id = p.song_id")
    ['songplays', 'songs']
    """
    import sqlglot
    from sqlglot import exp

    named = {table.name for table in sqlglot.parse_one(sql, read="redshift").find_all(exp.Table)}
    return [table for table in TABLES if table in named]


def _lack(tables: Iterable[str], rows: Mapping[str, int]) -> str:
    """What is wrong with tables that give nothing; ``rows`` has no number of those that are not there."""
    return " ".join(f"The table {one} is empty." if one in rows else f"There is no table {one}." for one in tables)
