"""Ctrl-C while a statement runs."""

from __future__ import annotations

import select
from typing import TYPE_CHECKING

from psycopg2.extensions import POLL_OK, POLL_READ

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812


class CtrlC:
    """A wait callback for psycopg2, which sees no Ctrl-C inside libpq until the statement has ended.

    The first Ctrl-C asks the server to cancel the statement, which then fails with QueryCanceled;
    ``pressed`` tells that from a timeout. A second one gives up waiting.
    """

    def __init__(self) -> None:
        self.pressed = False

    def __call__(self, connection: Connection) -> None:
        while True:
            try:
                state = connection.poll()
                if state == POLL_OK:
                    return
                readable, writable = ([connection], []) if state == POLL_READ else ([], [connection])
                select.select(readable, writable, [])
            except KeyboardInterrupt:
                if self.pressed:
                    raise
                self.pressed = True
                connection.cancel()
