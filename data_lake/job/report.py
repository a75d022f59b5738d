"""What the job says: a line when a step begins and when it is done, a table at the end. Plain text, for a log too."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Step:
    """A step that is going on; ``result`` is what its line ends with."""

    result = ""


class Report:
    """Writes to standard output at once."""

    def __init__(self) -> None:
        self._terminal = sys.stdout.isatty()

    def say(self, text: str = "") -> None:
        print(text, flush=True)

    @contextmanager
    def step(self, what: str) -> Iterator[Step]:
        """On a terminal ``what`` stands there while it goes on, and the line is finished afterwards."""
        started, step = time.monotonic(), Step()
        if self._terminal:
            print(f"  {what} ...", end="\r", flush=True)
        try:
            yield step
        except BaseException:
            if self._terminal:
                print(" " * (len(what) + 6), end="\r", flush=True)
            raise
        print(f"  {what:<22}{step.result:>24}{time.monotonic() - started:9.1f} s", flush=True)

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """The first column to the left, the others (numbers) to the right."""
        widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
        for row in (header, *rows):
            first, *rest = (
                f"{text:>{width}}" if column else f"{text:<{width}}"
                for column, (text, width) in enumerate(zip(row, widths))
            )
            self.say("  " + "   ".join([first, *rest]).rstrip())
