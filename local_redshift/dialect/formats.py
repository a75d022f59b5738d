"""TO_CHAR, TO_DATE and TO_TIMESTAMP: format strings compiled into DuckDB expressions.

https://docs.aws.amazon.com/redshift/latest/dg/r_FORMAT_strings.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.dialect.dates import moment
from local_redshift.dialect.grammar import template
from local_redshift.dialect.number_formats import braced, format_text, number_to_char
from local_redshift.errors import FeatureNotSupported
from local_redshift.schema import literal

if TYPE_CHECKING:
    from collections.abc import Iterator

# Pattern -> (DuckDB text, width that it is padded to with zeros; negative: with blanks on the right).
_SHOWN: dict[str, tuple[str, int]] = {
    "YYYY": ("strftime({0}, '%Y')", 0),
    "YYY": ("right(strftime({0}, '%Y'), 3)", 0),
    "YY": ("strftime({0}, '%y')", 0),
    "Y": ("right(strftime({0}, '%Y'), 1)", 0),
    "IYYY": ("strftime({0}, '%G')", 0),
    "IYY": ("right(strftime({0}, '%G'), 3)", 0),
    "IY": ("right(strftime({0}, '%G'), 2)", 0),
    "I": ("right(strftime({0}, '%G'), 1)", 0),
    "CC": ("date_part('century', {0})", 2),
    "Q": ("date_part('quarter', {0})", 0),
    "MONTH": ("strftime({0}, '%B')", -9),
    "MON": ("strftime({0}, '%b')", 0),
    "MM": ("date_part('month', {0})", 2),
    "RM": ("['I','II','III','IV','V','VI','VII','VIII','IX','X','XI','XII'][date_part('month', {0})]", -4),
    "DAY": ("strftime({0}, '%A')", -9),
    "DY": ("strftime({0}, '%a')", 0),
    "DDD": ("date_part('doy', {0})", 3),
    "DD": ("date_part('day', {0})", 2),
    "D": ("(date_part('dow', {0}) + 1)", 0),
    "ID": ("date_part('isodow', {0})", 0),
    "J": ("CAST(floor(julian({0})) AS BIGINT)", 0),
    "WW": ("((date_part('doy', {0}) - 1) // 7 + 1)", 2),
    "W": ("((date_part('day', {0}) - 1) // 7 + 1)", 0),
    "IW": ("date_part('week', {0})", 2),
    "HH24": ("date_part('hour', {0})", 2),
    "HH12": ("((date_part('hour', {0}) + 11) % 12 + 1)", 2),
    "HH": ("((date_part('hour', {0}) + 11) % 12 + 1)", 2),
    "MI": ("date_part('minute', {0})", 2),
    "SSSS": ("(date_part('hour', {0}) * 3600 + date_part('minute', {0}) * 60 + date_part('second', {0}))", 0),
    "SS": ("date_part('second', {0})", 2),
    "MS": ("(date_part('millisecond', {0}) % 1000)", 3),
    "US": ("(date_part('microsecond', {0}) % 1000000)", 6),
    "AM": ("strftime({0}, '%p')", 0),
    "PM": ("strftime({0}, '%p')", 0),
    "A.M.": ("(left(strftime({0}, '%p'), 1) || '.M.')", 0),
    "P.M.": ("(left(strftime({0}, '%p'), 1) || '.M.')", 0),
    "BC": ("CASE WHEN date_part('year', {0}) > 0 THEN 'AD' ELSE 'BC' END", 0),
    "AD": ("CASE WHEN date_part('year', {0}) > 0 THEN 'AD' ELSE 'BC' END", 0),
    "TZ": ("'UTC'", 0),
    "OF": ("'+00'", 0),
}
_CASED = frozenset({"MONTH", "MON", "DAY", "DY", "AM", "PM", "A.M.", "P.M.", "RM", "BC", "AD", "TZ"})
_LONGEST_FIRST = "|".join(re.escape(name) for name in sorted(_SHOWN, key=len, reverse=True))
_ELEMENT = re.compile(
    rf'(?P<text>"[^"]*")|(?P<fm>FM|TM)|(?P<field>{_LONGEST_FIRST})(?P<th>TH)?|(?P<other>.)',
    re.IGNORECASE | re.DOTALL,
)
_NUMERIC = re.compile(r"[90]|^(FM)?RN$", re.IGNORECASE)
_OF_DATES_ALONE = re.compile(r"YY|MM|DD|HH|SS|MON|DAY", re.IGNORECASE)


def to_char(arguments: list[exp.Expr]) -> exp.Expr:
    """TO_CHAR(date or number, format): a format with 9 or 0 is a number's, unless it has a field of dates.

    to_char(ts, 'YYYY-MM-DD 00:00:00')  -- the zeros are text

    https://docs.aws.amazon.com/redshift/latest/dg/r_TO_CHAR.html
    """
    value, pattern = arguments[0], format_text(arguments[1], "TO_CHAR")
    unquoted = re.sub(r'"[^"]*"', "", pattern)
    if _NUMERIC.search(unquoted) and not _OF_DATES_ALONE.search(unquoted):
        return number_to_char(value, pattern)
    pieces = list(_shown_pieces(pattern)) or ["''"]
    return template(f"({' || '.join(['', *pieces]).removeprefix(' || ')})", moment(value))


def _shown_pieces(pattern: str) -> Iterator[str]:
    fill = True
    for match in _ELEMENT.finditer(pattern):
        if match["fm"]:
            fill = fill and match["fm"].upper() != "FM"
            continue
        if match["field"]:
            yield _shown(match["field"], fill=fill, ordinal=match["th"])
        else:
            text = match["text"][1:-1] if match["text"] else match["other"]
            yield braced(literal(text))
        fill = True


def _shown(field: str, *, fill: bool, ordinal: str | None) -> str:
    text, width = _SHOWN[field.upper()]
    if field.upper() in _CASED:
        text = _in_case(text, field)
    if width > 0:
        text = f"lpad(CAST({text} AS VARCHAR), {width}, '0')" if fill else f"CAST({text} AS VARCHAR)"
    elif width < 0:
        text = f"rpad({text}, {-width}, ' ')" if fill else text
    else:
        text = f"CAST({text} AS VARCHAR)"
    if ordinal:
        suffix = f"rs.ordinal(CAST({text} AS BIGINT))"
        return f"({text} || {suffix if ordinal.islower() else f'upper({suffix})'})"
    return text


def _in_case(text: str, field: str) -> str:
    if field.isupper():
        return f"upper({text})"
    return f"lower({text})" if field.islower() else text


# Pattern -> (regular expression, the field that it fills).
_READ: dict[str, tuple[str, str]] = {
    "YYYY": (r"(\d{1,4})", "year"),
    "YY": (r"(\d{1,2})", "short_year"),
    "MM": (r"(\d{1,2})", "month"),
    "MON": (r"([A-Za-z]{3})", "month_name"),
    "MONTH": (r"([A-Za-z]{3,9})", "month_name"),
    "DD": (r"(\d{1,2})", "day"),
    "DDD": (r"(\d{1,3})", "day_of_year"),
    "HH24": (r"(\d{1,2})", "hour"),
    "HH12": (r"(\d{1,2})", "hour"),
    "HH": (r"(\d{1,2})", "hour"),
    "MI": (r"(\d{1,2})", "minute"),
    "SS": (r"(\d{1,2})", "second"),
    "MS": (r"(\d{1,3})", "fraction"),
    "US": (r"(\d{1,6})", "fraction"),
    "AM": (r"([AaPp])\.?[Mm]\.?", "meridiem"),
    "PM": (r"([AaPp])\.?[Mm]\.?", "meridiem"),
    "A.M.": (r"([AaPp])\.?[Mm]\.?", "meridiem"),
    "P.M.": (r"([AaPp])\.?[Mm]\.?", "meridiem"),
    "DAY": (r"([A-Za-z]{3,9})", ""),
    "DY": (r"([A-Za-z]{3})", ""),
    "J": (r"(\d+)", "julian"),
    "TZ": (r"([A-Za-z/_]+)", ""),
    "OF": (r"([+-]\d{1,2}(?::?\d{2})?)", ""),
}


def _read_steps(pattern: str, function: str) -> list[tuple[str, str]]:
    """One (regular expression, field) an element; separators are any run of signs."""
    steps: list[tuple[str, str]] = []
    matches = [match for match in _ELEMENT.finditer(pattern) if not match["fm"]]
    for index, match in enumerate(matches):
        field = (match["field"] or "").upper()
        if field and field not in _READ:
            raise FeatureNotSupported(f"{field} in a {function} format is not supported by the local warehouse")
        if field:
            regex, name = _READ[field]
            following = (matches[index + 1]["field"] or "").upper() if index + 1 < len(matches) else ""
            if following and r"\d" in _READ.get(following, ("", ""))[0]:
                regex = re.sub(r"\{1,(\d)\}", r"{\1}", regex)  # YYYYMMDD: no separator ends the number
            steps.append((r"\s*" + regex, name))
        elif match["text"] or match["other"].isalnum():
            steps.append(("." * len((match["text"] or '" "')[1:-1]), ""))
        else:
            steps.append((r"[^0-9A-Za-z+-]*" if match["other"] != "-" else r"[^0-9A-Za-z]*", ""))
    return steps


def _read(text: exp.Expr, pattern: str, function: str, *, strict: bool) -> exp.Expr:
    """The text's fields, leniently: month 13 is next year's first, and what is missing at the end is 0 or 1.

    Inside a lambda, since the macros repeat the text two dozen times: binding a long one took half a minute.
    """
    steps = _read_steps(pattern, function)
    regex = "^" + "".join(step if not i else f"(?:{step}" for i, (step, _) in enumerate(steps))
    regex += ")?" * (len(steps) - 1)
    names = [name for step, name in steps if "(" in step.replace("(?:", "")]
    fields = {name: index + 1 for index, name in enumerate(names) if name}

    def part(name: str) -> str:
        if name not in fields:
            return "NULL"
        return f"nullif(regexp_extract(shown, {{1}}, {fields[name]}), '')"

    order = (
        "year", "short_year", "month", "month_name", "day", "day_of_year", "hour", "meridiem", "minute", "second",
        "fraction", "julian",
    )  # fmt: skip
    read = f"rs.from_fields(shown, {{1}}, {{2}}, {'true' if strict else 'false'}, {', '.join(map(part, order))})"
    return template(
        f"list_transform([CAST({{0}} AS VARCHAR)], lambda shown : {read})[1]",
        text, exp.Literal.string(regex), exp.Literal.string(pattern),
    )  # fmt: skip


def _strict(arguments: list[exp.Expr]) -> bool:
    return len(arguments) > 2 and isinstance(arguments[2], exp.Boolean) and bool(arguments[2].this)


def to_date(arguments: list[exp.Expr]) -> exp.Expr:
    """TO_DATE(text, format [, is_strict]): 20010631 is 2001-07-01 unless strict.

    https://docs.aws.amazon.com/redshift/latest/dg/r_TO_DATE_function.html
    """
    pattern = format_text(arguments[1], "TO_DATE")
    return template("CAST({0} AS DATE)", _read(arguments[0], pattern, "TO_DATE", strict=_strict(arguments)))


def to_timestamp(arguments: list[exp.Expr]) -> exp.Expr:
    """TO_TIMESTAMP(text, format [, is_strict]): TIMESTAMPTZ.

    https://docs.aws.amazon.com/redshift/latest/dg/r_TO_TIMESTAMP.html
    """
    pattern = format_text(arguments[1], "TO_TIMESTAMP")
    read = _read(arguments[0], pattern, "TO_TIMESTAMP", strict=_strict(arguments))
    return template("timezone('UTC', {0})", read)
