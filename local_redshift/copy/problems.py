"""What the load-error tables show of a rejected record.

https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_ERRORS.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from local_redshift.system_tables.journal import LoadError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_redshift.copy.records import Record
    from local_redshift.data_types import RedshiftType
    from local_redshift.schema import Column

_SHORT_NAMES = {
    "smallint": "int2",
    "integer": "int4",
    "bigint": "int8",
    "real": "float4",
    "double precision": "float8",
    "boolean": "bool",
    "character": "char",
    "character varying": "varchar",
    "time without time zone": "time",
    "time with time zone": "timetz",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamptz",
}
_LONGEST = 1024  # characters of a raw line or value


def load_error(record: Record, problem: Sequence[Any] | None, columns: tuple[Column, ...]) -> LoadError:
    """``problem`` is the column's index (-1: the whole record), code, reason, position, value; None for no JSON."""
    index, code, reason, position, value = problem or (-1, record.code, record.reason, 0, "")
    column = columns[index] if index >= 0 else None
    return LoadError(
        file=record.file,
        line=record.line,
        column=column.name if column else "",
        type=_SHORT_NAMES.get(column.type.name, column.type.name) if column else "",
        length=_length(column.type) if column else "",
        position=position,
        raw_line=shown(record.raw),
        raw_value=value[:_LONGEST].replace("\0", "."),
        code=code,
        reason=reason,
    )


def columnar_error(file: str, column: Column | None, code: int, reason: str) -> LoadError:
    """A columnar file has no lines and no raw text."""
    return LoadError(
        file=file,
        line=-1,
        column=column.name if column else "",
        type=_SHORT_NAMES.get(column.type.name, column.type.name) if column else "",
        length=_length(column.type) if column else "",
        position=0,
        raw_line="",
        raw_value="",
        code=code,
        reason=reason.replace("\n", " "),
    )


def shown(raw_line: str) -> str:
    """A raw line as a CHAR column can hold it."""
    return re.sub(r"[^\x01-\x7f]", ".", raw_line[:_LONGEST])


def _length(column_type: RedshiftType) -> str:
    if column_type.precision is not None:
        return f"{column_type.precision}, {column_type.scale}"
    return str(column_type.length or 0)
