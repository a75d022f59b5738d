"""From a Parquet column to a table's, as SQL; a value that does not fit raises an error which tells where it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from local_redshift.data_types import LONGEST
from local_redshift.schema import quote

if TYPE_CHECKING:
    from local_redshift.copy.parquet_types import Element
    from local_redshift.schema import Column

FILE = "\x1ffile"  # no writer calls a column so: the column that names the file of a row
_MARK = "\x1f"
# kind, index of the column, what is told of the value, path of the file
FAULT = re.compile(f"copy{_MARK}(\\w+){_MARK}(\\d+){_MARK}([^{_MARK}]*){_MARK}([^\n]*)")
_MOMENTS = {"timestamp without time zone", "timestamp with time zone"}


def value(column: Column, element: Element | None, index: int, *, replacing: bool) -> str:
    """The value of column ``index`` out of ``c<index>``; without an element it is NULL.

    With ``replacing``, bytes that are no UTF-8 become question marks.
    """
    target = column.type.duckdb
    held = (
        f"CAST(NULL AS {target})" if element is None else _converted(column, element, f"c{index}", replacing=replacing)
    )
    faults = []
    if not column.nullable:
        faults.append(f"WHEN ({held}) IS NULL THEN {_fault('null', index)}")
    if element is not None and column.type.is_string:
        faults += _string_faults(column, held, index)
    if element is not None and column.type.name == "super" and _is_text(element):
        text = f"strlen(CAST(c{index} AS VARCHAR))"
        faults.append(f"WHEN {text} > {LONGEST['character varying']} THEN {_fault('super', index, text)}")
    return f"CASE {' '.join(faults)} ELSE {held} END" if faults else held


def _converted(column: Column, element: Element, held: str, *, replacing: bool) -> str:
    name = column.type.name
    if name == "super":
        return f"to_json(CAST({held} AS VARCHAR))" if _is_text(element) else f"to_json({held})"
    if column.type.is_string:
        errors = "replace" if replacing else "strict"
        text = f"decode({held}, '{errors}')" if element.engine_type == "BLOB" else f"CAST({held} AS VARCHAR)"
        return f"rtrim({text}, ' ')" if name == "character" else text
    if name in _MOMENTS and (element.engine_type == "TIMESTAMP WITH TIME ZONE") != name.endswith("with time zone"):
        # An instant and its clock in UTC, whichever way; the session's time zone has no say.
        return f"CAST({held} AS {_source(name)}) AT TIME ZONE 'UTC'"
    return f"CAST({held} AS {column.type.duckdb})"


def _source(name: str) -> str:
    return "TIMESTAMP" if name.endswith("with time zone") else "TIMESTAMPTZ"


def _is_text(element: Element) -> bool:
    return element.physical == "BYTE_ARRAY" and element.annotation != "DECIMAL"


def _string_faults(column: Column, held: str, index: int) -> list[str]:
    too_long = f"WHEN strlen({held}) > {column.type.length} THEN {_fault('length', index, f'strlen({held})')}"
    if column.type.name != "character":
        return [too_long]
    first = f"lower(hex(encode(regexp_extract({held}, '[^\\x00-\\x7F]'))))"
    return [f"WHEN strlen({held}) <> length({held}) THEN {_fault('multibyte', index, first)}", too_long]


def _fault(kind: str, index: int, told: str = "''") -> str:
    return f"error(concat_ws('{_MARK}', 'copy', '{kind}', {index}, {told}, {quote(FILE)}))"
