"""Catalog queries that could not be answered: a line each in the log, so that clients' needs come to light."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from local_redshift.logs import LOGGER, line

if TYPE_CHECKING:
    from local_redshift.errors import RedshiftError

CODE = "LR-CATALOG"
_LONGEST = 400
_NOT_THE_QUERY = {"57014", "25P02"}  # cancelled; the transaction had failed before
_CATALOG = re.compile(
    r"\b(pg_\w+|information_schema|(stl|stv|svv|svl|svcs|sys)_\w+|reg(class|type|proc)\b)", re.IGNORECASE
)
# Comments may hold anything; a quote that does not end hides the rest.
_HIDDEN = re.compile(
    r"--[^\n]*|/\*.*?(?:\*/|\Z)|'(?:[^'\\]|\\.|'')*(?:'|\Z)|\$(\w*)\$.*?(?:\$\1\$|\Z)|\b\d[\w.]*", re.DOTALL
)


def log_if_catalog_query(source: str, error: RedshiftError) -> None:
    """One WARNING with a stable code, the SQLSTATE and the statement, shortened and without its literals."""
    statement = without_literals(source)
    if error.sqlstate not in _NOT_THE_QUERY and _CATALOG.search(statement):
        LOGGER.warning(
            line("catalog query not answered", code=CODE, sqlstate=error.sqlstate, statement=statement[:_LONGEST])
        )


def without_literals(sql: str) -> str:
    """
    >>> without_literals("SELECT 'secret',  42 FROM t -- and more")
    'SELECT ?, ? FROM t'
    """
    return " ".join(_HIDDEN.sub(_hidden, sql).split())


def _hidden(match: re.Match[str]) -> str:
    return " " if match[0].startswith(("--", "/*")) else "?"
