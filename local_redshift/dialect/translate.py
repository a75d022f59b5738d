"""One Redshift statement in, one Statement out."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

from local_redshift.dialect.statements import Copy, Statement
from local_redshift.dialect.tokens import syntax_error, tokenize
from local_redshift.errors import FeatureNotSupported, RedshiftError

if TYPE_CHECKING:
    from local_redshift.dialect.statements import Catalog
    from local_redshift.dialect.tokens import Token

# Word -> module and function: the parser is loaded when the first statement needs it.
_TRANSLATIONS = {
    "ABORT": ("commands", "end"),
    "ALTER": ("alter_table", "alter"),
    "ANALYSE": ("commands", "analyze"),
    "ANALYZE": ("commands", "analyze"),
    "BEGIN": ("commands", "begin"),
    "CLOSE": ("cursors", "close"),
    "COMMENT": ("comments", "comment"),
    "COMMIT": ("commands", "end"),
    "CREATE": ("definitions", "create"),
    "DEALLOCATE": ("prepared", "deallocate"),
    "DECLARE": ("cursors", "declare"),
    "DELETE": ("changes", "change"),
    "DROP": ("definitions", "drop"),
    "END": ("commands", "end"),
    "EXECUTE": ("prepared", "execute"),
    "EXPLAIN": ("prepared", "explain"),
    "FETCH": ("cursors", "fetch"),
    "GRANT": ("commands", "accepted"),
    "INSERT": ("insert", "insert"),
    "LOCK": ("commands", "lock"),
    "MERGE": ("changes", "merge"),
    "PREPARE": ("prepared", "prepare"),
    "RESET": ("commands", "show"),
    "REVOKE": ("commands", "accepted"),
    "ROLLBACK": ("commands", "end"),
    "SELECT": ("queries", "query"),
    "SET": ("commands", "set_"),
    "SHOW": ("commands", "show"),
    "START": ("commands", "begin"),
    "TRUNCATE": ("changes", "truncate"),
    "UNLOAD": ("unload", "unload"),
    "UPDATE": ("changes", "change"),
    "VACUUM": ("commands", "vacuum"),
    "WITH": ("queries", "query"),
}
_REFUSED_BY_REDSHIFT = {"RELEASE": "RELEASE SAVEPOINT", "DO": "DO"} | {
    word: word for word in ("CHECKPOINT", "CLUSTER", "DISCARD", "LISTEN", "LOAD", "MOVE", "NOTIFY", "REINDEX",
                            "SAVEPOINT", "UNLISTEN")
}  # fmt: skip
_NOT_BUILT = frozenset({"CALL", "CANCEL", "REFRESH", "USE"})
_STANDARD_STREAM = re.compile(r"\b(FROM\s+STDIN|TO\s+STDOUT)\b", re.IGNORECASE)


def translate(source: str, catalog: Catalog) -> Statement:
    """Translate one statement, as ``split`` returns it.

    Raises SyntaxError_ with Redshift's wording and the place, FeatureNotSupported naming what Redshift or the local
    warehouse does not do, and what else can be known without running it: UndefinedTable, UndefinedFunction ...
    """
    first = next(tokenize(source), None)
    if first is None:
        raise syntax_error(source, None)
    if first.word == "COPY":
        return _copy(source)
    place = _TRANSLATIONS.get("SELECT" if first.text == "(" else first.word)
    if place is None:
        raise _refused(first, source)
    module, function = place
    statement: Statement = getattr(import_module(f"local_redshift.dialect.{module}"), function)(source, catalog)
    return statement


def _copy(source: str) -> Copy:
    if _STANDARD_STREAM.search(source):
        raise FeatureNotSupported("COPY FROM STDIN and COPY TO STDOUT are not supported on Redshift")
    return Copy(source=source, tag="COPY")


def _refused(first: Token, source: str) -> RedshiftError:
    if first.word in _REFUSED_BY_REDSHIFT:
        return FeatureNotSupported(f'SQL command "{_REFUSED_BY_REDSHIFT[first.word]}" not supported on Redshift.')
    if first.word in _NOT_BUILT:
        return FeatureNotSupported(f"{first.word} is not supported by the local warehouse")
    return syntax_error(source, first)
