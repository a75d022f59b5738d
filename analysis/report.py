"""What Sparkify's listeners do: one HTML page of pictures, from the warehouse that is configured."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import page_file
from warehouse import command

if TYPE_CHECKING:
    from collections.abc import Sequence

_EXAMPLES = """\
examples:
  python analysis/report.py                        dwh.cfg's warehouse, else the laptop's
  python analysis/report.py --config dwh.cfg --out november.html
  python analysis/report.py --lake                 the lake that dl.cfg names, else lake/"""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 done, 1 failed; wrong usage exits with 2."""
    options = argparse.ArgumentParser(
        description=__doc__, epilog=_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument(
        "--config", type=Path, metavar="FILE", help="the configuration (default: dwh.cfg, with --lake dl.cfg)"
    )
    options.add_argument("--lake", action="store_true", help="ask the data lake instead of the warehouse")
    options.add_argument(
        "--out", type=Path, default=Path("report.html"), metavar="FILE", help="the page (default: report.html)"
    )
    options.add_argument("--open", action="store_true", help="open the page in the browser")
    given = options.parse_args(arguments)
    file = command.file_of(options, given)
    wrong = page_file.wrong(given.out)
    if wrong:
        options.error(f"--out {given.out}: {wrong}")
    return command.ended(lambda: report(file, given.out, lake=given.lake, show=given.open), file)


def report(file: Path | None, out: Path, *, lake: bool = False, show: bool = False) -> None:
    """Ask the warehouse, draw, and write the page. Raises WarehouseError; then ``out`` is as it was."""
    page_file.require_packages()
    from rich.markup import escape

    from analysis import html_page, summary
    from analysis.asking import ask, selects
    from analysis.sources import opened
    from warehouse.report import Report
    from warehouse.runner import Outcome
    from warehouse.statements import Statement

    progress = Report(selects())
    with opened(file, lake=lake) as source:
        progress.say(escape(f"Asking {source.name}"))
        answers = ask(source, progress)
    drawing, started = Statement("", "DRAW", ""), time.perf_counter()
    with progress.running(drawing):
        page = html_page.page(answers, source.name)
    progress.done(Outcome(drawing, None, time.perf_counter() - started))
    page_file.write(out, page)
    progress.say(f"\n[bold green]{escape(summary.done(answers, out))}[/bold green]\n")
    for line in summary.not_answered(answers):
        progress.say(escape(line))
    if show and not page_file.show(out):
        progress.say("There is no browser here to open it with.")
    progress.next_step("Look at it:", page_file.address(out))


if __name__ == "__main__":
    sys.exit(main())
