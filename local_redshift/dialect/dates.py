"""Date parts, interval literals and date arithmetic.

https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.dialect.date_texts import MOMENTS, iso_text
from local_redshift.dialect.grammar import template
from local_redshift.errors import FeatureNotSupported, InvalidDatetime, InvalidParameterValue

if TYPE_CHECKING:
    from local_redshift.dialect.scope import Scope

_SPELLINGS = {
    "millennium": "millennia millenniums mil mils",
    "century": "centuries c cent cents",
    "decade": "decades dec decs",
    "epoch": "",
    "year": "years y yr yrs",
    "quarter": "quarters qtr qtrs",
    "month": "months mon mons",
    "week": "weeks w",
    "dayofweek": "dow dw weekday",
    "dayofyear": "doy dy yearday",
    "day": "days d",
    "hour": "hours h hr hrs",
    "minute": "minutes m min mins",
    "second": "seconds s sec secs",
    "millisecond": "milliseconds ms msec msecs msecond mseconds millisec millisecs millisecon",
    "microsecond": "microseconds us usec usecs usecond useconds microsec microsecs microsecon",
    "timezone": "",
    "timezone_hour": "",
    "timezone_minute": "",
}
PARTS = {spelling: part for part, others in _SPELLINGS.items() for spelling in (part, *others.split())}

# EXTRACT and DATE_PART give the part alone, where DuckDB's milliseconds include the seconds.
_FIELDS = {
    "dayofweek": "date_part('dow', {0})",
    "dayofyear": "date_part('doy', {0})",
    "second": "date_part('second', {0})",
    "millisecond": "(date_part('millisecond', {0}) % 1000)",
    "microsecond": "(date_part('microsecond', {0}) % 1000000)",
    "epoch": "epoch({0})",
}
_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200, "millennium": 12000}
_DAYS = {"day": 1, "week": 7, "dayofyear": 1, "dayofweek": 1}
_MICROSECONDS = {
    "hour": 3_600_000_000,
    "minute": 60_000_000,
    "second": 1_000_000,
    "millisecond": 1_000,
    "microsecond": 1,
}
_TIME_TEXT = re.compile(r"\s*\d{1,2}:\d{2}(:\d{2}(\.\d*)?)?\s*")


def date_part_name(node: exp.Expr, function: str) -> str:
    """``w``, ``"week"`` or ``'week'`` -> week. Raises InvalidParameterValue for what is no date part."""
    spelled = node.name.lower()
    if spelled not in PARTS or (isinstance(node, exp.Column) and node.table):
        raise InvalidParameterValue(f'{function} units "{spelled}" not recognized')
    return PARTS[spelled]


def moment(node: exp.Expr) -> exp.Expr:
    """A bare string where a date or time is due is a TIMESTAMP, or a TIME if it has no date."""
    if not node.is_string:
        return node
    if _TIME_TEXT.fullmatch(node.name):
        return template("CAST({0} AS TIME)", node)
    if node.name.lower() in MOMENTS:
        return template(MOMENTS[node.name.lower()])
    return template("CAST({0} AS TIMESTAMP)", exp.Literal.string(iso_text(node.name)))


def _field(part: str, value: exp.Expr) -> exp.Expr:
    return template(_FIELDS.get(part, f"date_part('{part}', {{0}})"), moment(value))


def extract(node: exp.Expr, _scope: Scope) -> exp.Expr:
    """EXTRACT(part FROM x): INTEGER, the part alone.

    EXTRACT(ms FROM TIMESTAMP '2009-09-09 12:08:43.101')  -- 101

    https://docs.aws.amazon.com/redshift/latest/dg/r_EXTRACT_function.html
    """
    part = date_part_name(node.this, "timestamp")
    if part == "epoch":
        return template("CAST(floor({0}) AS BIGINT)", _field(part, node.expression))
    return template("CAST({0} AS INTEGER)", _field(part, node.expression))


def date_part(arguments: list[exp.Expr]) -> exp.Expr:
    """DATE_PART(part, x): DOUBLE PRECISION, seconds with their fraction.

    https://docs.aws.amazon.com/redshift/latest/dg/r_DATE_PART_function.html
    """
    part = date_part_name(arguments[0], "timestamp")
    if part == "second":
        return template("(CAST(date_part('microsecond', {0}) AS DOUBLE) / 1e6)", moment(arguments[1]))
    return template("CAST({0} AS DOUBLE)", _field(part, arguments[1]))


def date_trunc(arguments: list[exp.Expr]) -> exp.Expr:
    part = date_part_name(arguments[0], "timestamp")
    return template(f"date_trunc('{part}', {{0}})", moment(arguments[1]))


def date_add(arguments: list[exp.Expr]) -> exp.Expr:
    """DATEADD(part, n, x): TIMESTAMP, for a DATE too.

    https://docs.aws.amazon.com/redshift/latest/dg/r_DATEADD_function.html
    """
    part = date_part_name(arguments[0], "timestamp")
    return template(f"({{0}} + {_span(part)})", moment(arguments[2]), arguments[1])


def _span(part: str) -> str:
    if part in _MONTHS:
        return f"to_months(CAST({{1}} AS INTEGER) * {_MONTHS[part]})"
    if part in _DAYS:
        return f"to_days(CAST({{1}} AS INTEGER) * {_DAYS[part]})"
    if part in _MICROSECONDS:
        return f"to_microseconds(CAST({{1}} AS BIGINT) * {_MICROSECONDS[part]})"
    raise InvalidParameterValue(f'timestamp units "{part}" not supported')


# DuckDB's own count of weeks crosses no Monday within seven days.
_WEEKS = "(date_diff('day', date_trunc('week', {0} + to_days(1)), date_trunc('week', {1} + to_days(1))) // 7)"


def date_diff(arguments: list[exp.Expr]) -> exp.Expr:
    """DATEDIFF(part, a, b): BIGINT, the boundaries crossed on the way from a to b; weeks begin on Sunday.

    https://docs.aws.amazon.com/redshift/latest/dg/r_DATEDIFF_function.html
    """
    part = date_part_name(arguments[0], "timestamp")
    first, second = moment(arguments[1]), moment(arguments[2])
    if part == "week":
        return template(_WEEKS, first, second)
    if part in {"dayofyear", "dayofweek"}:
        part = "day"
    if part not in _MONTHS and part not in _DAYS and part not in _MICROSECONDS:
        raise InvalidParameterValue(f'timestamp units "{part}" not supported')
    return template(f"date_diff('{part}', {{0}}, {{1}})", first, second)


_MICROSECONDS_META = "microseconds"  # of an interval literal
_FACTOR_META = "microseconds of each"  # of a number's product with one
_QUANTITY = re.compile(r"\s*([+-]?\s*(?:\d+\.?\d*|\.\d+))\s*([a-zA-Z]*)\s*,?\s*")
_CLOCK = re.compile(r"\s*([+-]?)(\d+):(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?\s*,?\s*")
_AGO = re.compile(r"\s*ago\s*$", re.IGNORECASE)


def interval_literal(text: str, unit: str | None = None) -> exp.Expr:
    """INTERVAL '...' as Redshift reads it: commas, abbreviations, fractions, seconds where no unit is given.

    ``'7 days, 3 hours'``, ``'1w, 1h'``, ``'0.5 days'``, ``'001 second'``, ``'1 day 02:30:00'``

    https://docs.aws.amazon.com/redshift/latest/dg/r_interval_literals.html
    """
    if unit and " to " in unit:
        raise FeatureNotSupported(f"INTERVAL ... {unit.upper()} is not supported by the local warehouse")
    months, days, microseconds = _interval_fields(text, unit or "second")
    parts = ((months, "months"), (days, "days"), (microseconds, "microseconds"))
    spelled = " ".join(f"{amount} {name}" for amount, name in parts if amount)
    node = template(f"CAST('{spelled or '0 seconds'}' AS INTERVAL)")
    if not months and not days:
        node.meta[_MICROSECONDS_META] = microseconds
    return node


def multiplied(node: exp.Expr) -> exp.Expr:
    """``n * interval '0.001 seconds'``: DuckDB's own product fails where n is beyond 32 bits."""
    for factor, interval in ((node.this, node.expression), (node.expression, node.this)):
        microseconds = interval.unnest().meta.get(_MICROSECONDS_META)
        if microseconds is not None:
            product = template(f"to_microseconds(CAST({{0}} * CAST({microseconds} AS BIGINT) AS BIGINT))", factor)
            product.meta[_FACTOR_META] = microseconds
            return product
    return node


def divided(node: exp.Expr) -> exp.Expr:
    """``interval '1 second' * n / 1000``: DuckDB divides no interval while / is division of integers."""
    interval = node.this.unnest()
    for key, factor in ((_FACTOR_META, interval.expressions), (_MICROSECONDS_META, [exp.Literal.number(1)])):
        microseconds = interval.meta.get(key)
        if microseconds is not None:
            scaled = f"CAST({{0}} AS DOUBLE) / {{1}} * {microseconds}"
            return template(f"to_microseconds(CAST(round({scaled}) AS BIGINT))", factor[0], node.expression)
    return node


def _interval_fields(text: str, default: str) -> tuple[int, int, int]:
    body, sign = (_AGO.sub("", text), -1) if _AGO.search(text) else (text, 1)
    months = days = microseconds = 0.0
    position = 0
    while position < len(body) or not body.strip():
        clock, quantity = _CLOCK.match(body, position), _QUANTITY.match(body, position)
        if clock:
            microseconds += _clock(clock)
        elif quantity and PARTS.get(quantity[2].lower() or default) in _INTERVAL_PARTS:
            added = _amount(float(quantity[1].replace(" ", "")), PARTS[quantity[2].lower() or default])
            months, days, microseconds = months + added[0], days + added[1], microseconds + added[2]
        else:
            raise InvalidDatetime(f'invalid input syntax for type interval: "{text}"')
        position = (clock or quantity).end()  # type: ignore[union-attr]
    return sign * round(months), sign * round(days), sign * round(microseconds)


_INTERVAL_PARTS = {*_MONTHS, *_MICROSECONDS, "day", "week"}


def _clock(match: re.Match[str]) -> float:
    seconds = int(match[2]) * 3600 + int(match[3]) * 60 + float(match[4] or 0)
    return (-1e6 if match[1] == "-" else 1e6) * seconds


def _amount(quantity: float, part: str) -> tuple[float, float, float]:
    """Months, days and microseconds; a fraction goes to the next smaller unit (a month has 30 days)."""
    if part in _MICROSECONDS:
        return 0, 0, quantity * _MICROSECONDS[part]
    if part in _DAYS:
        whole = int(quantity * _DAYS[part])
        return 0, whole, (quantity * _DAYS[part] - whole) * 86_400_000_000
    whole = int(quantity * _MONTHS[part])
    days = (quantity * _MONTHS[part] - whole) * 30
    return whole, int(days), (days - int(days)) * 86_400_000_000


# Abbreviations are fixed offsets in Redshift: no daylight saving. 'Etc/GMT+5' is five hours west.
_ZONES = {
    "est": 5, "edt": 4, "cst": 6, "cdt": 5, "mst": 7, "mdt": 6, "pst": 8, "pdt": 7, "akst": 9, "akdt": 8, "hst": 10,
    "gmt": 0, "utc": 0, "z": 0, "zulu": 0, "wet": 0, "west": -1, "bst": -1, "cet": -1, "cest": -2, "met": -1,
    "eet": -2, "eest": -3, "msk": -3, "jst": -9, "kst": -9, "aest": -10, "aedt": -11,
}  # fmt: skip
_OFFSET_ZONE = re.compile(r"(?:gmt|utc)?([+-])(\d{1,2})(?::?00)?", re.IGNORECASE)


def time_zone(node: exp.Expr) -> exp.Expr:
    """The zone as DuckDB knows it; only a literal can be an abbreviation.

    https://docs.aws.amazon.com/redshift/latest/dg/CONVERT_TIMEZONE.html
    """
    if not node.is_string:
        return node
    name = node.name.strip()
    offset = _OFFSET_ZONE.fullmatch(name)
    west = int(offset[1] + offset[2]) if offset else _ZONES.get(name.lower())
    if west is None:
        return node
    return exp.Literal.string("UTC" if west == 0 else f"Etc/GMT{west:+d}")


def timezone(arguments: list[exp.Expr]) -> exp.Expr:
    """TIMEZONE(zone, moment), which ``moment AT TIME ZONE zone`` spells otherwise: TIMESTAMP <-> TIMESTAMPTZ.

    https://docs.aws.amazon.com/redshift/latest/dg/r_TIMEZONE.html
    """
    zone, value = arguments
    return template("timezone({0}, {1})", time_zone(zone), moment(value))


def convert_timezone(arguments: list[exp.Expr]) -> exp.Expr:
    """CONVERT_TIMEZONE([from,] to, timestamp): TIMESTAMP; from UTC where no zone is given."""
    *zones, value = arguments
    source = time_zone(zones[0]) if len(zones) == 2 else exp.Literal.string("UTC")
    return template("timezone({1}, timezone({0}, CAST({2} AS TIMESTAMP)))", source, time_zone(zones[-1]), moment(value))


def interval_compare(arguments: list[exp.Expr]) -> exp.Expr:
    """INTERVAL_CMP(a, b): -1, 0 or 1."""
    read = [interval_literal(argument.name) if argument.is_string else argument for argument in arguments]
    return template("rs.compare({0}, {1})", *read)
