"""A failed COPY -> file, line, column, value, reason, and what to do.

Redshift's own message only says where to look. SYS_LOAD_ERROR_DETAIL is asked first, since a plain user of
Redshift Serverless may not read STL_LOAD_ERRORS; that one alone knows the value and the line itself.
https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_ERROR_DETAIL.html
https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_ERRORS.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import psycopg2

from warehouse.remedies import LOAD_ERRORS, remedy

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812

SHOWN = 3  # a load has many errors of one kind, as a rule
_LONGEST = 120  # characters of a value or a line

# By session and not by pg_last_copy_id(), which a rollback may forget; the newest load is the one that failed.
SYS = """
SELECT TRIM(file_name), line_number, TRIM(column_name), TRIM(column_type), TRIM(column_length),
       '', '', error_code, TRIM(error_message)
FROM sys_load_error_detail
WHERE session_id = %(session)s
  AND query_id = (SELECT MAX(query_id) FROM sys_load_error_detail WHERE session_id = %(session)s)
ORDER BY file_name, line_number LIMIT %(shown)s
"""
STL = """
SELECT TRIM(filename), line_number, TRIM(colname), TRIM(type), TRIM(col_length),
       TRIM(raw_field_value), TRIM(raw_line), err_code, TRIM(err_reason)
FROM stl_load_errors
WHERE session = %(session)s
  AND query = (SELECT MAX(query) FROM stl_load_errors WHERE session = %(session)s)
ORDER BY filename, line_number LIMIT %(shown)s
"""


class LoadError(NamedTuple):
    """A row of the load-error tables; ``value`` and ``raw_line`` are empty where only SYS could be read."""

    file: str
    line: int
    column: str
    type: str
    length: str
    value: str
    raw_line: str
    code: int
    reason: str

    def __str__(self) -> str:
        facts = [f"{self.file}, line {self.line}"]
        if self.column:
            length = f"({self.length})" if self.length not in {"", "0"} else ""
            facts.append(f"column {self.column} {self.type}{length}")
        if self.value:
            facts.append(f"value {_short(self.value)!r}")
        lines = [", ".join(facts) + f": {self.reason} (code {self.code})"]
        if self.raw_line and not self.column:
            lines.append(f"  the line: {_short(self.raw_line)}")
        return "\n".join(lines)


def explain(connection: Connection) -> tuple[str, str]:
    """What the session's failed COPY left, as lines of text, and the remedy for the first; either may be empty.

    The failed transaction must have been rolled back.
    """
    errors, refusal = read(connection)
    if errors:
        return "\n".join(str(error) for error in errors), remedy(LOAD_ERRORS, errors[0].reason)
    return "", nothing_to_read(refusal) if refusal else ""


def read(connection: Connection, sys: str = SYS, stl: str = STL) -> tuple[list[LoadError], str]:
    """The rows, from STL where it can be read; and where neither can, what the server says to that."""
    found: list[LoadError] = []
    refusals = []
    for query in (sys, stl):
        try:
            found = _rows(connection, query) or found
        except psycopg2.Error as error:
            connection.rollback()
            refusals.append(str(error).splitlines()[0])
    return found, "" if found else "; ".join(refusals)


def nothing_to_read(refusal: str) -> str:
    return (
        f"The load-error tables cannot be read ({refusal}): ask a superuser for GRANT SELECT ON stl_load_errors, "
        "or to be given SYSLOG ACCESS UNRESTRICTED."
    )


def _rows(connection: Connection, query: str) -> list[LoadError]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"session": connection.info.backend_pid, "shown": SHOWN})
        rows = [LoadError(*row) for row in cursor.fetchall()]
    connection.rollback()
    return rows


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
