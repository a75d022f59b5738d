"""Query the data lake at once: what it holds and an answer, or SQL to paste into DuckDB, Spark, Athena or Redshift.

Nothing is made or changed.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data_lake import engines
from data_lake import settings as lake_settings
from data_lake.declarations import plain
from data_lake.engines import ENGINES
from data_lake.lake import find, open_store
from warehouse import command
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table as Grid

    from data_lake.lake import Lake, Table

    Shown = tuple[str, Sequence[str], Sequence[Sequence[str]]]  # title, header, rows

_EXAMPLES = """\
examples:
  python -m data_lake.queries                                   the lake that dl.cfg names, else lake/
  python -m data_lake.queries lake --for duckdb | duckdb lake.duckdb
  python -m data_lake.queries s3://bucket/lake/ --for athena"""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 done, 1 failed; wrong usage exits with 2."""
    options = argparse.ArgumentParser(
        prog="python -m data_lake.queries",
        description=__doc__,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("lake", nargs="?", metavar="LAKE", help="its folder or s3:// address (default: dl.cfg's)")
    options.add_argument("--config", type=Path, metavar="FILE", help="the configuration (default: dl.cfg)")
    options.add_argument("--for", dest="engine", choices=ENGINES, help="print the SQL for this engine")
    given = options.parse_args(arguments)
    file = command.file_of(options, given)
    return command.ended(lambda: _show(file, given.lake, given.engine), file)


def _show(file: Path | None, place: str | None, engine: str | None) -> None:
    environment = {**os.environ, "DL_OUTPUT_DATA": place} if place else os.environ
    lake = find(open_store(lake_settings.load(file, environment)))
    if engine:
        print(engines.page(lake, ENGINES[engine]))
        return
    tables = _in_s3(lake) if lake.in_s3 else _here(lake)
    from rich.console import Console

    console = Console(highlight=False, emoji=False, markup=False, soft_wrap=True)
    for title, header, rows in tables:
        console.print(f"{title}\n")
        console.print(_grid(header, rows))
        console.print()
    here = shlex.join([command.python(), "-m", "data_lake.queries", *([place] if place else [])])
    console.print("SQL to paste, with these questions and their tables:\n")
    for name, one in ENGINES.items():
        if lake.in_s3 or not one.only_s3:
            console.print(f"  {here} --for {name:<10}{one.name}")
    if not lake.in_s3:
        console.print("\nAthena and Redshift Spectrum read lakes in S3.")


def _in_s3(lake: Lake) -> list[Shown]:
    return [(_title(lake), ("table", "files", "MB"), [(table.name, *_sizes(table)) for table in lake.tables])]


def _here(lake: Lake) -> list[Shown]:
    """With rows and an answer: DuckDB is here. Raises WarehouseError where a file is none that it can read."""
    import duckdb

    engine, (question, select) = ENGINES["duckdb"], next(iter(engines.QUESTIONS.items()))
    with duckdb.connect() as connection:
        try:
            for statement in engine.tables(lake):
                connection.execute(statement)
            rows = [(table.name, _count(connection, table), *_sizes(table)) for table in lake.tables]
            answer = connection.execute(engines.asking(select, engine))
            names, found = [column[0] for column in answer.description], answer.fetchall()
        except duckdb.Error as error:
            raise WarehouseError(f"The lake cannot be read: {str(error).splitlines()[0]}") from None
    return [
        (_title(lake), ("table", "rows", "files", "MB"), rows),
        (question, names, [tuple(map(str, row)) for row in found]),
    ]


def _title(lake: Lake) -> str:
    return f"The lake in {lake.place}"


def _sizes(table: Table) -> tuple[str, str]:
    return f"{len(table.files):,}", f"{sum(file.bytes for file in table.files) / 1e6:,.1f}"


def _count(connection: Any, table: Table) -> str:
    return f"{connection.execute(f'SELECT COUNT(*) FROM {plain(table.name)}').fetchone()[0]:,}"


def _grid(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Grid:
    """Numbers to the right."""
    from rich.table import Table as Grid

    grid = Grid(box=None, padding=(0, 2))
    for column, name in enumerate(header):
        number = all(row[column].replace(",", "").replace(".", "").isdigit() for row in rows)
        grid.add_column(name, justify="right" if number else "left")
    for row in rows:
        grid.add_row(*row)
    return grid


if __name__ == "__main__":
    sys.exit(main())
