"""SELECT: from text to DuckDB SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.dialect.catalog_queries import catalog_query
from local_redshift.dialect.grammar import parse, parse_expression, to_duckdb
from local_redshift.dialect.rewrite import rewrite
from local_redshift.dialect.scope import Scope
from local_redshift.dialect.statements import CreateTableAs, Query
from local_redshift.dialect.tokens import qualified
from local_redshift.errors import FeatureNotSupported, SyntaxError_
from local_redshift.schema import TableName

if TYPE_CHECKING:
    from local_redshift.data_types import RedshiftType
    from local_redshift.dialect.statements import Catalog, Statement


def parse_query(sql: str, offset: int = 0) -> exp.Query:
    """The tree of a SELECT. Raises SyntaxError_ for anything else."""
    return _as_query(parse(sql, offset), sql, offset)


def _as_query(tree: exp.Expr, sql: str, offset: int) -> exp.Query:
    while isinstance(tree, exp.Paren | exp.Subquery) and not tree.args.get("with_"):
        inner = tree.this
        if not isinstance(inner, exp.Query) or any(tree.args.get(part) for part in ("order", "limit", "offset")):
            break
        tree = inner
    if not isinstance(tree, exp.Query) or isinstance(tree, exp.Table):
        first = sql.split(None, 1)[0] if sql.strip() else sql
        raise SyntaxError_(f'syntax error at or near "{first}"', position=offset + 1)
    return tree


def query(source: str, catalog: Catalog) -> Statement:
    """SELECT, SELECT INTO, and the statements that may begin with WITH."""
    if found := catalog_query(source, catalog):
        return found
    parsed = parse(source)
    if isinstance(parsed, exp.Update | exp.Delete):
        from local_redshift.dialect import changes

        return changes.change(source, catalog)
    tree = _as_query(parsed, source, 0)
    into = _take_into(tree)
    scope = Scope(catalog)
    if into is not None:
        return _select_into(source, tree, into, scope)
    return Query(source=source, tag="SELECT", sql=to_duckdb(rewrite(tree, scope)), parameters=scope.parameters)


def _take_into(tree: exp.Expr) -> exp.Into | None:
    """The INTO of the first SELECT, cut out: it names the table for the whole UNION."""
    while isinstance(tree, exp.SetOperation | exp.Subquery | exp.Paren):
        tree = tree.this
    into: exp.Into | None = tree.args.get("into")
    tree.set("into", None)
    return into


def _select_into(source: str, tree: exp.Query, into: exp.Into, scope: Scope) -> CreateTableAs:
    from local_redshift.dialect.create_table import into_draft
    from local_redshift.dialect.sizes import string_sizes

    if not isinstance(into.this, exp.Table):
        raise SyntaxError_('syntax error at or near "INTO"')
    parts = [part.name.lower() for part in into.this.parts]
    name = qualified(parts, scope.catalog.database, 0)
    temporary = bool(into.args.get("temporary"))
    draft = into_draft(name, scope.catalog, temporary=temporary)
    return CreateTableAs(
        source=source,
        tag="SELECT",
        sizes=string_sizes(tree, scope.catalog),
        sql=to_duckdb(rewrite(tree, scope)),
        draft=draft,
        table=TableName(draft.name.name) if draft.temporary else draft.name,
        temporary=draft.temporary,
    )


def query_sql(sql: str, catalog: Catalog, offset: int = 0, *, stored: bool = False) -> tuple[str, int]:
    """DuckDB SQL of a query inside another statement, and the highest parameter in it."""
    tree = parse_query(sql, offset)
    into = tree.find(exp.Into)
    if into is not None:
        raise FeatureNotSupported("SELECT INTO is not allowed here")
    scope = Scope(catalog, stored=stored)
    return to_duckdb(rewrite(tree, scope)), scope.parameters


def sized_query_sql(sql: str, catalog: Catalog, offset: int) -> tuple[str, int, tuple[RedshiftType | None, ...]]:
    """``query_sql`` and what is known of the sizes of the query's strings."""
    from local_redshift.dialect.sizes import string_sizes

    sizes = string_sizes(parse_query(sql, offset), catalog)
    return *query_sql(sql, catalog, offset), sizes


def expression_sql(sql: str, catalog: Catalog, offset: int = 0) -> str:
    """DuckDB SQL of a default: it is evaluated when a row is inserted, long after this."""
    tree = parse_expression(sql, offset)
    if tree.find(exp.Column) is not None:
        raise SyntaxError_("cannot use column references in default expression", position=offset + 1)
    return to_duckdb(rewrite(tree, Scope(catalog, stored=True)))
