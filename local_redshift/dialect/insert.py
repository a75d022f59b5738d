"""INSERT: fewer values than columns fill the first ones, IDENTITY columns take no value.

https://docs.aws.amazon.com/redshift/latest/dg/r_INSERT_30.html
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.dialect.date_texts import MOMENTS, iso_text, iso_time
from local_redshift.dialect.grammar import parse, template, to_duckdb
from local_redshift.dialect.number_formats import braced
from local_redshift.dialect.queries import parse_query
from local_redshift.dialect.rewrite import rewrite
from local_redshift.dialect.scope import Scope
from local_redshift.dialect.statements import Assigned, Write
from local_redshift.dialect.tables import target_table
from local_redshift.dialect.tokens import TokenReader, string_value
from local_redshift.errors import (
    DuplicateColumn,
    FeatureNotSupported,
    InvalidText,
    RedshiftError,
    SyntaxError_,
    UndefinedColumn,
)
from local_redshift.schema import TableName, literal, quote

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_redshift.dialect.statements import Catalog
    from local_redshift.schema import Table

    Readers = list[Callable[[str], str] | None]


def insert(source: str, catalog: Catalog) -> Write:
    reader = TokenReader(source)
    reader.expect("INSERT", "INTO")
    start = reader.position
    name = reader.table_name(catalog.database)
    table = target_table(name, catalog, start)
    columns = _listed_columns(reader, table)
    scope = Scope(catalog)
    if reader.accept("DEFAULT", "VALUES"):
        reader.finish()
        return _write(source, table, scope, "", "DEFAULT VALUES")
    if reader.peek("VALUES"):
        rows, defaults = _values(reader, scope, _literal_readers(table, columns))
        count: int | None = len(defaults)
        untyped = None
    else:
        rows, count, untyped = _query(reader, scope)
        defaults = [False] * (count or 0)
    targets = _targets(table, columns, count)
    _refuse_identity(table, targets, defaults)
    names = f" ({', '.join(quote(column) for column in targets)})" if columns or count is not None else ""
    written = _write(source, table, scope, names, rows)
    if untyped is None or scope.parameters:
        return written
    return replace(written, assigned=_assigned(rows, table, targets, untyped))


def _write(source: str, table: Table, scope: Scope, names: str, rows: str) -> Write:
    sql = f"INSERT INTO {table.name.sql}{names} {rows}"
    return Write(source=source, tag="INSERT", sql=sql, table=table.name, parameters=scope.parameters)


def _assigned(query: str, table: Table, targets: tuple[str, ...], untyped: frozenset[int]) -> Assigned:
    known = {column.name: column for column in table.columns}
    columns = (None if index in untyped else known[name] for index, name in enumerate(targets))
    return Assigned(query=query, columns=tuple(columns))


def _listed_columns(reader: TokenReader, table: Table) -> tuple[str, ...]:
    if not reader.peek("(") or any(reader.peek("(", word) for word in ("SELECT", "WITH", "(")):
        return ()
    columns = reader.names_in_parentheses()
    known = {column.name for column in table.columns}
    for index, column in enumerate(columns):
        if column not in known:
            _read_on(reader)
            raise UndefinedColumn(f'column "{column}" of relation "{table.name.name}" does not exist')
        if column in columns[:index]:
            raise DuplicateColumn(f'column "{column}" specified more than once')
    return columns


def _read_on(reader: TokenReader) -> None:
    """Redshift reads the whole statement before it looks for columns: an error of syntax comes first."""
    if reader.current is not None and not reader.peek("VALUES") and not reader.peek("DEFAULT", "VALUES"):
        parse_query(reader.rest(), reader.position)


def _targets(table: Table, columns: tuple[str, ...], count: int | None) -> tuple[str, ...]:
    """The columns that get a value. ``count`` is None where a star hides how many there are."""
    every = columns or tuple(column.name for column in table.columns)
    if count is None:
        return every
    if count > len(every):
        raise SyntaxError_("INSERT has more expressions than target columns")
    if columns and count < len(columns):
        raise SyntaxError_("INSERT has more target columns than expressions")
    return every[:count]


def _refuse_identity(table: Table, targets: tuple[str, ...], defaults: list[bool]) -> None:
    """``defaults`` says for each value whether every row has DEFAULT there."""
    always = {column.name for column in table.columns if column.identity and column.identity.always}
    for index, column in enumerate(targets):
        if column in always and not (index < len(defaults) and defaults[index]):
            raise FeatureNotSupported("cannot set an identity column to a value")


def _query(reader: TokenReader, scope: Scope) -> tuple[str, int | None, frozenset[int] | None]:
    """The SELECT in DuckDB's terms, its width and its bare literals."""
    if reader.current is None:
        raise reader.error()
    tree = parse_query(reader.rest(), reader.position)
    if tree.find(exp.Into) is not None:
        raise SyntaxError_("SELECT INTO is not allowed here")
    count, untyped = _width(tree, scope.catalog), _untyped(tree)
    return to_duckdb(rewrite(tree, scope)), count, untyped


def _untyped(tree: exp.Expr) -> frozenset[int] | None:
    """The places of bare literals; None where a star moves them."""
    if isinstance(tree, exp.SetOperation):
        left, right = _untyped(tree.left), _untyped(tree.right)
        return None if left is None or right is None else left | right
    if not isinstance(tree, exp.Select):
        return _untyped(tree.this) if isinstance(tree, exp.Subquery | exp.Paren) else None
    places = frozenset(i for i, item in enumerate(tree.expressions) if item.unalias().unnest().is_string)
    return None if places and any(item.is_star for item in tree.expressions) else places


def _width(tree: exp.Query, catalog: Catalog) -> int | None:
    """How many columns a query has; None if a star over more than one plain table hides it."""
    select: exp.Expr = tree
    while not isinstance(select, exp.Select):
        if not isinstance(select, exp.SetOperation | exp.Subquery | exp.Paren):
            return None
        select = select.this
    if not any(item.is_star for item in select.expressions):
        return len(select.expressions)
    source = select.args.get("from_")
    if len(select.expressions) > 1 or select.args.get("joins") or source is None or tree.args.get("with_"):
        return None
    if not isinstance(source.this, exp.Table) or select.expressions[0].args.get("except_"):
        return None
    parts = [part.name.lower() for part in source.this.parts]
    table = catalog.table(TableName(parts[-1], parts[-2] if len(parts) > 1 else None))
    return len(table.columns) if table is not None else None


# One value of a VALUES list and what follows it: drivers write literals, and casts of them, and little else.
_VALUE = re.compile(
    r"""\s*(?:
    (?P<string>'[^'\\]*(?:(?:\\.|'')[^'\\]*)*')\s*(?:::\s*(?P<cast>timestamptz|timestamp|date)\b)?
    | (?P<number>[+-]?\s*(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)
    | (?P<word>null|true|false|default)\b
    )\s*(?P<end>[,)])""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ROW_START = re.compile(r"\s*\(")
_NEXT_ROW = re.compile(r"\s*,\s*\(")


def _values(reader: TokenReader, scope: Scope, readers: Readers) -> tuple[str, list[bool]]:
    """VALUES (...), ...: lists of literals are copied value by value, thirty times as fast as by parsing them."""
    start = reader.position + len("VALUES")
    return _literal_rows(reader.source, start, readers) or _parsed_rows(reader, scope, readers)


def _literal_readers(table: Table, columns: tuple[str, ...]) -> Readers:
    """For each target column how a string for it is read; None where DuckDB reads it as Redshift does."""
    kinds = {column.name: column.type.name for column in table.columns}
    return [_READERS.get(kinds[name].partition(" ")[0]) for name in columns or kinds]


def _moment(text: str) -> str:
    return MOMENTS.get(text.lower()) or literal(iso_text(text))


def _integer(text: str) -> str:
    if not _INTEGER.fullmatch(text):
        raise InvalidText(f'invalid input syntax for integer: "{text}"')
    return text.strip()


_INTEGER = re.compile(r"\s*[+-]?\d+\s*")
_READERS: dict[str, Callable[[str], str]] = {
    "date": _moment,
    "timestamp": _moment,
    "time": lambda text: literal(iso_time(text)),
    **dict.fromkeys(("smallint", "integer", "bigint"), _integer),
}


def _literal_rows(source: str, position: int, readers: Readers) -> tuple[str, list[bool]] | None:
    """The rows and which columns have DEFAULT in every row; None if there is more in them than literals."""
    rows: list[str] = []
    defaults: list[bool] = []
    opening = _ROW_START.match(source, position)
    while opening is not None:
        row, position = _literal_row(source, opening.end(), readers)
        if not row or (rows and len(row) != len(defaults)):
            return None
        here = [value == "DEFAULT" for value in row]
        defaults = [a and b for a, b in zip(defaults, here, strict=True)] if rows else here
        rows.append(f"({', '.join(row)})")
        opening = _NEXT_ROW.match(source, position)
    if not rows or source[position:].strip():
        return None
    return f"VALUES {', '.join(rows)}", defaults


def _literal_row(source: str, position: int, readers: Readers) -> tuple[list[str], int]:
    row: list[str] = []
    while True:
        match = _VALUE.match(source, position)
        if match is None:
            return [], position
        row.append(_literal_value(match, readers[len(row)] if len(row) < len(readers) else None))
        position = match.end()
        if match["end"] == ")":
            return row, position


def _literal_value(match: re.Match[str], read: Callable[[str], str] | None) -> str:
    if match["string"] is None:
        return match["number"] or match["word"].upper()
    text = match["string"]
    if read is not None or "\\" in text:
        text = (read or literal)(string_value(text))
    return f"CAST({text} AS {match['cast'].upper()})" if match["cast"] else text


def _parsed_rows(reader: TokenReader, scope: Scope, readers: Readers) -> tuple[str, list[bool]]:
    if not reader.peek("VALUES", "("):
        reader.index += 1
        raise reader.error()
    tree = parse(reader.rest(), reader.position)
    if not isinstance(tree, exp.Values) or any(tree.args.get(part) for part in ("alias", "order", "limit")):
        raise reader.error()
    rows = [row for row in tree.expressions if isinstance(row, exp.Tuple)]
    if len(rows) != len(tree.expressions) or len({len(row.expressions) for row in rows}) != 1:
        raise SyntaxError_("VALUES lists must all be the same length")
    if len(rows) > 1 and tree.find(exp.Query) not in {None, tree}:
        raise RedshiftError("can't use subqueries in multi-row VALUES")
    defaults = [all(_is_default(row.expressions[i]) for row in rows) for i in range(len(rows[0].expressions))]
    for row in rows:
        read = [*readers, *[None] * len(row.expressions)]
        row.set("expressions", [_rewritten(value, read[i], scope) for i, value in enumerate(row.expressions)])
    return to_duckdb(tree), defaults


def _rewritten(value: exp.Expr, read: Callable[[str], str] | None, scope: Scope) -> exp.Expr:
    return template(braced(read(value.name))) if read is not None and value.is_string else rewrite(value, scope)


def _is_default(value: exp.Expr) -> bool:
    return isinstance(value, exp.Var) and value.name.upper() == "DEFAULT"
