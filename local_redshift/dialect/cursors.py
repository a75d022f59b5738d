"""DECLARE, FETCH and CLOSE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_redshift.dialect.queries import query_sql
from local_redshift.dialect.statements import CloseCursor, DeclareCursor, FetchCursor, Query
from local_redshift.dialect.tokens import TokenReader
from local_redshift.errors import FeatureNotSupported

if TYPE_CHECKING:
    from local_redshift.dialect.statements import Catalog


def declare(source: str, catalog: Catalog) -> DeclareCursor:
    """DECLARE name CURSOR FOR query.

    https://docs.aws.amazon.com/redshift/latest/dg/declare.html
    """
    reader = TokenReader(source)
    reader.expect("DECLARE")
    name = reader.identifier()
    for words in (("BINARY",), ("INSENSITIVE",), ("SCROLL",)):
        if reader.peek(*words):
            raise FeatureNotSupported(f"DECLARE CURSOR: {words[0]} is not supported", position=reader.position + 1)
    reader.accept("NO", "SCROLL")
    reader.expect("CURSOR")
    if reader.peek("WITH", "HOLD"):
        raise FeatureNotSupported("DECLARE CURSOR: WITH HOLD is not supported", position=reader.position + 1)
    reader.accept("WITHOUT", "HOLD")
    reader.expect("FOR")
    sql, parameters = query_sql(reader.rest(), catalog, reader.position)
    query = Query(source=reader.rest(), tag="SELECT", sql=sql, parameters=parameters)
    return DeclareCursor(source=source, tag="DECLARE CURSOR", name=name, query=query)


def fetch(source: str, _catalog: Catalog) -> FetchCursor:
    """FETCH [NEXT | ALL | FORWARD [n | ALL] | n] FROM name.

    https://docs.aws.amazon.com/redshift/latest/dg/fetch.html
    """
    reader = TokenReader(source)
    reader.expect("FETCH")
    count: int | None = 1
    if not reader.accept("NEXT"):
        reader.accept("FORWARD")
        if reader.accept("ALL"):
            count = None
        elif reader.current is not None and reader.current.kind == "number":
            count = reader.integer()
        elif any(reader.peek(word) for word in ("BACKWARD", "PRIOR", "FIRST", "LAST", "ABSOLUTE", "RELATIVE", "-")):
            raise FeatureNotSupported("cursors can only fetch forward", position=reader.position + 1)
    reader.accept_any("FROM", "IN")
    name = reader.identifier()
    reader.finish()
    return FetchCursor(source=source, tag="FETCH", name=name, count=count)


def close(source: str, _catalog: Catalog) -> CloseCursor:
    reader = TokenReader(source)
    reader.expect("CLOSE")
    name = None if reader.accept("ALL") else reader.identifier()
    reader.finish()
    return CloseCursor(source=source, tag="CLOSE CURSOR", name=name)
