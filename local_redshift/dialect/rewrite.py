"""One walk over a tree: Redshift's nodes become DuckDB's, and what is not listed is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.dialect import casts, dates, expressions, patterns, relations, selects, text_sums
from local_redshift.dialect.functions import current_schema
from local_redshift.dialect.grammar import Template, too_deep
from local_redshift.dialect.refusals import refusal
from local_redshift.errors import FeatureNotSupported

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_redshift.dialect.scope import Scope

    Rule = Callable[[exp.Expr, Scope], exp.Expr]


def rewrite(tree: exp.Expr, scope: Scope) -> exp.Expr:
    """Rewrite ``tree`` in place and return its new root."""
    try:
        rewritten = _walk(tree, scope)
    except RecursionError as error:
        raise too_deep() from error
    scope.check_columns(rewritten)
    scope.check_nodes()
    return rewritten


def _walk(node: exp.Expr, scope: Scope) -> exp.Expr:
    kind = type(node)
    prepare = _BEFORE.get(kind)
    if prepare is not None:
        prepare(node, scope)
    for key, value in list(node.args.items()):
        if isinstance(value, exp.Expr):
            new = _walk(value, scope)
            if new is not value:
                node.set(key, new)
        elif isinstance(value, list):
            _walk_list(node, key, value, scope)
    rule = scope.rules.get(kind) or _AFTER.get(kind)
    if rule is not None:
        return rule(node, scope)
    if kind in _PLAIN:
        return node
    raise refusal(node)


def _walk_list(node: exp.Expr, key: str, items: list[object], scope: Scope) -> None:
    changed = False
    new_items: list[object] = []
    for item in items:
        new = _walk(item, scope) if isinstance(item, exp.Expr) else item
        changed = changed or new is not item
        new_items.append(new)
    if changed:
        node.set(key, new_items)


def _identifier(node: exp.Expr, _scope: Scope) -> exp.Expr:
    """Every identifier is lower case, quoted ones too: "MixedCase" is mixedcase.

    https://docs.aws.amazon.com/redshift/latest/dg/r_names.html
    """
    name = node.this
    if not name.islower():
        node.set("this", name.lower())
    return node


def _column(node: exp.Expr, scope: Scope) -> exp.Expr:
    if node.args.get("join_mark"):
        raise FeatureNotSupported("the (+) operator is allowed in the WHERE clause of a SELECT alone")
    if node.args.get("table") is None or node.name == "rowid":
        scope.columns.add(node.name)
    node.set("db", None)  # schema.table.column: the table's name is enough, and it may have become a view's alias
    node.set("catalog", None)
    return node


_BEFORE: dict[type[exp.Expr], Callable[[exp.Expr, Scope], None]] = {
    exp.Add: text_sums.mark,
    exp.Select: selects.name_columns,
}
_AFTER: dict[type[exp.Expr], Rule] = {
    **dict.fromkeys((exp.EQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NEQ), expressions.comparison),
    exp.Add: expressions.total,
    exp.Anonymous: expressions.anonymous,
    exp.AtTimeZone: expressions.at_time_zone,
    exp.Cast: casts.cast,
    exp.Cbrt: expressions.root,
    exp.Column: _column,
    exp.Concat: expressions.adjacent_literals,
    exp.CurrentSchema: current_schema,
    exp.CurrentTime: expressions.current_time,
    exp.CurrentTimestamp: expressions.current_timestamp,
    exp.CurrentUser: expressions.current_user,
    exp.CurrentUserId: expressions.current_user_id,
    exp.Div: expressions.quotient,
    exp.Distinct: selects.distinct,
    exp.Dot: expressions.dot,
    exp.Except: selects.set_operation,
    exp.Extract: dates.extract,
    exp.Identifier: _identifier,
    exp.IgnoreNulls: expressions.window,
    exp.ILike: patterns.like,
    exp.Intersect: selects.set_operation,
    exp.Interval: expressions.interval,
    exp.Join: selects.join,
    exp.Like: patterns.like,
    exp.Mod: expressions.arithmetic,
    exp.Mul: expressions.product,
    exp.Parameter: expressions.parameter,
    exp.Pow: expressions.power,
    exp.RegexpLike: patterns.posix_match,
    exp.RespectNulls: expressions.window,
    exp.Select: selects.select,
    exp.SessionUser: expressions.current_user,
    exp.SimilarTo: patterns.similar_to,
    exp.Sqrt: expressions.root,
    exp.Star: selects.star,
    exp.StrPosition: expressions.position,
    exp.Sub: expressions.addition,
    exp.Substring: expressions.substring,
    exp.Table: relations.table,
    exp.Trim: expressions.trim,
    exp.TryCast: casts.try_cast,
    exp.Union: selects.set_operation,
    exp.Window: expressions.window,
    exp.WithinGroup: expressions.window,
}
_PLAIN: frozenset[type[exp.Expr]] = frozenset({
    exp.Alias, exp.All, exp.And, exp.Any, exp.Between, exp.BitwiseAnd, exp.BitwiseLeftShift,
    exp.BitwiseNot, exp.BitwiseOr, exp.BitwiseRightShift, exp.BitwiseXor, exp.Boolean, exp.CTE, exp.Case, exp.Cube,
    exp.CurrentDate, exp.DPipe, exp.DataType, exp.DataTypeParam, exp.Delete, exp.Escape,
    exp.Exists, exp.From, exp.Group, exp.GroupingSets, exp.Having, exp.If, exp.In, exp.Insert,
    exp.Is, exp.Limit, exp.Literal, exp.Merge, exp.Neg, exp.Not, exp.Null,
    exp.ObjectIdentifier, exp.Offset, exp.Or, exp.Order, exp.Ordered, exp.Paren, exp.Qualify, exp.Rollup,
    exp.Subquery, exp.TableAlias, exp.Tuple, exp.Update, exp.Var, exp.When, exp.Whens, exp.Where,
    exp.WindowSpec, exp.With, Template,
})  # fmt: skip
