"""``schema + '.' + name``: + of strings joins them, as AWS's own admin views use it.

https://docs.aws.amazon.com/redshift/latest/dg/r_NVL2.html joins with it in its sample.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.dialect.date_texts import iso_text
from local_redshift.dialect.dates import interval_literal
from local_redshift.dialect.grammar import template
from local_redshift.errors import InvalidDatetime

if TYPE_CHECKING:
    from local_redshift.dialect.scope import Scope

_MARK = "joins"
_NUMBER_OR_MOMENT = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)\s*|\d{4}-\d{2}-\d{2}.*|\d{1,2}:\d{2}.*", re.DOTALL)
_TEXTS = frozenset({
    "btrim", "chr", "concat", "format_encoding", "format_type", "initcap", "left", "listagg", "lower", "lpad", "ltrim",
    "md5", "pg_get_constraintdef", "pg_get_viewdef", "quote_ident", "quote_literal", "regexp_replace", "regexp_substr",
    "repeat", "replace", "replicate", "reverse", "right", "rpad", "rtrim", "split_part", "substr", "substring",
    "to_char", "translate", "upper",
})  # fmt: skip
_CHOOSING = frozenset({"coalesce", "max", "min", "nullif", "nvl"})
_STRINGS = frozenset({"BPCHAR", "CHAR", "NCHAR", "NVARCHAR", "TEXT", "VARCHAR"})


def mark(node: exp.Expr, _scope: Scope) -> None:
    """Mark the sums of a chain one of whose parts is a string, before the parts are rewritten."""
    if _MARK in node.meta:
        return
    sums = _chain(node)
    parts = [part for each in sums for part in (each.this, each.expression)]
    joins = any(map(_is_text, parts)) and not any(map(_is_number, parts))
    for each in sums:
        each.meta[_MARK] = joins


def is_marked(node: exp.Expr) -> bool:
    return bool(node.meta.get(_MARK))


def joined(node: exp.Expr) -> exp.Expr:
    return exp.DPipe(this=_checked(node.this), expression=_checked(node.expression), safe=True)


def _chain(node: exp.Expr) -> list[exp.Expr]:
    sums = [node]
    while isinstance(node.this.unnest(), exp.Add):
        node = node.this.unnest()
        sums.append(node)
    return sums


def _checked(part: exp.Expr) -> exp.Expr:
    """What is no string is refused when the engine knows its type."""
    return part if part.is_string or isinstance(part, exp.DPipe) else template("rs.joinable({0})", part)


def _is_number(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and not node.is_string


def _is_text(node: exp.Expr) -> bool:
    node = node.unnest()
    if node.is_string:
        return _is_word(node.name)
    if isinstance(node, exp.Cast):
        return isinstance(node.to, exp.DataType) and node.to.this.name in _STRINGS
    if isinstance(node, exp.Case):
        branches = [branch.args["true"] for branch in node.args["ifs"]]
        return any(_is_text(branch) for branch in (*branches, node.args.get("default")) if branch is not None)
    if isinstance(node, exp.Anonymous):
        name = node.name.lower()
        return name in _TEXTS or (name in _CHOOSING and any(_is_text(each) for each in node.expressions))
    if isinstance(node, exp.Add):
        return _is_text(node.this) or _is_text(node.expression)
    return isinstance(node, exp.DPipe | exp.Substring | exp.Trim)


def _is_word(text: str) -> bool:
    """Whether a literal is a string beside a column of any type: no number, no date, no interval."""
    if _NUMBER_OR_MOMENT.fullmatch(text) or iso_text(text) != text:
        return False
    try:
        interval_literal(text)
    except InvalidDatetime:
        return True
    return not any(letter.isalpha() for letter in text)
