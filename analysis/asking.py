"""The warehouse's answers for the pictures, and what keeps it from giving one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis import questions
from analysis.contents import FACTS, Contents, filled, nothing, reads
from analysis.pictures import PICTURES
from analysis.tables import Table
from warehouse import runner
from warehouse.errors import StatementFailed
from warehouse.statements import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.sources import Source
    from warehouse.runner import Progress

OTHER_TABLES = "The questions want the tables as sql_queries.py makes them: their names, columns and types."
_OTHER_YEARS = (
    "A log whose times are in microseconds makes such dates. Find them: "
    f"SELECT * FROM {FACTS} WHERE start_time >= '10000-01-01' ORDER BY start_time LIMIT 10;"
)


@dataclass(frozen=True)
class Answers:
    """The answers by question (the SQL string); why others have none, and what to do about all of those."""

    tables: Mapping[str, Table]
    lacking: Mapping[str, str]
    remedies: tuple[str, ...] = ()

    @property
    def overview(self) -> dict[str, Any]:
        """The one row of ``questions.overview``."""
        return self.tables[questions.overview].records[0]


def selects() -> list[Statement]:
    """What is asked, each question once, under its name in ``analysis.questions``."""
    names = {sql: name for name, sql in questions.QUESTIONS.items()}
    asked = dict.fromkeys([questions.overview, *(picture.question for picture in PICTURES)])
    return [Statement(sql, "SELECT", names[sql]) for sql in asked]


def ask(source: Source, progress: Progress) -> Answers:
    """Ask everything that can be answered. Raises NothingToReport, StatementFailed, ConnectionLost, Interrupted."""
    with progress.running(Statement("", "COUNT", "")):
        contents = filled(source)
    missing = {one.sql: contents.lacking(reads(one.sql)) for one in selects()}
    lacking = {sql: contents.why(tables) for sql, tables in missing.items() if tables}
    possible = [one for one in selects() if one.sql not in lacking]
    refused = _refused(source, possible, progress)
    asked = [one for one in possible if one.sql not in refused]
    try:
        answers = runner.ask(source.warehouse, asked, progress)
    except ValueError as error:  # Python's dates end with the year 9999, those of Redshift do not
        raise StatementFailed(f"{FACTS}.start_time holds no date to report on: {error}.", _OTHER_YEARS) from None
    given = Answers(
        {one.sql: Table(*answer) for one, answer in zip(asked, answers, strict=True)},
        {**lacking, **refused},
        _remedies(source, contents, [table for tables in missing.values() for table in tables], bool(refused)),
    )
    _check(source, given)
    return given


def _refused(source: Source, asked: list[Statement], progress: Progress) -> dict[str, str]:
    """The questions that the warehouse does not understand, since its tables have other columns, with its reason.

    A SELECT that fails ends its transaction, and Redshift has no SAVEPOINT: hence EXPLAIN beforehand.
    """
    reasons: dict[str, str] = {}
    with progress.running(Statement("", "EXPLAIN", "")):
        for one in asked:
            try:
                runner.ask(source.warehouse, [one._replace(sql=f"EXPLAIN {one.sql}")], runner.Silent())
            except StatementFailed as error:
                if one.sql == questions.overview:
                    raise StatementFailed(error.message, OTHER_TABLES) from None
                reasons[one.sql] = error.message
    return reasons


def _remedies(source: Source, contents: Contents, lacking: Iterable[str], refused: bool) -> tuple[str, ...]:
    fill = source.remedy(dict.fromkeys(lacking), contents)
    return tuple(one for one in (fill, OTHER_TABLES if refused else "") if one)


def _check(source: Source, given: Answers) -> None:
    """That there is a period to report on. Raises NothingToReport, StatementFailed."""
    if not given.overview["plays"]:
        raise nothing(source, Contents({FACTS: 0}, {}))  # they have gone since we looked
    first = given.overview["first_play"]
    try:
        date.fromisoformat(str(first)[:10])
    except ValueError:
        raise StatementFailed(f"{FACTS}.start_time holds {first!r}, and no timestamp.", OTHER_TABLES) from None
