"""Which Parquet column may feed which type of column: the physical types must match, nothing is widened.

https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
https://docs.aws.amazon.com/redshift/latest/dg/c-spectrum-external-tables.html
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_redshift.data_types import RedshiftType

_TEXT = {("BYTE_ARRAY", ""), ("BYTE_ARRAY", "UTF8"), ("BYTE_ARRAY", "ENUM"), ("BYTE_ARRAY", "JSON")}
_MOMENT = {("INT96", ""), ("INT64", "TIMESTAMP_MILLIS"), ("INT64", "TIMESTAMP_MICROS")}
_CLOCK = {("INT32", "TIME_MILLIS"), ("INT64", "TIME_MICROS")}
_SMALL = {("INT32", "INT_8"), ("INT32", "INT_16"), ("INT32", "UINT_8")}
# Type of the column -> physical type and annotation of the Parquet column.
_FITTING = {
    "smallint": _SMALL,
    "integer": {*_SMALL, ("INT32", ""), ("INT32", "INT_32"), ("INT32", "UINT_16")},
    "bigint": {("INT64", ""), ("INT64", "INT_64")},
    "numeric": {("INT32", "DECIMAL"), ("INT64", "DECIMAL"), ("FIXED_LEN_BYTE_ARRAY", "DECIMAL")},
    "real": {("FLOAT", "")},
    "double precision": {("DOUBLE", "")},
    "boolean": {("BOOLEAN", "")},
    "character": _TEXT,
    "character varying": _TEXT,
    "varbyte": {("BYTE_ARRAY", ""), ("FIXED_LEN_BYTE_ARRAY", "")},
    "date": {("INT32", "DATE")},
    "timestamp without time zone": _MOMENT,
    "timestamp with time zone": _MOMENT,
    "time without time zone": _CLOCK,
    "time with time zone": _CLOCK,
}
_NAMES = {
    "character": "CHAR",
    "character varying": "VARCHAR",
    "timestamp without time zone": "TIMESTAMP",
    "timestamp with time zone": "TIMESTAMPTZ",
}
# What newer writers say in the logical type alone.
_LOGICAL = (
    (re.compile("StringType"), "UTF8"),
    (re.compile(r"DecimalType"), "DECIMAL"),
    (re.compile("DateType"), "DATE"),
    (re.compile(r"IntType\(bitWidth=(?P<bits>\d+), isSigned=1"), "INT_"),
    (re.compile(r"IntType\(bitWidth=(?P<bits>\d+), isSigned=0"), "UINT_"),
    (re.compile(r"TimestampType\(.*NANOS=NanoSeconds"), "TIMESTAMP_NANOS"),
    (re.compile(r"TimestampType\(.*MICROS=MicroSeconds"), "TIMESTAMP_MICROS"),
    (re.compile(r"TimestampType\(.*MILLIS=MilliSeconds"), "TIMESTAMP_MILLIS"),
    (re.compile(r"TimeType\(.*NANOS=NanoSeconds"), "TIME_NANOS"),
    (re.compile(r"TimeType\(.*MICROS=MicroSeconds"), "TIME_MICROS"),
    (re.compile(r"TimeType\(.*MILLIS=MilliSeconds"), "TIME_MILLIS"),
    (re.compile("JsonType"), "JSON"),
    (re.compile(r"(\w+)Type"), "OTHER"),
)


class Element(NamedTuple):
    """A node of a Parquet schema, as the engine's ``parquet_schema`` tells of it."""

    name: str
    physical: str | None  # None for a group
    length: int | None  # bytes, of FIXED_LEN_BYTE_ARRAY
    repetition: str
    children: int
    converted: str | None
    scale: int | None
    precision: int | None
    logical: str | None
    engine_type: str

    @property
    def annotation(self) -> str:
        """What the physical type stands for: UTF8, INT_16, DECIMAL; empty if nothing is said."""
        if self.converted:
            return self.converted
        for pattern, name in _LOGICAL:
            if match := pattern.match(self.logical or ""):
                return name + (match.groupdict().get("bits") or "")
        return ""

    def __str__(self) -> str:
        kind = "group" if self.physical is None else self.physical.lower()
        annotation = f" ({self.annotation})" if self.annotation else ""
        return f"{self.repetition.lower()} {kind} {self.name}{annotation}"


def top_level(elements: Sequence[Element]) -> tuple[Element, ...]:
    """The columns of a file out of its schema, which lists the tree in depth-first order, the root first."""
    columns = []
    at = 1
    while at < len(elements):
        columns.append(elements[at])
        at = _end(elements, at)
    return tuple(columns)


def _end(elements: Sequence[Element], at: int) -> int:
    end = at + 1
    for _ in range(elements[at].children):
        end = _end(elements, end)
    return end


def mismatch(column_type: RedshiftType, element: Element) -> str:
    """Why the element cannot feed a column of this type, as it goes on after the file's name; empty if it can."""
    if column_type.name == "super":
        return ""
    fitting = _FITTING.get(column_type.name, set())
    if element.repetition == "REPEATED" or (element.physical, element.annotation) not in fitting:
        kinds = f"Column type: {shown(column_type)}, Parquet schema:\n{element}"
        return f"has an incompatible Parquet schema for column '{{column}}'. {kinds}"
    return _decimal_mismatch(column_type, element) if column_type.name == "numeric" else ""


def _decimal_mismatch(column_type: RedshiftType, element: Element) -> str:
    wanted, scale = column_type.precision or 0, column_type.scale
    if element.scale != scale:
        return (
            f"column '{element.name}' has a scale that does not match the table metadata scale. "
            f"File metadata scale: {element.scale} Table metadata scale: {scale}"
        )
    if element.length is not None and element.length != _bytes_of(wanted):
        return (
            f"column '{element.name}' has an invalid type length. "
            f"Expecting: {_bytes_of(wanted)} len in file: {element.length}"
        )
    if (element.precision or 0) > wanted:
        return (
            f"column '{element.name}' has a precision that does not match the table metadata precision. "
            f"File metadata precision: {element.precision} Table metadata precision: {wanted}"
        )
    return ""


def _bytes_of(precision: int) -> int:
    """The fewest bytes that hold every number of so many digits, and its sign."""
    most: int = 10**precision - 1
    return math.ceil((most.bit_length() + 1) / 8)


def shown(column_type: RedshiftType) -> str:
    """``VARCHAR(20)``, as messages about columnar files name a type."""
    name = str(column_type)
    return name.replace(column_type.name, _NAMES.get(column_type.name, column_type.name)).upper()
