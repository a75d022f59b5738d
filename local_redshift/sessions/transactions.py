"""A session's transaction: the client's view of it (idle, in a block, failed) and the engine's, kept in step.

https://docs.aws.amazon.com/redshift/latest/dg/r_BEGIN.html
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Literal

import duckdb

from local_redshift.errors import InFailedTransaction

if TYPE_CHECKING:
    from collections.abc import Callable

Status = Literal["I", "T", "E"]  # idle, in a block, in a block that failed: as ReadyForQuery tells it

_transaction_ids = itertools.count(1000)


class TransactionState:
    """``implicit`` transactions are ours, around statements that the client sent without BEGIN."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, released: Callable[[], None]) -> None:
        self._connection = connection
        self._released = released  # called whenever a transaction has ended: locks are let go
        self._open: Literal["none", "implicit", "block", "failed"] = "none"
        self._last: list[str] = []
        self.id = 0

    @property
    def status(self) -> Status:
        return {"none": "I", "implicit": "I", "block": "T", "failed": "E"}[self._open]  # type: ignore[return-value]

    @property
    def is_open(self) -> bool:
        return self._open in {"implicit", "block"}

    @property
    def in_block(self) -> bool:
        return self._open in {"block", "failed"}

    def begin(self) -> bool:
        """BEGIN by the client; False when it is in a block already."""
        if self._open in {"block", "failed"}:
            return False
        self.begin_implicit()
        self._open = "block"
        return True

    def begin_implicit(self) -> None:
        """Make sure that a transaction is open."""
        if self._open == "none":
            self._open = "implicit"  # first: a BEGIN that is cancelled may have begun
            self._connection.execute("BEGIN")
            self.id = next(_transaction_ids)

    def at_commit(self, sql: str) -> None:
        """Make ``sql`` the last thing that this transaction does before it is committed."""
        self._last.append(sql)

    def commit(self) -> bool:
        """COMMIT by the client, or of an implicit one; False when the block had failed and is rolled back instead."""
        if self._open == "failed":
            self._ended()
            return False
        if self._open != "none":
            try:
                for sql in (*self._last, "COMMIT"):
                    self._connection.execute(sql)
            except BaseException:
                self._roll_back_engine()  # a COMMIT that was cancelled has ended nothing
                raise
            finally:
                self._ended()
        return True

    def rollback(self) -> None:
        if self._open in {"implicit", "block"}:
            self._roll_back_engine()
        self._ended()

    def end_implicit(self) -> None:
        """The client's query string, or its series of extended messages, is done."""
        if self._open == "implicit":
            self.commit()

    def fail(self) -> None:
        """A statement failed: an implicit transaction is undone, a block waits for the client's ROLLBACK."""
        if self._open == "block":
            self._roll_back_engine()
            self._released()
            self._open = "failed"
        elif self._open != "failed":
            self.rollback()

    def refuse_if_failed(self) -> None:
        if self._open == "failed":
            raise InFailedTransaction("current transaction is aborted, commands ignored until end of transaction block")

    def _roll_back_engine(self) -> None:
        while True:
            try:
                self._connection.execute("ROLLBACK")
            except duckdb.InterruptException:
                continue  # the cancel was meant for the statement, and it is repeated for a moment
            except duckdb.TransactionException:
                return  # the engine had ended it by itself: a failed COMMIT, say
            return

    def _ended(self) -> None:
        self._open = "none"
        self._last.clear()
        self._released()
