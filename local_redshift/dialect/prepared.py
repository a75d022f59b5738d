"""EXPLAIN, and the prepared statements of SQL: PREPARE, EXECUTE and DEALLOCATE.

https://docs.aws.amazon.com/redshift/latest/dg/r_EXPLAIN.html
https://docs.aws.amazon.com/redshift/latest/dg/r_PREPARE.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_redshift.dialect.columns import read_type
from local_redshift.dialect.statements import CreateTableAs, Deallocate, Explain, Prepare, Query, Write
from local_redshift.dialect.tokens import TokenReader, tokenize
from local_redshift.dialect.translate import translate
from local_redshift.errors import InvalidStatementName, SyntaxError_, UndefinedParameter

if TYPE_CHECKING:
    from local_redshift.dialect.statements import Catalog, Statement


def explain(source: str, catalog: Catalog) -> Explain:
    """EXPLAIN [VERBOSE] query: SELECT, INSERT, UPDATE, DELETE, CREATE TABLE AS and EXECUTE."""
    reader = TokenReader(source)
    reader.expect("EXPLAIN")
    reader.accept("VERBOSE")
    first, statement = reader.current, _inner(reader, catalog)
    if not isinstance(statement, Query | Write | CreateTableAs):
        raise reader.error(first)
    return Explain(source=source, tag="EXPLAIN", sql=statement.sql)


def _inner(reader: TokenReader, catalog: Catalog) -> Statement:
    if reader.current is None or reader.peek("MERGE"):
        raise reader.error()
    return translate(" " * reader.position + reader.rest(), catalog)


def prepare(source: str, catalog: Catalog) -> Prepare:
    """PREPARE name [(type, ...)] AS statement: SELECT, INSERT, UPDATE or DELETE."""
    reader = TokenReader(source)
    reader.expect("PREPARE")
    name = reader.identifier()
    types: list[str] = []
    if reader.accept("("):
        types.append(_parameter_type(reader, name))
        while reader.accept(","):
            types.append(_parameter_type(reader, name))
        reader.expect(")")
    reader.expect("AS")
    first, statement = reader.current, _inner(reader, catalog)
    if not isinstance(statement, Query | Write):
        raise reader.error(first)
    if statement.parameters > len(types):
        raise UndefinedParameter(f"there is no parameter ${statement.parameters}")
    return Prepare(source=source, tag="PREPARE", name=name, text=reader.rest(), types=tuple(types))


def _parameter_type(reader: TokenReader, name: str) -> str:
    """The type's name without its sizes: a parameter is not cut to them."""
    return read_type(reader, name).name


def execute(source: str, catalog: Catalog) -> Statement:
    """EXECUTE name [(value, ...)]: the prepared statement with the values in place of its parameters."""
    reader = TokenReader(source)
    reader.expect("EXECUTE")
    start = reader.position
    name = reader.identifier()
    plan = catalog.prepared(name)
    if plan is None:
        raise InvalidStatementName(f'prepared statement "{name}" does not exist', position=start + 1)
    values = _values(reader) if reader.peek("(") else []
    reader.finish()
    if len(values) != len(plan.types):
        raise SyntaxError_(
            f'wrong number of parameters for prepared statement "{name}"',
            detail=f"Expected {len(plan.types)} parameters but got {len(values)}.",
            position=start + 1,
        )
    return translate(_filled(plan, values), catalog)


def _values(reader: TokenReader) -> list[str]:
    """The texts between the commas of (...)."""
    reader.expect("(")
    values: list[str] = []
    start, depth = reader.position, 1
    while depth:
        token = reader.current
        if token is None:
            raise reader.error()
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0 or (depth == 1 and token.text == ","):
            values.append(reader.source[start : token.start].strip())
            start = token.end
        reader.index += 1
    return [] if values == [""] else values


def _filled(plan: Prepare, values: list[str]) -> str:
    pieces, position = [], 0
    for token in tokenize(plan.text):
        if token.kind == "parameter":
            number = int(token.text[1:]) - 1
            pieces += [plan.text[position : token.start], _value(values[number], plan.types[number])]
            position = token.end
    return "".join([*pieces, plan.text[position:]])


def _value(text: str, kind: str) -> str:
    # A bare NUMERIC would round to whole numbers, a bare CHAR would cut to one byte.
    plain = {"numeric": "", "character": "character varying"}.get(kind, kind)
    return f"CAST(({text}) AS {plain})" if plain else f"({text})"


def deallocate(source: str, _catalog: Catalog) -> Deallocate:
    """DEALLOCATE [PREPARE] name | ALL."""
    reader = TokenReader(source)
    reader.expect("DEALLOCATE")
    reader.accept("PREPARE")
    name = None if reader.accept("ALL") else reader.identifier()
    reader.finish()
    return Deallocate(source=source, tag="DEALLOCATE" if name else "DEALLOCATE ALL", name=name)
