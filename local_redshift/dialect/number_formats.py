"""TO_CHAR of numbers and TO_NUMBER.

https://docs.aws.amazon.com/redshift/latest/dg/r_Numeric_formating.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from local_redshift.dialect.grammar import template
from local_redshift.errors import FeatureNotSupported
from local_redshift.schema import literal

if TYPE_CHECKING:
    from sqlglot import exp


def format_text(node: exp.Expr, function: str) -> str:
    if not node.is_string:
        raise FeatureNotSupported(
            f"{function} with a format that is no literal is not supported by the local warehouse"
        )
    return str(node.name)


def braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


_ROMAN = re.compile(r"(?P<fm>FM)?(?P<rn>RN)", re.IGNORECASE)
_NUMBER_ELEMENT = re.compile(
    r'(?P<text>"[^"]*")|(?P<sign>MI|PL|SG|PR|S)|(?P<refused>EEEE|RN|TH|V)|(?P<digit>[90])|(?P<point>[.D])|'
    r"(?P<comma>[,G])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)


def number_to_char(value: exp.Expr, pattern: str) -> exp.Expr:
    """A template such as ``FM999,990.00``: digits grouped by what stands between them."""
    if roman := _ROMAN.fullmatch(pattern):
        text = "rs.roman({0})" if roman["fm"] else "lpad(rs.roman({0}), 15, ' ')"
        return template(text if roman["rn"].isupper() else f"lower({text})", value)
    if pattern.upper().endswith("TH"):
        suffix = "rs.ordinal(CAST(abs(round({1})) AS BIGINT))"
        ordinal = suffix if pattern.endswith("th") else f"upper({suffix})"
        return template(f"({{0}} || {ordinal})", number_to_char(value, pattern[:-2]), value.copy())
    if pattern[:1].upper() == "L":
        return template("('$' || {0})", number_to_char(value, pattern[1:]))
    fill = not pattern.upper().startswith("FM")
    whole, fraction, sign = _number_parts(pattern if fill else pattern[2:])
    groups, between = _digit_groups(whole)
    digits = "".join(groups)
    zero_from = digits.find("0") if "0" in digits else len(digits)
    regex = "^" + "".join(f"(.{{{len(group)}}})" for group in groups) + "$"
    shape = "".join(f"{text}\\{i + 1}" for i, text in enumerate(between[:-1])) + between[-1]
    kept = fraction.rfind("0") + 1
    arguments = ", ".join(
        braced(text)
        for text in (
            str(len(digits)), str(len(fraction)), str(zero_from), literal(regex), literal(shape), str(kept),
            literal(sign), "true" if fill else "false",
        )
    )  # fmt: skip
    text = f"CAST(abs(CAST({{0}} AS DECIMAL(38, {len(fraction)}))) AS VARCHAR)"
    return template(f"rs.number_to_char({text}, {{0}} < 0, {arguments})", value)


def _number_parts(pattern: str) -> tuple[list[tuple[str, str]], str, str]:
    whole: list[tuple[str, str]] = []
    fraction, sign, seen_point = "", "", False
    for match in _NUMBER_ELEMENT.finditer(pattern):
        kind, text = str(match.lastgroup), match[0]
        if kind == "refused":
            raise FeatureNotSupported(f"{text.upper()} in a numeric format is not supported by the local warehouse")
        if kind == "point":
            seen_point = True
        elif kind == "sign":
            sign = text.upper() + ("<" if not whole and not seen_point else ">")
        elif seen_point and kind == "digit":
            fraction += text
        elif not seen_point:
            whole.append((kind, text[1:-1] if kind == "text" else text))
    return whole, fraction, sign


def _digit_groups(whole: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Runs of digits, and the texts before, between and after them (one more than the runs)."""
    groups: list[str] = []
    between = [""]
    for index, (kind, text) in enumerate(whole):
        if kind == "digit":
            if groups and index and whole[index - 1][0] == "digit":
                groups[-1] += text
            else:
                groups.append(text)
                between.append("")
        else:
            between[-1] += "," if kind == "comma" else "$" if text == "L" else text.replace("\\", "\\\\")
    if len(groups) > 9:
        raise FeatureNotSupported("a numeric format with more than nine groups of digits is not supported")
    return groups, between


def to_number(arguments: list[exp.Expr]) -> exp.Expr:
    """TO_NUMBER(text, format): NUMERIC with as many decimals as the format has.

    https://docs.aws.amazon.com/redshift/latest/dg/r_TO_NUMBER.html
    """
    pattern = format_text(arguments[1], "TO_NUMBER").upper().removeprefix("FM")
    _, fraction, _ = _number_parts(pattern)
    return template(f"CAST(rs.number_text(CAST({{0}} AS VARCHAR)) AS DECIMAL(38, {len(fraction)}))", arguments[0])
