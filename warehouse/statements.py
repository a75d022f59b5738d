"""What a statement is called in messages, and the lists of sql_queries.py."""

from __future__ import annotations

import configparser
import importlib
import re
from typing import NamedTuple

from warehouse.errors import QueriesError, WarehouseError

_BLANK = r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*"
_NAME = r'((?:"[^"]+"|[\w$#]+)(?:\.(?:"[^"]+"|[\w$#]+))*)'
_WITH_TABLE = (
    (r"(COPY)\s+", "COPY"),
    (r"(INSERT)\s+INTO\s+", "INSERT"),
    (r"(DELETE)\s+(?:FROM\s+)?", "DELETE"),
    (r"(UPDATE)\s+", "UPDATE"),
    (r"(MERGE)\s+INTO\s+", "MERGE"),
    (r"(TRUNCATE)\s+(?:TABLE\s+)?", "TRUNCATE"),
    (r"(CREATE)\s+(?:LOCAL\s+)?(?:TEMP(?:ORARY)?\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?", "CREATE TABLE"),
    (r"(DROP)\s+TABLE\s+(?:IF\s+EXISTS\s+)?", "DROP TABLE"),
    (r"(ALTER)\s+TABLE\s+", "ALTER TABLE"),
)


class Statement(NamedTuple):
    """One string of a list; ``table`` is empty where the statement is about none."""

    sql: str
    verb: str
    table: str

    @property
    def label(self) -> str:
        return f"{self.verb} {self.table}".strip()

    @property
    def counts_rows(self) -> bool:
        return self.verb in {"COPY", "INSERT", "DELETE", "UPDATE", "MERGE"}


def statement(sql: str) -> Statement:
    """``sql`` with the name that it is shown under: of its first statement, a BEGIN aside.

    >>> statement("-- plays\\nINSERT INTO songplays (start_time) SELECT ts FROM staging_events").label
    'INSERT songplays'
    >>> statement('BEGIN; drop table if exists public."Users"').label
    'DROP TABLE public.users'
    >>> statement("vacuum full").label
    'VACUUM FULL'
    """
    start = re.match(rf"{_BLANK}(?:BEGIN(?:\s+(?:TRANSACTION|WORK))?\s*;{_BLANK})?", sql, re.IGNORECASE | re.DOTALL)
    text = sql[start.end() if start else 0 :]
    for pattern, verb in _WITH_TABLE:
        match = re.match(pattern + _NAME, text, re.IGNORECASE)
        if match:
            return Statement(sql, verb, match[2].replace('"', "").lower())
    return Statement(sql, " ".join(re.findall(r"\w+", text)[:2]).upper() or "statement", "")


def load_lists(*names: str) -> list[list[Statement]]:
    """The named lists of sql_queries.py, whoever wrote it; blank strings are left out.

    Raises QueriesError where it cannot be imported or a list is missing or no list of strings.
    """
    module = _imported()
    missing = [name for name in names if not hasattr(module, name)]
    if missing:
        raise QueriesError(f"sql_queries.py has no list {' and no list '.join(missing)}.")
    return [_statements(name, getattr(module, name)) for name in names]


def load_optional(name: str) -> list[Statement]:
    """The named list of sql_queries.py, empty where there is none."""
    return _statements(name, getattr(_imported(), name, []))


def _imported() -> object:
    try:
        return importlib.import_module("sql_queries")
    except WarehouseError:
        raise
    except SyntaxError as error:
        raise QueriesError(f"sql_queries.py, line {error.lineno}: {error.msg}.") from None
    except (configparser.Error, KeyError) as error:
        # The texts of configparser's errors quote the line, and that may be the one with the password.
        key = f" {error}" if isinstance(error, KeyError) else ""
        raise QueriesError(
            f"sql_queries.py finds no configuration ({type(error).__name__}{key}).",
            "It reads dwh.cfg by itself: copy dwh.cfg.example to dwh.cfg and fill in what it asks for.",
        ) from None
    except Exception as error:
        raise QueriesError(f"sql_queries.py cannot be imported: {type(error).__name__}: {error}.") from None


def _statements(name: str, queries: object) -> list[Statement]:
    if not isinstance(queries, list | tuple):
        raise QueriesError(f"{name} in sql_queries.py is no list.")
    wrong = [number for number, query in enumerate(queries, 1) if not isinstance(query, str)]
    if wrong:
        raise QueriesError(f"{name} in sql_queries.py: item {wrong[0]} is no string.")
    return [statement(query) for query in queries if query.strip().strip(";")]
