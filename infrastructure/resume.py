"""Start the paused cluster again, and wait until it takes connections; from then on it costs its price by the hour.

It takes some minutes. At the end it says whether dwh.cfg and the security group still fit. A serverless warehouse has
nothing to resume: it starts with the first query.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from infrastructure.command import introduce, parser, run
from warehouse.command import again

if TYPE_CHECKING:
    from argparse import Namespace

    from infrastructure.stack import Stack


def main() -> int:
    return run(parser(__doc__, "python infrastructure/resume.py"), resume)


def resume(stack: Stack, _: Namespace) -> None:
    from infrastructure import compute
    from infrastructure.overview import gather
    from infrastructure.stack import SERVERLESS, money

    introduce(stack)
    compute.existing(stack)
    compute.of(stack).resume(stack)
    seen, report, file = gather(stack), stack.report, stack.settings.file
    if stack.kind != SERVERLESS:
        price = "its price by the hour" if seen.state.per_hour is None else f"{money(seen.state.per_hour)} an hour"
        report.headline(f"Running: {price} from now on, until it is paused again.")
    if seen.unknown:
        report.say(f"Whether your address is let in is not known: {seen.unknown.rstrip('.')}.", "yellow")
    for sentence in seen.repairs:
        report.say(sentence, "yellow")
    if seen.repairs:
        report.next_step("This puts it right:", again("setup.py", file))
    else:
        report.next_step("To load:", again("../etl.py", file))
        if stack.kind != SERVERLESS:
            report.next_step("To stop paying for it:", again("pause.py", file))


if __name__ == "__main__":
    sys.exit(main())
