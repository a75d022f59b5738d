"""What people see: lines that stay, and a clock while AWS takes its time."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from rich.console import Console

from warehouse.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LINE_EVERY = 30.0  # seconds between lines where there is no terminal


class Report:
    """Writes to ``stream``: in colour and with a running clock on a terminal, else plain lines. Never a secret."""

    def __init__(self, secrets: tuple[str, ...] = (), stream: TextIO | None = None) -> None:
        self.console = Console(file=stream or sys.stdout, highlight=False, markup=False, emoji=False)
        self._secrets = secrets

    def say(self, text: str = "", style: str = "") -> None:
        self.console.print(redact(text, *self._secrets), style=style or None, soft_wrap=True)

    def done(self, what: str, seconds: float) -> None:
        """The line that stays of a step."""
        self.say(f"  {what}  {elapsed(seconds)}" if seconds >= 1 else f"  {what}")

    def headline(self, text: str) -> None:
        self.say(f"\n{text}\n", style="bold green")

    def next_step(self, what: str, command: str) -> None:
        self.say(f"{what}  {command}")

    @contextmanager
    def waiting(self, what: str) -> Iterator[Callable[[str], None]]:
        """A clock beside ``what`` while the block runs; the block calls what it gets with each state it sees."""
        started = time.monotonic()
        if self.console.is_terminal:
            with self.console.status(f"{what}...") as status:
                yield lambda state: status.update(f"{what}: {state} [{elapsed(time.monotonic() - started)} elapsed]")
            return
        said: list[tuple[str, float]] = []

        def tell(state: str) -> None:
            now = time.monotonic()
            if not said or said[-1][0] != state or now - said[-1][1] >= LINE_EVERY:
                self.say(f"  {what}: {state} [{elapsed(now - started)} elapsed]")
                said.append((state, now))

        yield tell


def elapsed(seconds: float) -> str:
    """
    >>> elapsed(7.2), elapsed(130), elapsed(7384)
    ('7s', '2m10s', '2h03m')
    """
    whole = int(seconds)
    if whole < 60:
        return f"{whole}s"
    return f"{whole // 60}m{whole % 60:02}s" if whole < 3600 else f"{whole // 3600}h{whole // 60 % 60:02}m"
