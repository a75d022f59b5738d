"""What can be wrong with a record of text, as the load-error tables say it.

https://docs.aws.amazon.com/redshift/latest/dg/r_Load_Error_Reference.html
"""

from __future__ import annotations

from typing import NamedTuple

NO_DELIMITER = (1214, "Delimiter not found")
BAD_QUOTES = (1214, "Invalid quote formatting for CSV")
OPEN_QUOTE = (1214, "Delimited value missing end quote")
TOO_SHORT = (1203, "Input data had fewer columns than were defined in the DDL")
EXTRA_COLUMNS = (1202, "Extra column(s) found")
LONG_NUL = (1218, "Invalid null byte - field longer than 1 byte")
TOO_LARGE = (1216, "Row is larger than 4 MB")


class Fault(NamedTuple):
    """What is wrong with a record, and in which column: -1 in none, or in all of it."""

    column: int
    code: int
    reason: str
    position: int = 0
    value: str = ""


def missing_newline(raw: str, at: int) -> Fault:
    """A NUL or a carriage return ends a record, and a newline was to be there."""
    found = ord(raw[at]) & 0xFF if at < len(raw) else 0
    return Fault(-1, 1216, f"Missing newline: Unexpected character 0x{found:x} found at location {at}")
