"""SQL that makes a line of each row: delimited text, CSV, JSON. Values read as in a result.

https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html#unload-parameters
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from local_redshift.schema import literal
from local_redshift.sessions.results import UNTYPED, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_redshift.copy.options import Values

_STRINGS = {"VARCHAR", "JSON", UNTYPED}
_FLOATS = {"FLOAT", "DOUBLE"}
_NUMBER = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL\(.*\)")


def line(data_format: str, options: Values, columns: Sequence[tuple[str, str, str]]) -> str:
    """SQL of one line without its end; ``columns`` are (name, SQL of the value, DuckDB's type)."""
    if data_format == "JSON":
        fields = [
            f"{literal(json.dumps(name, ensure_ascii=False))} || ':' || {_json(*rest)}" for name, *rest in columns
        ]
        return "'{' || " + " || ',' || ".join(fields) + " || '}'"
    field = _csv if data_format == "CSV" else _delimited
    null, delimiter = literal(str(options.get("NULL", ""))), str(options.get("DELIMITER", "|"))
    fields = [
        f"coalesce({field(text_of(value, kind), kind, delimiter, options)}, {null})" for _, value, kind in columns
    ]
    return f" || {literal(delimiter)} || ".join(fields)


def header(data_format: str, options: Values, names: Sequence[str]) -> str:
    """SQL of the line of column names, which options shape as they do a value."""
    return line(data_format, options, [(name, literal(name), "VARCHAR") for name in names])


def _csv(text: str, _kind: str, delimiter: str, _options: Values) -> str:
    special = " OR ".join(f"contains({text}, {sign})" for sign in (literal(delimiter), "'\"'", "chr(10)", "chr(13)"))
    return f"CASE WHEN {special} THEN '\"' || replace({text}, '\"', '\"\"') || '\"' ELSE {text} END"


def _delimited(text: str, kind: str, delimiter: str, options: Values) -> str:
    quoted = "ADDQUOTES" in options
    if "ESCAPE" in options and kind in _STRINGS:
        for sign in ("\\", "\n", "\r", delimiter, *("\"'" if quoted else "")):
            code = f"chr({ord(sign)})"
            text = f"replace({text}, {code}, '\\' || {code})"
    return f"'\"' || {text} || '\"'" if quoted else text


def _json(value: str, kind: str) -> str:
    text = text_of(value, kind)
    if kind == "JSON":  # line ends in it are blanks between its parts
        found = f"translate({text}, chr(10) || chr(13), '  ')"
    elif _NUMBER.fullmatch(kind):
        found = text
    elif kind in _FLOATS:
        found = f"CASE WHEN isfinite({value}) THEN {text} ELSE '\"' || {text} || '\"' END"
    else:
        found = f"to_json({text})::VARCHAR"
    return f"coalesce({found}, 'null')"
