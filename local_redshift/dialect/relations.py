"""Table references: system relations become views, and no name is ever taken for a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.dialect.functions import GENERATE_SERIES
from local_redshift.dialect.grammar import Template
from local_redshift.dialect.tokens import qualified
from local_redshift.errors import SyntaxError_, UndefinedTable

if TYPE_CHECKING:
    from local_redshift.dialect.scope import Scope

# Where DuckDB finds no table of a name, it reads what looks like a file, and shows catalogs of its own.
_NOT_A_TABLE = re.compile(
    r"\.|/|\\|^(csv|tsv|json|jsonl|ndjson|parquet|db|duckdb|sqlite|xlsx|gz|zst|zip)$|^(duckdb|sqlite|pragma)_"
)


def table(node: exp.Expr, scope: Scope) -> exp.Expr:
    """A system relation becomes its view in rs; a name may never be taken for a file by DuckDB."""
    if isinstance(node.this, Template) and node.this.this.startswith(GENERATE_SERIES):
        return node
    if not isinstance(node.this, exp.Identifier):
        raise SyntaxError_(f'syntax error at or near "{node.this.sql("redshift")}"')
    start = node.this.meta.get("start", 0)
    parts = [part.name for part in (node.args.get("catalog"), node.args.get("db"), node.this) if part is not None]
    name = qualified(parts, scope.catalog.database, start)
    if name.schema is None and name.name in scope.ctes:
        return node
    relation = scope.catalog.system_relation(name)
    if relation is not None:
        database, _, view = relation.partition(".")
        node.set("catalog", None)
        node.set("db", exp.to_identifier(database, quoted=True))
        node.set("this", exp.to_identifier(view, quoted=True))
        if node.args.get("alias") is None:
            node.set("alias", exp.TableAlias(this=exp.to_identifier(name.name, quoted=True)))
        return node
    scope.user_tables = True
    _check_is_table(parts, scope, start)
    if name.schema is not None:
        node.set("catalog", exp.to_identifier("dev", quoted=True))
    return node


def _check_is_table(parts: list[str], scope: Scope, start: int) -> None:
    name = qualified(parts, scope.catalog.database, start)
    if _NOT_A_TABLE.search(name.name) and scope.catalog.table(name) is None:
        raise UndefinedTable(f'relation "{name}" does not exist', position=start + 1)
