"""A progress bar on the terminal for what takes longer than a second; silence elsewhere."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable

_PATIENCE = 1.0  # seconds


class Progress:
    """``with Progress("songs", total) as done: ...`` and ``done(count)`` for each lot of things finished."""

    def __init__(self, label: str, total: int) -> None:
        self._label = label
        self._total = total
        self._done = 0
        self._started = time.monotonic()
        self._bar = ExitStack()
        self._update: Callable[[], None] | None = None

    def __enter__(self) -> Self:
        return self

    def __call__(self, count: int) -> None:
        self._done += count
        if self._update is not None:
            self._update()
        elif time.monotonic() - self._started > _PATIENCE and sys.stderr.isatty():
            self._update = self._show()

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def _show(self) -> Callable[[], None]:
        from rich.console import Console  # heavy: only where somebody waits
        from rich.progress import Progress as Bar

        bar = self._bar.enter_context(Bar(console=Console(stderr=True), transient=True))
        task = bar.add_task(self._label, total=self._total)
        return lambda: bar.update(task, completed=self._done)
