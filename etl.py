"""Stage the logs and songs from S3, and fill the star schema from them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from warehouse import command

if TYPE_CHECKING:
    from warehouse.config import Settings


def etl(settings: Settings) -> None:
    """Run the COPYs and the INSERTs of sql_queries.py in one transaction, then show what there is.

    A failure leaves the tables that people read as they were.
    """
    from warehouse.connection import connect
    from warehouse.report import Report, changes_of
    from warehouse.runner import Silent, ask, count_rows, run
    from warehouse.statements import load_lists, load_optional

    copies, inserts = load_lists("copy_table_queries", "insert_table_queries")
    report = Report([*copies, *inserts])
    report.say(command.where(settings))
    with connect(settings) as warehouse:
        outcomes = run(warehouse, [*copies, *inserts], report)
        tables = dict.fromkeys(outcome.statement.table for outcome in outcomes if outcome.rows is not None)
        report.tables("The data is in.", count_rows(warehouse, tables), outcomes)
        counted = ask(warehouse, load_optional("count_staged_queries"), Silent())
        for table, staged in (row for answer in counted for row in answer.rows):
            new, _ = changes_of([outcome for outcome in outcomes if outcome.statement.table == table])
            if staged > new:
                report.say(f"{staged - new:,} {table} were there already and are not added again.")
    report.next_step("Look at it:", command.look(settings))
    if "songplays" in tables:
        report.next_step("In pictures:", command.pictures(settings.file))


def main() -> int:
    return command.run(
        etl,
        "Stage the logs and songs with COPY and fill the star schema. Run again, it adds what is new and doubles "
        "nothing; if it fails, the star schema stays as it was.",
        "python etl.py --config dwh.cfg",
    )


if __name__ == "__main__":
    sys.exit(main())
