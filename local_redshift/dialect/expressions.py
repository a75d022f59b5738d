"""The rules for expressions: operators, and the functions that have a syntax of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.dialect import aggregates, dates, text_sums
from local_redshift.dialect.date_texts import iso_text
from local_redshift.dialect.functions import function, places, text_literal
from local_redshift.dialect.grammar import Template, template
from local_redshift.dialect.refusals import refusal
from local_redshift.errors import InvalidDatetime, InvalidSchemaName, SyntaxError_

if TYPE_CHECKING:
    from local_redshift.dialect.scope import Scope

_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)\s*")
_UNITS = re.compile(r"[a-z]", re.IGNORECASE)
# In templates: a cast, GETDATE() and SYSDATE; a parameter, which takes its type from what is around it, and intervals.
_TIMESTAMP = re.compile(r"CAST\(.* AS TIMESTAMP(TZ)?\)|(date_trunc\('second', )?timezone\('UTC', now\(\)\)+")
_NO_NUMBER = re.compile(r"^\$|^to_microseconds\(|AS INTERVAL\)$")


def anonymous(node: exp.Expr, scope: Scope) -> exp.Expr:
    assert isinstance(node, exp.Anonymous)  # noqa: S101 - narrows the type for the rules below
    return function(node, scope)


def window(node: exp.Expr, scope: Scope) -> exp.Expr:
    return aggregates.wrapped(node, scope)


def interval(node: exp.Expr, _scope: Scope) -> exp.Expr:
    unit = node.args.get("unit")
    return dates.interval_literal(node.this.name, unit.name.lower() if unit is not None else None)


def current_timestamp(node: exp.Expr, scope: Scope) -> exp.Expr:
    """SYSDATE is the start of the transaction, a TIMESTAMP; CURRENT_TIMESTAMP is the leader node's."""
    if node.args.get("sysdate"):
        return template("timezone('UTC', now())")
    scope.leader_functions.add("current_timestamp")
    return template("now()")


def current_time(_node: exp.Expr, scope: Scope) -> exp.Expr:
    scope.leader_functions.add("current_time")
    return template("CAST(now() AS TIMETZ)")


def current_user(_node: exp.Expr, scope: Scope) -> exp.Expr:
    return template(text_literal(scope.catalog.user))


def current_user_id(_node: exp.Expr, _scope: Scope) -> exp.Expr:
    """The only user's number in pg_user.

    https://docs.aws.amazon.com/redshift/latest/dg/r_CURRENT_USER_ID.html
    """
    return template("100")


def trim(node: exp.Expr, _scope: Scope) -> exp.Expr:
    name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(node.args.get("position") or "", "trim")
    characters = node.args.get("expression")
    if characters is None:
        return template(f"{name}(CAST({{0}} AS VARCHAR))", node.this)
    return template(f"{name}(CAST({{0}} AS VARCHAR), {{1}})", node.this, characters)


def substring(node: exp.Expr, _scope: Scope) -> exp.Expr:
    operands = [node.args[key] for key in ("this", "start", "length") if node.args.get(key) is not None]
    return template(f"rs.substring({places(len(operands))})", *operands)


def dot(node: exp.Expr, _scope: Scope) -> exp.Expr:
    """pg_catalog.version() is version()."""
    function_call: exp.Expr = node.expression
    if isinstance(node.this, exp.Identifier) and node.this.name == "pg_catalog":
        return function_call
    if isinstance(node.this, exp.Identifier) and not isinstance(function_call, exp.Identifier):
        raise InvalidSchemaName(f'schema "{node.this.name}" does not exist')
    raise refusal(node)


def adjacent_literals(node: exp.Expr, _scope: Scope) -> exp.Expr:
    """'a' and 'b' on the next line are one literal."""
    if not all(part.is_string for part in node.expressions):
        raise refusal(node)
    return exp.Literal.string("".join(part.name for part in node.expressions))


def position(node: exp.Expr, _scope: Scope) -> exp.Expr:
    return template("CAST(strpos(CAST({0} AS VARCHAR), {1}) AS INTEGER)", node.this, node.args["substr"])


def at_time_zone(node: exp.Expr, _scope: Scope) -> exp.Expr:
    return dates.timezone([node.args["zone"], node.this])


def parameter(node: exp.Expr, scope: Scope) -> exp.Expr:
    number = node.this.name
    if not number.isdigit():
        raise SyntaxError_(f'syntax error at or near "{node.sql("redshift")}"')
    scope.parameters = max(scope.parameters, int(number))
    return template(f"${number}")


def root(node: exp.Expr, _scope: Scope) -> exp.Expr:
    """``|/ x`` and ``||/ x``: the square root and the cube root.

    https://docs.aws.amazon.com/redshift/latest/dg/r_OPERATOR_SYMBOLS.html
    """
    return template(f"{'sqrt' if isinstance(node, exp.Sqrt) else 'cbrt'}({{0}})", node.this)


def power(node: exp.Expr, _scope: Scope) -> exp.Expr:
    return template("pow({0}, {1})", node.this, node.expression)


def total(node: exp.Expr, scope: Scope) -> exp.Expr:
    return text_sums.joined(node) if text_sums.is_marked(node) else addition(node, scope)


def product(node: exp.Expr, scope: Scope) -> exp.Expr:
    return dates.multiplied(arithmetic(node, scope))


def quotient(node: exp.Expr, scope: Scope) -> exp.Expr:
    return dates.divided(arithmetic(node, scope))


def arithmetic(node: exp.Expr, _scope: Scope) -> exp.Expr:
    """``n + '1'``, ``ts - '2018-11-01'``, ``ts + '1 day'``: a literal takes the type that the other side asks for."""
    for key, other in (("this", node.expression), ("expression", node.this)):
        literal = node.args[key]
        if literal.is_string and not other.is_string and not isinstance(other, exp.Null):
            node.set(key, _typed(literal, other))
    return node


def addition(node: exp.Expr, scope: Scope) -> exp.Expr:
    """``current_date - row_number() over (...)``, ``sysdate - 1``: integers of any size are days."""
    arithmetic(node, scope)
    for key, moment in (("expression", node.this), ("this", node.expression)):
        days = _days(node.args[key], moment)
        if days is not None:
            node.set(key, days)
            break
    return node


def _days(amount: exp.Expr, moment: exp.Expr) -> exp.Expr | None:
    """``amount`` as DuckDB adds it to ``moment``; None where that is no moment, or ``amount`` is good as it is."""
    kind, number = _moment_kind(moment), amount.unnest()
    if kind is None or isinstance(number, exp.Null) or _moment_kind(number) is not None or _is_no_number(number):
        return None
    if isinstance(number, exp.Literal):
        return template("to_days({0})", amount) if number.is_int and kind == "timestamp" else None
    macro = "rs.days" if kind == "date" else "rs.interval_of_days"
    return template(f"list_transform([{{0}}], lambda days : {macro}(days))[1]", amount)


def _moment_kind(node: exp.Expr) -> str | None:
    """``date`` or ``timestamp`` where that can be told without the types of columns."""
    value = node.unnest()
    if isinstance(value, exp.Add | exp.Sub):
        kind, change = _moment_kind(value.this), value.expression
        if _moment_kind(change) is not None:
            return None  # what lies between two moments is none
        if kind == "timestamp" and not (isinstance(change, Template) and change.this == "to_days({0})"):
            return None  # a column may be a moment
        return "timestamp" if kind and _is_no_number(change) else kind
    if isinstance(value, exp.CurrentDate) or (isinstance(value, Template) and value.this == "CAST({0} AS DATE)"):
        return "date"
    return "timestamp" if isinstance(value, Template) and _TIMESTAMP.fullmatch(value.this) else None


def _is_no_number(node: exp.Expr) -> bool:
    return any(_NO_NUMBER.search(part.this) for part in node.find_all(Template))


def _typed(literal: exp.Expr, other: exp.Expr) -> exp.Expr:
    text = literal.name
    if _NUMBER.fullmatch(text):
        return template(f"({text.strip()})")
    if _UNITS.search(text):
        try:
            return dates.interval_literal(text)
        except InvalidDatetime:
            pass  # then it is a date with a month's name, or what the engine will refuse
    return template("cast_to_type({0}, {1})", exp.Literal.string(iso_text(text)), other.copy())


def comparison(node: exp.Expr, _scope: Scope) -> exp.Expr:
    """``d >= '11/04/2018'``: a date that DuckDB would not read, if it is a date that it is compared with."""
    for key, other in (("this", node.expression), ("expression", node.this)):
        text = node.args[key].name if node.args[key].is_string else ""
        if text[:1].isalnum() and text[-1].isalnum() and iso_text(text) != text:
            either = (
                f"CASE WHEN typeof({{0}}) = 'VARCHAR' THEN {text_literal(text)} ELSE {text_literal(iso_text(text))} END"
            )
            node.set(key, template(f"cast_to_type({either}, {{0}})", other.copy()))
    return node
