"""Stop paying for the cluster by the hour; what is stored stays, and resume.py starts it again.

Running queries end and connections are closed. AWS takes a snapshot first, so it takes some minutes. A serverless
warehouse has nothing to pause: it is paid for only while queries run.
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
    return run(parser(__doc__, "python infrastructure/pause.py"), pause)


def pause(stack: Stack, _: Namespace) -> None:
    from infrastructure import compute
    from infrastructure.stack import SERVERLESS

    introduce(stack)
    compute.existing(stack)
    compute.of(stack).pause(stack)
    if stack.kind == SERVERLESS:
        return
    stack.report.headline(f"Paused: it costs storage only, {stack.prices.storage} of what is stored.")
    stack.report.next_step("To go on:", again("resume.py", stack.settings.file))


if __name__ == "__main__":
    sys.exit(main())
