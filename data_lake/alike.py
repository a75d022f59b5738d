"""What a SELECT may be made of so that Spark gives Redshift's rows; all else is refused by its name.

Many functions are spelt alike and are not the same: 7 / 2 is 3 in Redshift and 3.5 in Spark. So what is here was
compared, and what is not here is not taken on trust.

https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html, https://spark.apache.org/docs/3.5.6/api/sql/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from warehouse.errors import QueriesError

if TYPE_CHECKING:
    from collections.abc import Callable

_ALIKE: frozenset[type[exp.Expr]] = frozenset(
    (
        *(exp.And, exp.Or, exp.Not, exp.Paren, exp.Neg, exp.Case, exp.If, exp.Exists, exp.Coalesce, exp.Nullif),
        *(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.Like, exp.Mul, exp.Mod),
        *(exp.Count, exp.Sum, exp.Min, exp.Max, exp.Greatest, exp.Least, exp.Abs),
        *(exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue),
        *(exp.Length, exp.Trim),
    )
)
# Redshift counts weekdays from Sunday = 0, Spark from Sunday = 1.
# https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html
WEEKDAY = frozenset(("dayofweek", "dow", "weekday"))
_PARTS = WEEKDAY | {"hour", "minute", "day", "doy", "week", "month", "quarter", "year"}
_TRUNCATED = frozenset(("second", "minute", "hour", "day", "week", "month", "quarter", "year"))
_LENGTHS = frozenset(f"{unit}{s}" for unit in ("second", "minute", "hour", "day", "week") for s in ("", "s"))
_KINDS = {
    **dict.fromkeys((exp.DType.SMALLINT, exp.DType.INT, exp.DType.BIGINT), "int"),
    **dict.fromkeys((exp.DType.VARCHAR, exp.DType.TEXT), "text"),
    exp.DType.DOUBLE: "double",
    exp.DType.TIMESTAMP: "time",
    exp.DType.DATE: "date",
}
# Numbers become whole by rounding there and by cutting here, texts are cut there and not here.
_CASTS = frozenset((("int", "int"), ("int", "double"), ("double", "double"), ("time", "date"), ("date", "time")))
FITS = frozenset((*_CASTS, ("text", "text"), ("time", "time"))) - {("time", "date")}


def check(tree: exp.Expr) -> None:
    """``tree`` has its types. Raises QueriesError for the first thing that is not the same in both."""
    for node in tree.walk():
        if isinstance(node, (exp.Func, exp.Binary, exp.Unary, exp.Interval, exp.AtTimeZone, exp.TableSample)):
            same = _CHECKS.get(type(node), _is_alike)
            if not same(node):
                raise QueriesError(
                    f"sql_queries.py: {node.sql('redshift')} is not known to be the same in Spark as in Redshift.",
                    "Write it in another way: docs/lake.md says what the lake takes.",
                )


def _is_alike(node: exp.Expr) -> bool:
    return type(node) in _ALIKE


def kind(node: exp.Expr) -> str:
    """int, double, text, time, date, null; empty where it is not known."""
    if isinstance(node, exp.Null):
        return "null"
    if isinstance(node, exp.TimestampTrunc):
        return "time"
    if isinstance(node, (exp.Alias, exp.Paren)):
        return kind(node.this)
    return _KINDS.get(node.type.this, "") if node.type else ""


def whole(node: exp.Expr) -> bool:
    """Whether a division is one of whole numbers, and so gives one."""
    return kind(node.this) == kind(node.expression) == "int"


def _named(field: str, names: frozenset[str]) -> Callable[[exp.Expr], bool]:
    return lambda node: node.text(field).lower() in names


def _divides(node: exp.Expr) -> bool:
    """Decimals (1.5 is one) get other digits in each; DATE_PART, for sqlglot an EXTRACT, gives floats there."""
    inside = node.walk(prune=lambda one: isinstance(one, exp.Cast))
    unclear = any(
        isinstance(one, exp.Extract) or (isinstance(one, exp.Literal) and not one.is_string and not one.is_int)
        for one in inside
    )
    return not unclear and {kind(node.this), kind(node.expression)} <= {"int", "double"}


def _adds(node: exp.Expr) -> bool:
    if isinstance(node.expression, exp.Interval):
        return kind(node.this) == "time"
    return {kind(node.this), kind(node.expression)} <= {"int", "double"}


def _casts(node: exp.Expr) -> bool:
    source, target = kind(node.this), kind(node)
    return source == "null" or (source, target) in _CASTS or (target == "double" and isinstance(node.this, exp.Literal))


def _texts(*nodes: exp.Expr) -> bool:
    """A float, and a time, is spelt in several ways when it becomes a text."""
    return {kind(node) for node in nodes} <= {"text", "int", "null"}


def _begins(node: exp.Expr) -> bool:
    """Before the first character the two count otherwise."""
    start = node.args["start"]
    return bool(start.is_int and int(start.name or 0) > 0)


_CHECKS: dict[type[exp.Expr], Callable[[exp.Expr], bool]] = {
    exp.Extract: _named("this", _PARTS),
    exp.TimestampTrunc: _named("unit", _TRUNCATED),
    exp.Interval: _named("unit", _LENGTHS),
    exp.Div: _divides,
    exp.Add: _adds,
    exp.Sub: _adds,
    exp.Cast: _casts,
    exp.DPipe: lambda node: _texts(node.this, node.expression),
    exp.Concat: lambda node: _texts(*node.expressions),
    exp.Substring: _begins,
    exp.Left: lambda node: bool(node.expression.is_int and isinstance(node.expression, exp.Literal)),
    exp.Right: lambda node: bool(node.expression.is_int and isinstance(node.expression, exp.Literal)),
}
