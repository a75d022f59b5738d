"""Where in a statement an error lies: the engine tells names, clients show ``LINE 2:`` and a caret.

Nothing here is done for statements that succeed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.dialect.grammar import parse
from local_redshift.dialect.tokens import tokenize
from local_redshift.errors import GroupingError, RedshiftError, UndefinedColumn

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_redshift.dialect.tokens import Token

    Find = Callable[[exp.Expr, re.Match[str]], exp.Expr | None]


_LONGEST = 200_000  # characters: in an INSERT of megabytes nobody wants to wait for a caret


def place(error: RedshiftError, source: str, offset: int = 0) -> None:
    """Give ``error`` its position in the client's query string; ``source`` starts ``offset`` characters into it."""
    if error.position is None and len(source) <= _LONGEST:
        _find_place(error, source)
    if error.position is not None:
        error.position += offset


def _find_place(error: RedshiftError, source: str) -> None:
    if error.message.startswith("function sum(") and not re.search(r"\bsum\s*\(", source, re.IGNORECASE):
        error.message = error.message.replace("sum", "avg", 1)  # avg is a sum, divided
    if match := _COMPARED.fullmatch(error.message):
        _tell_comparison(error, source, match)
        return
    for pattern, find in _IN_TREE:
        if match := pattern.fullmatch(error.message):
            tree = _tree(source)
            node = find(tree, match) if tree is not None else None
            if node is not None:
                error.position = _start(node)
                _tell_tables(error, node)
                _tell_schema(error, node)
                return
    if match := _TWICE.fullmatch(error.message):
        error.position = _last_token(source, match["name"])
        return
    if match := _NEAR.fullmatch(error.message):
        error.position = _first_token(source, match["text"])
        return
    for pattern in _AS_TOKEN:
        if match := pattern.fullmatch(error.message):
            error.position = _only_token(source, match["name"])
            return


def _tell_comparison(error: RedshiftError, source: str, match: re.Match[str]) -> None:
    """The engine does not say which comparison it cannot make: it is known where there is only one kind."""
    found = [token for token in tokenize(source) if token.text in _COMPARISONS]
    if len({token.text for token in found}) == 1:
        error.message = f"operator does not exist: {match['left']} {found[0].text} {match['right']}"
    if len(found) == 1:
        error.position = found[0].start + 1


def _tree(source: str) -> exp.Expr | None:
    """The statement, or the query in it where the rest is parsed by hand; None if that is too much for the parser."""
    tokens = list(tokenize(source))
    starts = [0] if tokens and (tokens[0].word in _PARSED or tokens[0].text == "(") else []
    starts += [token.start for token in tokens[1:] if token.word in {"SELECT", "WITH"}][:1]
    for start in starts:
        try:
            return parse(source[start:], start)
        except RedshiftError:
            continue
    return None


def _start(node: exp.Expr) -> int | None:
    """The position of a name, counted from 1; of its first part where it is qualified."""
    parts = [node.args.get(key) for key in ("catalog", "db", "table", "this")]
    named = [part for part in (*parts, node) if isinstance(part, exp.Expr) and "start" in part.meta]
    return int(named[0].meta["start"]) + 1 if named else None


def _tell_tables(error: RedshiftError, node: exp.Expr) -> None:
    """``column "x" does not exist in t``, with the tables that were searched; ``column "t.x" must appear ...``."""
    query = node.find_ancestor(exp.Select, exp.Update, exp.Delete)
    if not isinstance(node, exp.Column) or query is None:
        return
    names = _table_names(query)
    if type(error) is UndefinedColumn and not node.table and names:
        error.message += f" in {', '.join(names)}"
    if type(error) is GroupingError and (node.table or len(names) == 1):
        name = f"{(node.table or names[0]).lower()}.{node.name.lower()}"
        error.message = re.sub(r'^column "[^"]+"', lambda _: f'column "{name}"', error.message)


def _tell_schema(error: RedshiftError, node: exp.Expr) -> None:
    """``relation "dw.t" does not exist``, where the statement named the schema."""
    if isinstance(node, exp.Table) and node.db:
        error.message = f'relation "{node.db.lower()}.{node.name.lower()}" does not exist'


def _table_names(query: exp.Expr) -> list[str]:
    source = query.args.get("from_")
    sources = [query.this if isinstance(query, exp.Update | exp.Delete) else None, source.this if source else None]
    sources += [join.this for join in query.args.get("joins") or []]
    return [item.alias_or_name.lower() for item in sources if item is not None and item.alias_or_name]


def _columns(tree: exp.Expr, name: str) -> list[exp.Column]:
    return [column for column in tree.find_all(exp.Column, bfs=False) if column.name.lower() == name]


def _first(nodes: list[exp.Column], *, bare: bool) -> exp.Column | None:
    return next((node for node in nodes if bool(node.table) is not bare), None)


def _bare_column(tree: exp.Expr, match: re.Match[str]) -> exp.Expr | None:
    return _first(_columns(tree, match["name"]), bare=True)


def _any_column(tree: exp.Expr, match: re.Match[str]) -> exp.Expr | None:
    found = _columns(tree, match["name"].rpartition(".")[2])
    return _first(found, bare=True) or _first(found, bare=False)


def _qualified_column(tree: exp.Expr, match: re.Match[str]) -> exp.Expr | None:
    return next((c for c in _columns(tree, match["name"]) if c.table.lower() == match["table"]), None)


def _column_of_table(tree: exp.Expr, match: re.Match[str]) -> exp.Expr | None:
    return next((c for c in tree.find_all(exp.Column, bfs=False) if c.table.lower() == match["name"]), None)


def _table(tree: exp.Expr, match: re.Match[str]) -> exp.Expr | None:
    name = match["name"].rpartition(".")[2]
    return next((table for table in tree.find_all(exp.Table, bfs=False) if table.name.lower() == name), None)


def _call(tree: exp.Expr, match: re.Match[str]) -> exp.Expr | None:
    return next((c for c in tree.find_all(exp.Anonymous, bfs=False) if c.name.lower() == match["name"].lower()), None)


def _only_token(source: str, value: str) -> int | None:
    """Where a name or literal stands, if it stands there alone."""
    found: list[Token] = [token for token in tokenize(source) if token.value == value]
    return found[0].start + 1 if len(found) == 1 else None


def _last_token(source: str, value: str) -> int | None:
    """Where the second of two equal names stands."""
    found = [token for token in tokenize(source) if token.value == value]
    return found[-1].start + 1 if len(found) > 1 else None


def _first_token(source: str, text: str) -> int | None:
    return next((token.start + 1 for token in tokenize(source) if token.text.upper() == text.upper()), None)


_IN_TREE: tuple[tuple[re.Pattern[str], Find], ...] = tuple(
    (re.compile(pattern, re.DOTALL), find)
    for pattern, find in (
        (r'column "(?P<name>[^"]+)" does not exist', _bare_column),
        (r"column (?P<table>[^\s\"]+)\.(?P<name>[^\s\"]+) does not exist", _qualified_column),
        (r'column reference "(?P<name>[^"]+)" is ambiguous', _bare_column),
        (r'column "(?P<name>[^"]+)" must appear in the GROUP BY.*', _any_column),
        (r'relation "(?P<name>[^"]+)" does not exist', _table),
        (r'missing FROM-clause entry for table "(?P<name>[^"]+)"', _column_of_table),
        (r"function (?P<name>\w+)\(.*\) (?:does not exist|is not unique)", _call),
    )
)
_TWICE = re.compile(r'column "(?P<name>[^"]+)" specified more than once')
_NEAR = re.compile(r'syntax error at or near "(?P<text>.+)"')
_PARSED = frozenset({"DELETE", "INSERT", "SELECT", "UPDATE", "WITH"})
_COMPARED = re.compile(r"operator does not exist: (?P<left>.+) = (?P<right>.+)")
_COMPARISONS = frozenset({"=", "<", ">", "<=", ">=", "<>", "!="})
_AS_TOKEN = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r'type "(?P<name>[^"]+)" does not exist',
        r'column "(?P<name>[^"]+)" (?:of relation "[^"]+" does not exist|named in key.*)',
        r'invalid input syntax for [\w ]+: "(?P<name>.*)"',
        r'date/time field value out of range: "?(?P<name>.*?)"?',
        r'[Rr]elation "(?:[^".]+\.)?(?P<name>[^"]+)" (?:does not exist|already exists)',
        r'(?:Table|View|Schema|view|schema) "(?P<name>[^"]+)" (?:does not exist|already exists)',
        r"operator does not exist: \S+(?: [a-z ]+?)? (?P<name>[^\w\s]+) .*",
        r'encoding type "(?P<name>[^"]+)" does not exist',
    )
)
