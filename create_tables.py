"""Drop and create every table of the warehouse; may be run at any time."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from warehouse import command

if TYPE_CHECKING:
    from warehouse.config import Settings


def create_tables(settings: Settings) -> None:
    """Run the DROPs and the CREATEs of sql_queries.py in one transaction, then show what there is."""
    from warehouse.connection import connect
    from warehouse.report import Report
    from warehouse.runner import count_rows, run
    from warehouse.statements import load_lists

    drops, creates = load_lists("drop_table_queries", "create_table_queries")
    report = Report([*drops, *creates])
    report.say(command.where(settings))
    with connect(settings) as warehouse:
        outcomes = run(warehouse, [*drops, *creates], report)
        tables = [create.table for create in creates if create.verb == "CREATE TABLE"]
        report.tables("The tables are ready.", count_rows(warehouse, tables), outcomes)
    report.next_step("Fill them:", command.again("etl.py", settings.file))


def main() -> int:
    return command.run(
        create_tables,
        "Drop and create every table of the warehouse. What they hold is lost; etl.py loads it again.",
        "python create_tables.py --config dwh.cfg",
    )


if __name__ == "__main__":
    sys.exit(main())
