"""What Sparkify's listeners do: one HTML page of pictures, from the warehouse that is configured."""

from __future__ import annotations

import argparse
import sys
import time
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse import command
from warehouse.errors import WarehouseError

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
    if given.out.is_dir() or not given.out.parent.is_dir():
        options.error(f"--out {given.out}: there is no such folder, or it is one")
    return command.ended(lambda: report(file, given.out, lake=given.lake, show=given.open), file)


def report(file: Path | None, out: Path, *, lake: bool = False, show: bool = False) -> None:
    """Ask the warehouse, draw, and write the page. Raises WarehouseError; then ``out`` is as it was."""
    from analysis import html_page
    from analysis.asking import ask
    from analysis.pictures import PICTURES
    from analysis.sources import opened
    from warehouse.report import Report
    from warehouse.runner import Outcome
    from warehouse.statements import Statement

    asking = [Statement(one.question, "SELECT", one.name) for one in PICTURES]
    progress = Report(asking)
    with opened(file, lake=lake) as source:
        progress.say(f"Asking {source.name}")
        answers = ask(source, progress)
    drawing = Statement("", "DRAW", "")
    started = time.perf_counter()
    with progress.running(drawing):
        page = html_page.page(answers, source.name)
    progress.done(Outcome(drawing, None, time.perf_counter() - started))
    _write(out, page)
    progress.say(f"\n[bold green]The report is in {command.shown(out)}.[/bold green]\n")
    for reason in dict.fromkeys(answers.lacking.values()):
        questions = sum(answers.lacking.get(one.question) == reason for one in PICTURES)
        progress.say(f"{questions} of {len(PICTURES)} questions are not answered. {reason}")
    address = out.resolve().as_uri()
    if show:
        webbrowser.open(address)
    progress.next_step("Look at it:", address)


def _write(out: Path, page: str) -> None:
    """In one piece: whoever has the old page open never sees half of the new one. Raises WarehouseError."""
    part = out.with_name(f".{out.name}.part")
    try:
        part.write_text(page, encoding="utf-8")
        part.replace(out)
    except OSError as error:
        raise WarehouseError(f"The page cannot be written to {out}: {error.strerror}.") from None


if __name__ == "__main__":
    sys.exit(main())
