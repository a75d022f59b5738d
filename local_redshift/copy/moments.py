"""Dates and times in COPY: DATEFORMAT, TIMEFORMAT, 'auto' and the epochs, as SQL over a text.

https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-conversion.html#copy-timeformat
https://docs.aws.amazon.com/redshift/latest/dg/automatic-recognition.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_redshift.copy.formats import AUTO, strptime_formats
from local_redshift.schema import literal

if TYPE_CHECKING:
    from local_redshift.copy.options import Values

TYPES = {
    "date",
    "timestamp without time zone",
    "timestamp with time zone",
    "time without time zone",
    "time with time zone",
}
ANY_DATE = {"date", "timestamp without time zone", "timestamp with time zone"}

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
_OFFSET = r"[+-][0-9]{1,2}(:?[0-9]{2})?"
_EPOCHS = {"epochsecs": 1_000_000, "epochmillisecs": 1_000}  # microseconds
_JULIAN_1970 = 2_440_588

# Hours east of Greenwich; abbreviations are fixed offsets, whatever the season.
_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "CET": 1, "CEST": 2}


def read(type_name: str, options: Values, r: str) -> tuple[str, str, int]:
    """The value of the text ``r`` (NULL where it cannot be read), the reason in SQL, the error code."""
    text = f"trim({r}, ' ')"
    if type_name == "date":
        return _date(str(options.get("DATEFORMAT", "")), text)
    if type_name.startswith("timestamp"):
        return _timestamp(str(options.get("TIMEFORMAT", "")), text, zoned=type_name == "timestamp with time zone")
    return _time(text, zoned=type_name == "time with time zone")


def reads_usual(type_name: str, options: Values) -> bool:
    """Whether dates and timestamps as the engine writes them are read as what they are."""
    wanted = options.get("DATEFORMAT" if type_name == "date" else "TIMEFORMAT", "auto")
    return type_name in {"date", "timestamp without time zone"} and wanted == "auto"


def usual(type_name: str, r: str) -> str:
    """Holds for no text but such with year, month and day: the engine also writes infinity, and years (BC)."""
    return f"strlen({r}) = 10" if type_name == "date" else f"strlen({r}) >= 19 AND NOT suffix({r}, ')')"


def _date(wanted: str, text: str) -> tuple[str, str, int]:
    reason = f"Invalid date format or value [{wanted or 'YYYY-MM-DD'}]"
    if wanted == "auto":
        return f"CAST({_recognised(text)} AS DATE)", literal(reason), 1205
    if wanted:
        # A time behind the date is ignored.
        formats = _list(strptime_formats(wanted, "DATEFORMAT"))
        day = rf"regexp_extract({text}, '^\S+')"
        value = f"CAST(coalesce({_parsed(text, formats)}, {_parsed(day, formats)}) AS DATE)"
        return value, literal(reason), 1205
    value = f"CASE WHEN regexp_full_match({text}, '{_DAY}([ T].*)?') THEN TRY_CAST(left({text}, 10) AS DATE) END"
    short = f"CASE WHEN length({text}) < 10 THEN 'Invalid Date Format - length must be 10 or more' "
    return value, f"{short} ELSE {literal(reason)} END", 1205


def _timestamp(wanted: str, text: str, *, zoned: bool) -> tuple[str, str, int]:
    default = "YYYY-MM-DD HH24:MI:SSOF" if zoned else "YYYY-MM-DD HH24:MI:SS"
    reason = literal(f"Invalid timestamp format or value [{wanted or default}]")
    if wanted in _EPOCHS:
        value = _epoch(text, _EPOCHS[wanted])
    elif wanted == "auto":
        value = f"({_recognised(text)} - {_offset(text)})" if zoned else _recognised(text)
    elif wanted:
        value = _parsed(text, _list(strptime_formats(wanted, "TIMEFORMAT")))
    elif zoned:
        usual = f"regexp_full_match({text}, '{_DAY} {_CLOCK}( ?{_OFFSET})?')"
        value = f"CASE WHEN {usual} THEN {_recognised(text)} - {_offset(text)} END"
    else:
        value = f"CASE WHEN regexp_full_match({text}, '{_DAY} {_CLOCK}') THEN TRY_CAST({text} AS TIMESTAMP) END"
    return (f"({value}) AT TIME ZONE 'UTC'" if zoned else value), reason, 1206


def _epoch(text: str, microseconds: int) -> str:
    """Integral seconds or milliseconds, also as the JSON number 1541105830796.0."""
    number = rf"TRY_CAST(regexp_extract({text}, '^(-?[0-9]+)(\.0*)?$', 1) AS BIGINT)"
    return f"TRY(make_timestamp({number} * {microseconds}))"


def _recognised(text: str) -> str:
    """What 'auto' makes of a text; a time zone in it is left out of account."""
    local = rf"regexp_replace({text}, '(:[0-9]{{2}}(\.[0-9]+)?) ?({_OFFSET}|Z)$', '\1')"
    local = rf"regexp_replace({local}, '([0-9]) ?(Z|[A-Z]{{3,4}})$', '\1')"
    local = rf"regexp_replace({local}, '(\.[0-9]{{6}})[0-9]+', '\1')"
    julian = rf"TRY_CAST(regexp_extract({text}, '^J([0-9]{{1,8}})$', 1) AS INTEGER)"
    before_christ = f"TRY_CAST(regexp_replace({text}, ' BC$', ' (BC)') AS TIMESTAMP)"
    return (
        f"coalesce({_parsed(local, _list(AUTO))}, "
        f"CAST(DATE '1970-01-01' + ({julian} - {_JULIAN_1970}) AS TIMESTAMP), "
        f"CASE WHEN suffix({text}, ' BC') THEN {before_christ} END)"
    )


def _parsed(text: str, formats: str) -> str:
    """The engine knows the words epoch and infinity in every format; COPY does not."""
    return f"CASE WHEN regexp_matches({text}, '[0-9]') THEN try_strptime({text}, {formats}) END"


def _offset(text: str) -> str:
    """The zone of a text as an interval east of Greenwich; UTC where it names none."""
    pattern = r":[0-9]{2}(\.[0-9]+)? ?([+-])([0-9]{1,2}):?([0-9]{2})?$"
    sign, hours, minutes = (f"regexp_extract({text}, '{pattern}', {group})" for group in (2, 3, 4))
    shift = f"coalesce(TRY_CAST({hours} AS INTEGER), 0) * 60 + coalesce(TRY_CAST({minutes} AS INTEGER), 0)"
    zone = rf"regexp_extract({text}, '([A-Z]{{3,4}})$', 1)"
    named = " ".join(f"WHEN '{name}' THEN {hour * 60}" for name, hour in _ZONES.items())
    return f"to_minutes(CASE {zone} {named} ELSE (CASE WHEN {sign} = '-' THEN -1 ELSE 1 END) * ({shift}) END)"


def _time(text: str, *, zoned: bool) -> tuple[str, str, int]:
    target, pattern = ("TIMETZ", rf"{_CLOCK} ?({_OFFSET})?") if zoned else ("TIME", _CLOCK)
    value = f"CASE WHEN regexp_full_match({text}, '{pattern}') THEN TRY_CAST({text} AS {target}) END"
    return value, literal("Invalid time format or value [HH24:MI:SS]"), 1206


def _list(formats: tuple[str, ...]) -> str:
    return f"[{', '.join(literal(each) for each in formats)}]"
