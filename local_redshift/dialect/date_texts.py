"""Dates and times in the spellings that Redshift reads, rewritten in the one that DuckDB reads.

https://docs.aws.amazon.com/redshift/latest/dg/r_Date_and_time_literals.html
"""

from __future__ import annotations

import re
from datetime import date, timedelta

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::[\d.]+)?)?")
_DATE_AND_TIME = re.compile(r"(?P<date>.+?)(?:(?:\s+|(?<=\d)T)(?P<time>\d{1,2}:\d{2}.*|\d{6}(?:\.\d+)?))?", re.DOTALL)
# Two numbers before a year are month and day (DateStyle ISO, MDY).
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<short>\d{2})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<year>\d{4})[/-](?P<month>\d{1,2})[/-](?P<day>\d{1,2})",
        r"(?P<year>\d{4})\.(?P<day_of_year>\d{3})",
        r"(?P<month>\d{1,2})[/-](?P<day>\d{1,2})[/-](?P<year>\d{4})",
        r"(?P<month>\d{1,2})[/-](?P<day>\d{1,2})[/-](?P<short>\d{2})",
        r"(?P<name>[a-z]{3,9})[ -]+(?P<day>\d{1,2}),?[ -]+(?P<year>\d{4})",
        r"(?P<day>\d{1,2})[ -]+(?P<name>[a-z]{3,9}),?[ -]+(?P<year>\d{4})",
        r"(?P<year>\d{4})[ -](?P<name>[a-z]{3,9})[ -](?P<day>\d{1,2})",
    )
)
_TIME = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?P<second>:\d{1,2}(?:\.\d*)?)?\s*(?P<half>[ap]m)?(?P<zone>.*)", re.IGNORECASE
)
_CLOCK_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{2}(?:\.\d+)?)")
_CENTURY_TURNS = 70  # two digits of a year: 69 is 2069, 70 is 1970

# What the words that stand for a moment are, counted from the transaction's start.
MOMENTS = {
    "now": "timezone('UTC', now())",
    "today": "date_trunc('day', timezone('UTC', now()))",
    "tomorrow": "(date_trunc('day', timezone('UTC', now())) + to_days(1))",
    "yesterday": "(date_trunc('day', timezone('UTC', now())) - to_days(1))",
}


def iso_text(text: str) -> str:
    """``11/04/2018``, ``20181104``, ``Nov 4, 2018 3:04 PM`` as 2018-11-04 15:04; anything else as it is."""
    if _ISO.fullmatch(text):
        return text
    parts = _DATE_AND_TIME.fullmatch(text.strip())
    day = _iso_date(parts["date"]) if parts else None
    if parts is None or day is None:
        return text
    return f"{day} {iso_time(parts['time'])}" if parts["time"] else day


def _iso_date(text: str) -> str | None:
    for spelling in _DATES:
        if match := spelling.fullmatch(text):
            fields = match.groupdict()
            year = _year(fields)
            if fields.get("day_of_year"):
                return _nth_day(int(year), int(fields["day_of_year"]))
            name = fields.get("name", "jan")[:3].lower()
            if name in _MONTH_NAMES:
                month = int(fields.get("month") or _MONTH_NAMES.index(name) + 1)
                return f"{year}-{month:02d}-{int(fields['day']):02d}"
    return None


def _year(fields: dict[str, str]) -> str:
    short = int(fields.get("short") or 0)
    return fields.get("year") or str(short + (2000 if short < _CENTURY_TURNS else 1900))


def _nth_day(year: int, number: int) -> str | None:
    day = date(year, 1, 1) + timedelta(days=number - 1)
    return day.isoformat() if day.year == year else None


def iso_time(text: str) -> str:
    """``04:05 PM`` as 16:05, ``040506`` as 04:05:06; anything else as it is."""
    if digits := _CLOCK_DIGITS.fullmatch(text.strip()):
        return ":".join(digits.groups())
    match = _TIME.fullmatch(text.strip())
    if match is None or not match["half"]:
        return text
    hour = int(match["hour"]) % 12 + (12 if match["half"].lower() == "pm" else 0)
    return f"{hour:02d}:{match['minute']}{match['second'] or ''}{match['zone']}"
