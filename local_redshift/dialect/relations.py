"""Table references: system relations become views, and no name is ever taken for a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.dialect.functions import GENERATE_SERIES
from local_redshift.dialect.grammar import Template, to_duckdb
from local_redshift.dialect.reserved import RESERVED
from local_redshift.dialect.tokens import qualified
from local_redshift.errors import FeatureNotSupported, SyntaxError_, UndefinedTable

if TYPE_CHECKING:
    from local_redshift.dialect.scope import Scope

# Where DuckDB finds no table of a name, it reads what looks like a file, and shows catalogs of its own.
_NOT_A_TABLE = re.compile(
    r"\.|/|\\|^(csv|tsv|json|jsonl|ndjson|parquet|db|duckdb|sqlite|xlsx|gz|zst|zip)$|^(duckdb|sqlite|pragma|pg)_"
)
_SYSTEM_VIEW = re.compile(r"(stl|stv|svl|svv|svcs|sys)_")


def table(node: exp.Expr, scope: Scope) -> exp.Expr:
    """A system relation becomes its view in rs; a name may never be taken for a file by DuckDB."""
    if isinstance(node.this, Template) and node.this.this.startswith(GENERATE_SERIES):
        return node
    if not isinstance(node.this, exp.Identifier):
        raise SyntaxError_(f'syntax error at or near "{to_duckdb(node.this)}"')
    start = node.this.meta.get("start", 0)
    if not node.args.get("db") and not node.this.quoted and node.name.upper() in RESERVED:
        raise SyntaxError_(f'syntax error at or near "{node.name}"', position=start + 1)
    scope.relations.append(node.alias_or_name.lower())
    if "" in (node.args.get("catalog"), node.args.get("db")):
        raise SyntaxError_('syntax error at or near "."', position=start)
    parts = [part.name for part in (node.args.get("catalog"), node.args.get("db"), node.this) if part is not None]
    name = qualified(parts, scope.catalog.database, start)
    if name.schema is None and is_common_table(node, name.name):
        return node
    relation = scope.catalog.system_relation(name)
    scope.tables.append(scope.catalog.table(name) if relation is None else None)
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


def is_common_table(node: exp.Expr, name: str) -> bool:
    """Whether a bare ``name`` means a WITH query where ``node`` stands: one of a query around it.

    A WITH query sees those before it, and itself only if RECURSIVE.
    """
    child: exp.Expr = node
    while (parent := child.parent) is not None:
        with_, seen = parent.args.get("with_"), []
        if isinstance(parent, exp.With):
            own = next(index for index, cte in enumerate(parent.expressions) if cte is child)
            seen = parent.expressions[: own + 1 if parent.args.get("recursive") else own]
        elif with_ is not None and with_ is not child:
            seen = with_.expressions
        if any(cte.alias.lower() == name for cte in seen):
            return True
        child = parent
    return False


def _check_is_table(parts: list[str], scope: Scope, start: int) -> None:
    name = qualified(parts, scope.catalog.database, start)
    if _SYSTEM_VIEW.match(name.name) and name.schema in (None, "pg_catalog") and scope.catalog.table(name) is None:
        raise FeatureNotSupported(
            f'system view "{name.name}" is not supported by the local warehouse', position=start + 1
        )
    if _NOT_A_TABLE.search(name.name) and scope.catalog.table(name) is None:
        raise UndefinedTable(f'relation "{name}" does not exist', position=start + 1)
