"""CREATE, DROP and ALTER of everything but CREATE TABLE's own grammar."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.dialect.catalog_queries import catalog_rules
from local_redshift.dialect.create_table import create_table
from local_redshift.dialect.grammar import to_duckdb
from local_redshift.dialect.queries import parse_query
from local_redshift.dialect.relations import is_common_table
from local_redshift.dialect.rewrite import rewrite
from local_redshift.dialect.scope import Scope
from local_redshift.dialect.statements import CreateSchema, CreateView, DropSchema, DropTable, DropView
from local_redshift.dialect.tables import creation_schema
from local_redshift.dialect.tokens import TokenReader
from local_redshift.errors import FeatureNotSupported
from local_redshift.schema import TableName, literal, quote, view_comment

if TYPE_CHECKING:
    from local_redshift.dialect.statements import Catalog, Statement

_NOT_IN_REDSHIFT = frozenset({
    "AGGREGATE", "CAST", "CONVERSION", "DOMAIN", "EXTENSION", "INDEX", "OPERATOR", "RULE", "SEQUENCE", "TABLESPACE",
    "TRIGGER", "TYPE", "UNIQUE",
})  # fmt: skip
_ACCOUNTS = ("USER", "GROUP", "ROLE")


def create(source: str, catalog: Catalog) -> Statement:
    reader = TokenReader(source)
    reader.expect("CREATE")
    or_replace = reader.accept("OR", "REPLACE")
    if reader.accept("VIEW"):
        return _create_view(reader, catalog, or_replace=or_replace)
    local = reader.accept("LOCAL")
    temporary = reader.accept_any("TEMP", "TEMPORARY") is not None
    if (local and not temporary) or (or_replace and not reader.peek("PROCEDURE") and not reader.peek("FUNCTION")):
        raise reader.error()
    if reader.accept("TABLE"):
        return create_table(reader, catalog, temporary=temporary)
    if reader.accept("SCHEMA"):
        return _create_schema(reader)
    raise _not_created(reader, "CREATE")


def _not_created(reader: TokenReader, verb: str) -> Exception:
    token = reader.current
    word = token.word if token is not None else ""
    if word in _NOT_IN_REDSHIFT:
        what = "INDEX" if word == "UNIQUE" else word
        return FeatureNotSupported(f'SQL command "{verb} {what}" not supported on Redshift.')
    if word in {"DATABASE", "EXTERNAL", "FUNCTION", "LIBRARY", "MATERIALIZED", "MODEL", "PROCEDURE", *_ACCOUNTS}:
        return FeatureNotSupported(f"{verb} {word} is not supported by the local warehouse")
    return reader.error()


def _create_view(reader: TokenReader, catalog: Catalog, *, or_replace: bool) -> CreateView:
    """CREATE [OR REPLACE] VIEW name [(columns)] AS query [WITH NO SCHEMA BINDING].

    https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_VIEW.html
    """
    name = reader.table_name(catalog.database)
    view = replace(name, schema=name.schema or creation_schema(catalog))
    columns = reader.names_in_parentheses() if reader.peek("(") else ()
    reader.expect("AS")
    start = reader.position
    query = _LATE_BINDING.sub("", reader.rest())
    parsed = _qualified(parse_query(query, start), catalog)
    scope = Scope(catalog, stored=True, rules=catalog_rules(parsed, query, catalog))
    tree = rewrite(parsed, scope)
    replacing = "OR REPLACE " if or_replace else ""
    listed = f" ({', '.join(quote(column) for column in columns)})" if columns else ""
    step = f"CREATE {replacing}VIEW {view.sql}{listed} AS {to_duckdb(tree)}"
    steps = (step, f"COMMENT ON VIEW {view.sql} IS {literal(view_comment(query))}")
    return CreateView(source=reader.source, tag="CREATE VIEW", steps=steps, view=view, or_replace=or_replace)


_LATE_BINDING = re.compile(r"\s+WITH\s+NO\s+SCHEMA\s+BINDING\s*$", re.IGNORECASE)


def _qualified(tree: exp.Query, catalog: Catalog) -> exp.Query:
    """Fix the schema of every table: the search path of the reader must not matter."""
    for node in tree.find_all(exp.Table):
        name = node.name.lower()
        if node.args.get("db") is None and not is_common_table(node, name):
            table = catalog.table(TableName(name))
            if table is not None and not table.temporary and table.name.schema:
                node.set("db", exp.to_identifier(table.name.schema, quoted=True))
    return tree


def _create_schema(reader: TokenReader) -> CreateSchema:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_SCHEMA.html."""
    if_not_exists = reader.accept("IF", "NOT", "EXISTS")
    if reader.accept("AUTHORIZATION"):
        schema = reader.identifier()
    else:
        schema = reader.identifier()
        if reader.accept("AUTHORIZATION"):
            reader.identifier()
    if reader.accept("QUOTA") and not reader.accept("UNLIMITED"):
        reader.take("number")
        reader.accept_any("MB", "GB", "TB")
    reader.finish()
    return CreateSchema(source=reader.source, tag="CREATE SCHEMA", schema=schema, if_not_exists=if_not_exists)


def drop(source: str, catalog: Catalog) -> Statement:
    """DROP TABLE, VIEW and SCHEMA, several at once."""
    reader = TokenReader(source)
    reader.expect("DROP")
    kind = reader.accept_any("TABLE", "VIEW", "SCHEMA")
    if kind is None:
        raise _not_created(reader, "DROP")
    if_exists = reader.accept("IF", "EXISTS")
    names = [reader.table_name(catalog.database)]
    while reader.accept(","):
        names.append(reader.table_name(catalog.database))
    cascade = reader.accept_any("CASCADE", "RESTRICT") == "CASCADE"
    reader.finish()
    tag = f"DROP {kind}"
    if kind == "TABLE":
        return DropTable(source=source, tag=tag, tables=tuple(names), if_exists=if_exists, cascade=cascade)
    if kind == "VIEW":
        return DropView(source=source, tag=tag, views=tuple(names), if_exists=if_exists, cascade=cascade)
    schemas = tuple(name.name for name in names)
    return DropSchema(source=source, tag=tag, schemas=schemas, if_exists=if_exists, cascade=cascade)
