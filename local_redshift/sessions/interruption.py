"""Ending a statement before its time: by a client's cancel, by its time limit, or because nobody waits for it."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from local_redshift.errors import QueryCanceled

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

_INTERRUPT_EVERY = 0.05  # seconds; an interrupt that falls between two engine calls is lost, so it is repeated


class Interruption:
    """Used by the session's thread, but for ``cancel``, which any thread may call."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._guard = threading.Lock()
        self._statement = 0  # counts them
        self._running = False
        self._cancelled = False
        self._interrupter: threading.Thread | None = None

    @contextmanager
    def possible(self, limit: int) -> Iterator[None]:
        """Around a statement, which may take ``limit`` milliseconds, 0 for no end."""
        with self._guard:
            self._running, self._cancelled = True, False
            self._statement += 1
        timer = self._limit(limit) if limit else None
        try:
            yield
        finally:
            self._end()
            if timer is not None:
                timer.cancel()

    def _limit(self, milliseconds: int) -> threading.Timer:
        timer = threading.Timer(milliseconds / 1000, self.cancel)
        timer.daemon = True
        timer.start()
        return timer

    def _end(self) -> None:
        with self._guard:
            self._running = False

    def cancel(self) -> None:
        """Stop the statement that is running now, if any; never a later one. Does not wait for its end."""
        with self._guard:
            if self._cancelled or not self._running:
                return
            self._cancelled = True
            self._interrupter = threading.Thread(target=self._interrupt, args=(self._statement,), daemon=True)
            self._interrupter.start()

    def _interrupt(self, statement: int) -> None:
        while True:
            with self._guard:
                if not self._running or self._statement != statement:
                    return
                self._connection.interrupt()
            time.sleep(_INTERRUPT_EVERY)

    def stop_if_cancelled(self) -> None:
        """Raises QueryCanceled; for what goes on without asking the engine anything."""
        if self._cancelled:
            raise QueryCanceled("canceling statement due to user request")

    def close(self) -> None:
        """No more interrupts from here on: the connection is about to be closed."""
        self._end()  # a result that nobody reads to its end would still count as running
        if self._interrupter is not None:
            self._interrupter.join()
