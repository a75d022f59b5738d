"""DATEFORMAT and TIMEFORMAT strings as DuckDB reads them.

https://docs.aws.amazon.com/redshift/latest/dg/r_DATEFORMAT_and_TIMEFORMAT_strings.html
"""

from __future__ import annotations

import re

from local_redshift.errors import InvalidParameterValue

# In COPY, unlike in SQL functions, HH counts to 24. Longer parts come first.
_PARTS = {
    "YYYY": "%Y",
    "YY": "%y",
    "MON": "%b",
    "MM": "%m",
    "MI": "%M",
    "DD": "%d",
    "HH24": "%H",
    "HH12": "%I",
    "HH": "%H",
    "SS": "%S",
    "AM": "%p",
    "PM": "%p",
}
_PART = re.compile("|".join(_PARTS), re.IGNORECASE)
_EVERY_DATE_PART = {"%d", "%m", "%y"}

# What 'auto' recognises beside what a cast does, the zone taken off.
# https://docs.aws.amazon.com/redshift/latest/dg/automatic-recognition.html
AUTO = (
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d",
    "%Y%m%d %H%M%S.%f",
    "%Y%m%d %H%M%S",
    "%Y%m%d",
    "%y%m%d %H%M%S",
    "%y%m%d",
    "%Y.%j",
    "%d %b %H:%M:%S %Y",
    "%d %b %Y %H:%M:%S",
    "%b %d %H:%M:%S %Y",
    "%b-%d-%Y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%b %d, %Y",
    "%m/%d/%Y %H:%M:%S.%f",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d",
    "%d.%m.%Y %H:%M:%S.%f",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y",
)


def strptime_formats(text: str, option: str) -> tuple[str, ...]:
    """DuckDB's formats for a DATEFORMAT or TIMEFORMAT string; seconds may have a fraction.

    >>> strptime_formats("MM.DD.YYYY HH:MI:SS", "TIMEFORMAT")
    ('%m.%d.%Y %H:%M:%S', '%m.%d.%Y %H:%M:%S.%f')

    Raises InvalidParameterValue for parts that COPY does not know.
    """
    translated, at = "", 0
    for match in _PART.finditer(text):
        translated += _between(text[at : match.start()], text, option) + _PARTS[match[0].upper()]
        at = match.end()
    translated += _between(text[at:], text, option)
    parts = {part.lower() for part in re.findall(r"%[a-zA-Z]", translated.replace("%b", "%m"))}
    if not parts >= _EVERY_DATE_PART:
        raise InvalidParameterValue(f"{option} '{text}' has no year, month and day")
    if "%I" in translated and "%p" not in translated:
        raise InvalidParameterValue(f"{option} '{text}' counts hours to 12 without AM or PM")
    if "%S" not in translated:
        return (translated,)
    return (translated, translated.replace("%S", "%S.%f"))


def _between(separator: str, text: str, option: str) -> str:
    if re.search(r"[A-SU-Za-su-z]", separator):  # T stands for itself, as in ISO 8601
        raise InvalidParameterValue(
            f"{option} '{text}' is not a format: '{separator.strip()}' is no part that COPY knows",
            hint="Parts are YYYY YY MM MON DD HH HH24 HH12 MI SS AM PM; 'auto', and for TIMEFORMAT 'epochsecs' and "
            "'epochmillisecs', are written in lower case.",
        )
    return separator.replace("%", "%%")
