"""What people see: a line a statement while it runs, a table of tables at the end."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from warehouse.runner import Outcome
    from warehouse.statements import Statement


class Report:
    """Writes to ``stream``: in colour and with a running clock on a terminal, else plain lines."""

    def __init__(self, statements: Sequence[Statement], stream: TextIO | None = None) -> None:
        self.console = Console(file=stream or sys.stdout, highlight=False, emoji=False)
        self._width = max((len(statement.label) for statement in statements), default=0)
        self._rows_width = 16 if any(statement.counts_rows for statement in statements) else 0

    @contextmanager
    def running(self, statement: Statement) -> Iterator[None]:
        """A spinner and the seconds so far, on a terminal."""
        if not self.console.is_terminal:
            yield
            return
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(*columns, console=self.console, transient=True) as progress:
            progress.add_task(f"{statement.label:<{self._width}}")
            yield

    def done(self, outcome: Outcome) -> None:
        """The line that stays."""
        rows = "" if outcome.rows is None else f"{outcome.rows:,} row{'' if outcome.rows == 1 else 's'}"
        label = f"{outcome.statement.label:<{self._width}}"
        self._line(f"  {label}  {rows:>{self._rows_width}}  [dim]{outcome.seconds:8.2f} s[/dim]")
        for warning in outcome.warnings:
            self._line(f"[yellow]  {warning}[/yellow]")

    def say(self, text: str) -> None:
        self._line(text)

    def tables(self, headline: str, rows: Mapping[str, int], outcomes: Sequence[Outcome]) -> None:
        """The closing table: rows that each table holds now, what this run changed, and the seconds it took."""
        table = Table(box=None, padding=(0, 2))
        table.add_column("table")
        changing = any(outcome.rows is not None for outcome in outcomes)
        for heading in ("rows", *(("new", "changed") if changing else ()), "seconds"):
            table.add_column(heading, justify="right")
        for name, count in rows.items():
            mine = [outcome for outcome in outcomes if outcome.statement.table == name]
            changes = [f"{number:,}" for number in changes_of(mine)] if changing else []
            table.add_row(name, f"{count:,}", *changes, f"{sum(outcome.seconds for outcome in mine):.2f}")
        self._line(f"\n[bold green]{headline}[/bold green]\n")
        self.console.print(table)
        self._line("")

    def next_step(self, what: str, command: str) -> None:
        self._line(f"{what}  [bold]{command}[/bold]")

    def _line(self, text: str) -> None:
        self.console.print(text, soft_wrap=True)


def changes_of(outcomes: Sequence[Outcome]) -> tuple[int, int]:
    """Rows that are new in a table, and rows that were replaced (DELETE and INSERT) or updated."""
    counted = dict.fromkeys(("COPY", "INSERT", "MERGE", "UPDATE", "DELETE"), 0)
    for outcome in outcomes:
        if outcome.rows is not None:
            counted[outcome.statement.verb] += outcome.rows
    added = counted["COPY"] + counted["INSERT"] + counted["MERGE"]
    return added - counted["DELETE"], counted["UPDATE"] + min(counted["DELETE"], added)
