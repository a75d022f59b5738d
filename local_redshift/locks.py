"""Writers of one table wait for each other, as on Redshift; readers never wait.

https://docs.aws.amazon.com/redshift/latest/dg/r_Serializable_isolation_example.html
DuckDB alone would fail the second writer at once.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from local_redshift.errors import DeadlockDetected

if TYPE_CHECKING:
    from collections.abc import Callable

_POLL_SECONDS = 0.2  # how often a waiting writer looks whether its statement was cancelled


class TableLocks:
    """One lock a table, held by a session from its first write to the end of its transaction."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._holders: dict[str, int] = {}
        self._waiting: dict[int, str] = {}

    def acquire(self, session: int, table: str, stop_if_cancelled: Callable[[], None]) -> None:
        """Wait until ``session`` holds ``table``.

        Raises DeadlockDetected when the wait could never end, and what ``stop_if_cancelled()`` raises.
        """
        with self._changed:
            try:
                while self._holders.get(table, session) != session:
                    self._waiting[session] = table
                    self._refuse_deadlock(session)
                    stop_if_cancelled()
                    self._changed.wait(_POLL_SECONDS)
                self._holders[table] = session
            finally:
                self._waiting.pop(session, None)

    def release(self, session: int) -> None:
        """Let go of all that ``session`` holds: its transaction ended."""
        with self._changed:
            for table in [table for table, holder in self._holders.items() if holder == session]:
                del self._holders[table]
            self._changed.notify_all()

    @property
    def held(self) -> int:
        """How many tables are locked now."""
        with self._changed:
            return len(self._holders)

    def _refuse_deadlock(self, session: int) -> None:
        seen = session
        while (table := self._waiting.get(seen)) is not None and (holder := self._holders.get(table)) is not None:
            if holder == session:
                raise DeadlockDetected("deadlock detected", detail=f"Both sessions wait for a table, here {table}.")
            seen = holder
