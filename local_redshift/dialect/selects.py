"""The rules for the parts of SELECT that are no expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.dialect.names import output_name
from local_redshift.errors import FeatureNotSupported, InvalidColumnReference, SyntaxError_
from local_redshift.schema import UNSEEN

if TYPE_CHECKING:
    from local_redshift.dialect.scope import Scope

_REFUSED_PARTS = {
    "hint": "optimizer hints",
    "locks": "FOR UPDATE",
    "sample": "TABLESAMPLE",
    "laterals": "LATERAL",
    "distribute": "DISTRIBUTE BY",
    "cluster": "CLUSTER BY",
    "sort": "SORT BY",
    "match": "MATCH_RECOGNIZE",
    "windows": "the WINDOW clause",
    "kind": "SELECT AS",
    "connect": "CONNECT BY",
    "pivots": "PIVOT",
}


def name_columns(node: exp.Expr, _scope: Scope) -> None:
    """Name what the select list leaves unnamed, before the functions in it are rewritten."""
    named: list[exp.Expr] = []
    aliases = {item.alias.lower() for item in node.expressions if isinstance(item, exp.Alias)}
    for item in node.expressions:
        name = output_name(item)
        if name in aliases:  # ``a + 1 AS t, t::date``: both are called t, and a later t means the alias
            name += UNSEEN
        named.append(exp.Alias(this=item, alias=exp.to_identifier(name, quoted=True)) if name else item)
    node.set("expressions", named)


def select(node: exp.Expr, _scope: Scope) -> exp.Expr:
    for part, feature in _REFUSED_PARTS.items():
        if node.args.get(part):
            raise FeatureNotSupported(f"{feature} is not supported")
    if not any(item.is_star for item in node.expressions):
        for clause, words in (("order", "ORDER BY"), ("group", "GROUP BY")):
            _check_positions(node.args.get(clause), words, len(node.expressions))
        if node.args.get("distinct") is not None:
            _check_order_of_distinct(node)
    return node


def _check_order_of_distinct(node: exp.Expr) -> None:
    """SELECT DISTINCT a ... ORDER BY b: which b, of the rows that became one?"""
    selected = {item.alias_or_name.lower() for item in node.expressions}
    selected |= {column.name.lower() for item in node.expressions for column in item.find_all(exp.Column)}
    order = node.args.get("order")
    for item in order.expressions if order is not None else ():
        column = item.this if isinstance(item, exp.Ordered) else item
        if isinstance(column, exp.Column) and column.name.lower() not in selected:
            start = column.this.meta.get("start")
            raise InvalidColumnReference(
                "for SELECT DISTINCT, ORDER BY expressions must appear in select list",
                position=start + 1 if isinstance(start, int) else None,
            )


def _check_positions(clause: exp.Expr | None, words: str, width: int) -> None:
    for item in clause.expressions if clause is not None else ():
        place = item.this if isinstance(item, exp.Ordered) else item
        if isinstance(place, exp.Literal) and not place.is_string:
            _check_position(place, words, width)


def _check_position(place: exp.Literal, words: str, width: int) -> None:
    start = place.meta.get("start")
    position = start + 1 if isinstance(start, int) else None
    if not place.is_int:
        raise SyntaxError_(f"non-integer constant in {words}", position=position)
    if not 1 <= int(place.name) <= width:
        raise SyntaxError_(f"{words} position {place.name} is not in select list", position=position)


def distinct(node: exp.Expr, _scope: Scope) -> exp.Expr:
    if node.args.get("on") is not None:
        raise FeatureNotSupported("SELECT DISTINCT ON is not supported")
    return node


def join(node: exp.Expr, _scope: Scope) -> exp.Expr:
    kind, method = (str(node.args.get(part) or "").upper() for part in ("kind", "method"))
    if kind not in {"", "INNER", "OUTER", "CROSS"} or method not in {"", "NATURAL"}:
        raise SyntaxError_(f'syntax error at or near "{kind or method}"')
    return node


def set_operation(node: exp.Expr, _scope: Scope) -> exp.Expr:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_UNION.html: INTERSECT ALL and EXCEPT ALL do not exist."""
    if not isinstance(node, exp.Union) and not node.args.get("distinct"):
        raise FeatureNotSupported(f"{node.key.upper()} ALL is not supported")
    return node


def star(node: exp.Expr, _scope: Scope) -> exp.Expr:
    for part in ("replace", "rename", "ilike"):
        if node.args.get(part):
            raise SyntaxError_(f'syntax error at or near "{part.upper()}"')
    return node
