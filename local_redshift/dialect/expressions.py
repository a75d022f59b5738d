"""The rules for expressions: operators, and the functions that have a syntax of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.dialect import aggregates, dates
from local_redshift.dialect.date_texts import iso_text
from local_redshift.dialect.functions import function, places, text_literal
from local_redshift.dialect.grammar import template
from local_redshift.dialect.refusals import refusal
from local_redshift.errors import InvalidDatetime, InvalidSchemaName, SyntaxError_

if TYPE_CHECKING:
    from local_redshift.dialect.scope import Scope

_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)\s*")
_UNITS = re.compile(r"[a-z]", re.IGNORECASE)


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


def power(node: exp.Expr, _scope: Scope) -> exp.Expr:
    return template("pow({0}, {1})", node.this, node.expression)


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
