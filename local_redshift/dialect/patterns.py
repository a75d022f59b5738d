"""LIKE, SIMILAR TO and the regular-expression functions; DuckDB's expressions are RE2's.

https://docs.aws.amazon.com/redshift/latest/dg/pattern-matching-conditions.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.dialect.grammar import template
from local_redshift.errors import FeatureNotSupported

if TYPE_CHECKING:
    from local_redshift.dialect.scope import Scope

_SIMILAR = {"%": ".*", "_": ".", ".": r"\.", "^": r"\^", "$": r"\$"}


def like(node: exp.Expr, _scope: Scope) -> exp.Expr:
    r"""LIKE and ILIKE: ``\`` is the escape character without being asked for, and numbers and dates become text.

    https://docs.aws.amazon.com/redshift/latest/dg/r_patternmatching_condition_like.html
    https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html#r_Type_conversion
    """
    pattern = node.expression
    if not node.this.is_string:
        node.set("this", template("CAST({0} AS VARCHAR)", node.this))
    if isinstance(node.parent, exp.Escape) or (pattern.is_string and "\\" not in pattern.name):
        return node
    word = "ILIKE" if isinstance(node, exp.ILike) else "LIKE"
    return template(f"({{0}} {word} {{1}} ESCAPE '\\')", node.this, pattern)


def similar_to(node: exp.Expr, _scope: Scope) -> exp.Expr:
    """SIMILAR TO: the whole string, ``%`` and ``_`` beside ``| * + ? {m,n} ( ) [ ]``."""
    if not node.expression.is_string:
        raise FeatureNotSupported(
            "SIMILAR TO with a pattern that is no literal is not supported by the local warehouse"
        )
    pattern = exp.Literal.string(_similar_pattern(node.expression.name))
    return template("regexp_full_match({0}, {1}, 's')", node.this, pattern)


def _similar_pattern(pattern: str) -> str:
    translated, escaped, bracket = [], False, False
    for character in pattern:
        if escaped:
            translated.append("\\" + character)
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            translated.append(character if bracket else _SIMILAR.get(character, character))
            bracket = (bracket or character == "[") and character != "]"
    return "".join(translated)


def posix_match(node: exp.Expr, _scope: Scope) -> exp.Expr:
    """``x ~ pattern``: somewhere in the string."""
    return template("regexp_matches({0}, {1})", node.this, node.expression)


def _options(arguments: list[exp.Expr], place: int) -> str:
    """The regular-expression flags, for RE2: i for case-insensitive; e and p are accepted."""
    if len(arguments) <= place:
        return ""
    given = arguments[place]
    if not given.is_string or set(given.name) - set("ciep"):
        raise FeatureNotSupported("regular-expression parameters other than 'c', 'i', 'e' and 'p' are not supported")
    return "i" if "i" in given.name else ""


def _flag(flags: str) -> str:
    return f", '{flags}'" if flags else ""


def _start(arguments: list[exp.Expr]) -> exp.Expr:
    if len(arguments) <= 2:
        return arguments[0]
    return template("substring({0}, CAST({1} AS BIGINT))", arguments[0], arguments[2])


def regexp_substr(arguments: list[exp.Expr]) -> exp.Expr:
    """REGEXP_SUBSTR(text, pattern [, position [, occurrence [, parameters]]]): '' where nothing matches."""
    group = 1 if len(arguments) > 4 and arguments[4].is_string and "e" in arguments[4].name else 0
    flags = _flag(_options(arguments, 4))
    occurrence = arguments[3] if len(arguments) > 3 else exp.Literal.number(1)
    return template(
        f"coalesce(regexp_extract_all({{0}}, {{1}}, {group}{flags})[CAST({{2}} AS BIGINT)], "
        "CASE WHEN {0} IS NULL THEN NULL ELSE '' END)",
        _start(arguments), arguments[1], occurrence,
    )  # fmt: skip


def regexp_count(arguments: list[exp.Expr]) -> exp.Expr:
    flags = _flag(_options(arguments, 3))
    return template(
        f"CAST(len(regexp_extract_all({{0}}, {{1}}, 0{flags})) AS INTEGER)", _start(arguments), arguments[1]
    )


def regexp_replace(arguments: list[exp.Expr]) -> exp.Expr:
    r"""REGEXP_REPLACE(text, pattern [, replacement [, position [, parameters]]]): every match; ``$1`` is a group."""
    replacement = arguments[2] if len(arguments) > 2 else exp.Literal.string("")
    flags = "g" + _options(arguments, 4)
    text: exp.Expr = arguments[0]
    groups = template("rs.replacement({0})", replacement)
    if len(arguments) <= 3:
        return template(f"regexp_replace({{0}}, {{1}}, {{2}}, '{flags}')", text, arguments[1], groups)
    return template(
        f"(left({{0}}, {{3}} - 1) || regexp_replace(substring({{0}}, {{3}}), {{1}}, {{2}}, '{flags}'))",
        text, arguments[1], groups, template("CAST({0} AS BIGINT)", arguments[3]),
    )  # fmt: skip


def regexp_instr(arguments: list[exp.Expr]) -> exp.Expr:
    """REGEXP_INSTR(text, pattern [, position [, occurrence [, option [, parameters]]]]): where a match begins.

    ``option`` 1 tells the place after the match. 0 for no match.
    """
    flags = _flag(_options(arguments, 5))
    position, occurrence, option = (
        arguments[i] if len(arguments) > i else exp.Literal.number(default) for i, default in ((2, 1), (3, 1), (4, 0))
    )
    found = f"regexp_extract_all({{0}}, {{1}}, 0{flags})"
    return template(
        f"rs.regexp_place({{0}}, {found}, CAST({{2}} AS BIGINT), CAST({{3}} AS BIGINT), CAST({{4}} AS BIGINT))",
        _start(arguments), arguments[1], position, occurrence, option,
    )  # fmt: skip
