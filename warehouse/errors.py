"""What can go wrong for a user of the scripts; every one ends as a sentence or two and exit code 1.

WarehouseError
├── ConfigError       dwh.cfg or the environment does not make sense
├── QueriesError      sql_queries.py cannot be read
├── ConnectionFailed  no connection to the warehouse
├── StatementFailed   the warehouse refused a statement; everything was rolled back
│   └── LoadFailed    a COPY failed, with what the load-error table says
├── ConnectionLost    the warehouse was lost in the middle of the work
└── Interrupted       Ctrl-C: cancelled and rolled back
"""

from __future__ import annotations


class WarehouseError(Exception):
    """``message`` says what happened, ``hint`` what to do about it; neither ever holds a secret."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ConfigError(WarehouseError):
    """The configuration is wrong; names the file or variable, section and key."""


class QueriesError(WarehouseError):
    """sql_queries.py cannot be imported, or lacks a list."""


class ConnectionFailed(WarehouseError):
    """The warehouse cannot be reached, or does not let us in."""


class StatementFailed(WarehouseError):
    """A statement failed and its transaction was rolled back."""


class LoadFailed(StatementFailed):
    """A COPY failed."""


class ConnectionLost(WarehouseError):
    """The connection broke; whether the running statement finished is not known."""


class Interrupted(WarehouseError):
    """Ctrl-C."""
