"""Aggregates and window functions whose form or result differs.

An aggregate may be wrapped: ``f(x) WITHIN GROUP (...) IGNORE NULLS OVER (...)``. It is rewritten when
the outermost wrapper is reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.dialect.grammar import template
from local_redshift.errors import FeatureNotSupported, SyntaxError_, UndefinedFunction

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_redshift.dialect.scope import Scope

WRAPPERS = (exp.Window, exp.WithinGroup, exp.IgnoreNulls, exp.RespectNulls)

_FRAMED = frozenset({
    "avg", "bool_and", "bool_or", "count", "first_value", "last_value", "max", "min", "nth_value", "stddev",
    "stddev_pop", "stddev_samp", "sum", "var_pop", "var_samp", "variance",
})  # fmt: skip
_COMPUTE_ONLY = frozenset({"listagg", "median", "percentile_cont", "percentile_disc"})


def is_wrapped(node: exp.Expr) -> bool:
    """Whether ``node`` is the function inside a wrapper, not an operand of it."""
    return isinstance(node.parent, WRAPPERS) and node.arg_key == "this"


def wrapped(node: exp.Expr, scope: Scope) -> exp.Expr:
    """Rewrite a whole aggregate, wrappers and all, once its outermost wrapper is reached."""
    if is_wrapped(node):
        return node
    call = _innermost(node)
    if isinstance(call, exp.Anonymous):
        return aggregate(node, call, scope)
    return node


def aggregate(node: exp.Expr, call: exp.Anonymous, scope: Scope) -> exp.Expr:
    name = call.name.lower()
    if name in _COMPUTE_ONLY:
        scope.compute_functions.add(name.upper())
    _check_frame(node, name)
    _move_null_treatment(node)
    rewrite = _AGGREGATES.get(name)
    if rewrite and not call.expressions:
        raise UndefinedFunction(f"function {call.name}() does not exist")
    return rewrite(node, call) if rewrite else node


def _innermost(node: exp.Expr) -> exp.Expr:
    while isinstance(node, WRAPPERS):
        node = node.this
    return node


def _check_frame(node: exp.Expr, name: str) -> None:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_Window_function_synopsis.html"""
    if isinstance(node, exp.Window) and name in _FRAMED and node.args.get("order") and not node.args.get("spec"):
        raise FeatureNotSupported("Aggregate window functions with an ORDER BY clause require a frame clause")


def _move_null_treatment(node: exp.Expr) -> None:
    """``lag(x, 1) IGNORE NULLS OVER`` -> ``lag(x, 1 IGNORE NULLS) OVER``; DuckDB reads it inside alone."""
    treatment = node.find(exp.IgnoreNulls, exp.RespectNulls)
    if treatment is None:
        return
    call = treatment.this if isinstance(treatment.this, exp.Anonymous) else treatment.parent
    if not isinstance(call, exp.Anonymous) or not call.expressions:
        return
    if treatment.this is call:
        treatment.replace(call)
    else:
        treatment.replace(treatment.this)
    if isinstance(treatment, exp.IgnoreNulls):
        last = call.expressions[-1]
        call.set("expressions", [*call.expressions[:-1], template("{0} IGNORE NULLS", last)])


def _renamed(node: exp.Expr, name: str) -> exp.Expr:
    copy = node.copy()
    _innermost(copy).set("this", name)
    return copy


def _average(node: exp.Expr, _call: exp.Anonymous) -> exp.Expr:
    """AVG of integers is a whole number; the sum's type is the result's.

    https://docs.aws.amazon.com/redshift/latest/dg/r_AVG.html
    """
    return template("cast_to_type({0} / {1}, {0})", _renamed(node, "sum"), _renamed(node, "count"))


def _ratio_to_report(node: exp.Expr, call: exp.Anonymous) -> exp.Expr:
    if not isinstance(node, exp.Window):
        raise SyntaxError_("ratio_to_report is a window function: it needs an OVER clause")
    return template("(CAST({0} AS DOUBLE) / {1})", call.expressions[0].copy(), _renamed(node, "sum"))


def _listagg(node: exp.Expr, call: exp.Anonymous) -> exp.Expr:
    """LISTAGG([DISTINCT] x [, separator]) [WITHIN GROUP (ORDER BY ...)] [OVER (PARTITION BY ...)].

    https://docs.aws.amazon.com/redshift/latest/dg/r_LISTAGG.html
    """
    first, *rest = call.expressions
    distinct = isinstance(first, exp.Distinct)
    value, *more = first.expressions if distinct else [first]
    separator = (more or rest or [exp.Literal.string("")])[0]
    text = template("NULLIF(CAST({0} AS VARCHAR), '')", value)
    order = _within_group(node)
    if distinct and order is not None:  # DuckDB sorts distinct values by themselves alone
        for ordered in order.find_all(exp.Ordered):
            if ordered.this == value:
                ordered.set("this", text.copy())
    ordering = template(" {0}", order.copy()) if order is not None else template("")
    result = template(
        f"string_agg({'DISTINCT ' if distinct else ''}{{0}}, {{1}}{{2}}){{3}}", text, separator, ordering, _over(node)
    )
    return template("{0}", result)


def _quantile(function: str) -> Callable[[exp.Expr, exp.Anonymous], exp.Expr]:
    def rewrite(node: exp.Expr, call: exp.Anonymous) -> exp.Expr:
        order = _within_group(node)
        if order is None or len(order.expressions) != 1 or len(call.expressions) != 1:
            raise SyntaxError_(f"{call.name.lower()} needs one argument and WITHIN GROUP (ORDER BY one expression)")
        fraction, ordered = call.expressions[0], order.expressions[0]
        if ordered.args.get("desc"):
            fraction = template("(1 - {0})", fraction)
        return template(f"{function}({{0}}, CAST({{1}} AS DOUBLE)){{2}}", ordered.this, fraction, _over(node))

    return rewrite


def _count(node: exp.Expr, call: exp.Anonymous) -> exp.Expr:
    first = call.expressions[0] if call.expressions else None
    if len(call.expressions) != 1 or (isinstance(first, exp.Distinct) and len(first.expressions) != 1):
        raise UndefinedFunction("function count(...) does not exist", hint="COUNT takes one argument, or *.")
    return node


def _within_group(node: exp.Expr) -> exp.Order | None:
    group = node.find(exp.WithinGroup)
    return group.expression if group is not None else None


def _over(node: exp.Expr) -> exp.Expr:
    if not isinstance(node, exp.Window):
        return template("")
    return template("{0}", exp.Window(**{**node.copy().args, "this": template("")}))


_AGGREGATES: dict[str, Callable[[exp.Expr, exp.Anonymous], exp.Expr]] = {
    "avg": _average,
    "count": _count,
    "listagg": _listagg,
    "percentile_cont": _quantile("quantile_cont"),
    "percentile_disc": _quantile("quantile_disc"),
    "ratio_to_report": _ratio_to_report,
}
AGGREGATES = frozenset({
    *_AGGREGATES, *_FRAMED, "any_value", "bit_and", "bit_or", "cume_dist", "dense_rank", "lag", "lead", "median",
    "ntile", "percent_rank", "rank", "row_number",
})  # fmt: skip
