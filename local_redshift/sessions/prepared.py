"""The extended query protocol's prepared statements, their parameters and portals."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from local_redshift.errors import FeatureNotSupported, InvalidText, ProtocolViolation
from local_redshift.sessions.results import BINARY, UNTYPED, expand_formats

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from local_redshift.dialect.statements import Statement
    from local_redshift.sessions.cursors import StoredRows
    from local_redshift.sessions.results import ResultColumn, Shape

DATE, NUMERIC = 1082, 1700

# Types for which a parameter is cast. Strings and unknowns are not: like a literal, they become what is needed.
_CASTS = {
    16: "BOOLEAN",
    20: "BIGINT",
    21: "SMALLINT",
    23: "INTEGER",
    700: "REAL",
    701: "DOUBLE",
    1082: "DATE",
    1083: "TIME",
    1114: "TIMESTAMP",
    1184: "TIMESTAMPTZ",
    1186: "INTERVAL",
}
# The client tells neither precision nor scale, but they have to be told it before the value is known.
_DESCRIBED = _CASTS | {NUMERIC: "DECIMAL(38,10)"}
_EPOCH = datetime(2000, 1, 1)
_BINARY: dict[int, Callable[[bytes], object]] = {
    16: lambda value: value != b"\x00",
    20: lambda value: struct.unpack(">q", value)[0],
    21: lambda value: struct.unpack(">h", value)[0],
    23: lambda value: struct.unpack(">i", value)[0],
    700: lambda value: struct.unpack(">f", value)[0],
    701: lambda value: struct.unpack(">d", value)[0],
    1082: lambda value: date(2000, 1, 1) + timedelta(days=struct.unpack(">i", value)[0]),
    1114: lambda value: _EPOCH + timedelta(microseconds=struct.unpack(">q", value)[0]),
    1184: lambda value: (_EPOCH + timedelta(microseconds=struct.unpack(">q", value)[0])).replace(tzinfo=UTC),
    1186: lambda value: "{1} months {0} microseconds".format(*struct.unpack(">qi", value)),
    NUMERIC: lambda value: _numeric(value),
    0: lambda value: value.decode(),
    705: lambda value: value.decode(),
    25: lambda value: value.decode(),
    1042: lambda value: value.decode(),
    1043: lambda value: value.decode(),
}
_UNTYPED = {0, 705}  # not told, and the type called unknown
_ZONED_DATE = re.compile(r"(\d{4,}-\d\d-\d\d) [+-]\d\d(?::\d\d)?")  # what pgjdbc's setDate sends, without a type
_PARAMETER = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\$(\d+)")


@dataclass(frozen=True)
class Prepared:
    """A parsed statement; ``statement`` is None for the empty query."""

    statement: Statement | None
    parameter_oids: tuple[int, ...] = ()
    shape: Shape | None = None

    @property
    def columns(self) -> tuple[ResultColumn, ...] | None:
        return self.shape.columns() if self.shape else None


@dataclass
class Portal:
    """A prepared statement with its parameters' values; ``rows`` are kept between Executes with a row limit."""

    prepared: Prepared
    values: list[object] = field(default_factory=list)
    formats: tuple[int, ...] = ()
    rows: StoredRows | None = None
    done: bool = False

    @property
    def columns(self) -> tuple[ResultColumn, ...] | None:
        return self.prepared.shape.columns(self.formats) if self.prepared.shape else None

    def close(self) -> None:
        if self.rows is not None:
            self.rows.close()


def replace_parameters(sql: str, write: Callable[[int], str]) -> str:
    """Rewrite each ``$n`` of DuckDB SQL; literals and quoted names are left alone.

    >>> replace_parameters("SELECT $1, '$2'", lambda number: f"<{number}>")
    "SELECT <1>, '$2'"
    """
    return _PARAMETER.sub(lambda match: write(int(match[1])) if match[1] else match[0], sql)


def typed_parameters(sql: str, oids: Sequence[int]) -> str:
    """Cast each parameter to the type that the client told."""
    return replace_parameters(
        sql, lambda n: f"CAST(${n} AS {_CASTS[oids[n - 1]]})" if oids[n - 1] in _CASTS else f"${n}"
    )


def describing_query(sql: str, oids: Sequence[int]) -> str:
    """The same query with typed NULLs for its parameters: its columns can be told before values are known."""
    return replace_parameters(
        sql, lambda n: f"CAST(NULL AS {_DESCRIBED[oids[n - 1]]})" if oids[n - 1] in _DESCRIBED else "NULL"
    )


def as_described(sql: str, shape: Shape) -> str:
    """The same query with the types that were told: a parameter's value may have given it others."""
    names = [f"c{index}" for index in range(len(shape.types))]
    items = (
        name if kind == UNTYPED else f"CAST({name} AS {kind})" for name, kind in zip(names, shape.types, strict=True)
    )
    return f"SELECT {', '.join(items)} FROM ({sql}\n) AS q({', '.join(names)})"


def read_parameters(oids: Sequence[int], values: Sequence[bytes | None], formats: Sequence[int]) -> list[object]:
    """Bind's values as Python values. Raises ProtocolViolation, InvalidText, FeatureNotSupported."""
    if len(values) != len(oids):
        raise ProtocolViolation(
            f"bind message supplies {len(values)} parameters, but the statement requires {len(oids)}"
        )
    wanted = expand_formats(formats, len(values))
    return [
        None if value is None else _read(oid, value, wish)
        for oid, value, wish in zip(oids, values, wanted, strict=True)
    ]


def _read(oid: int, value: bytes, wish: int) -> object:
    try:
        if wish == BINARY:
            if oid not in _BINARY:
                raise FeatureNotSupported(f"binary parameters of the type with OID {oid} are not supported: send text")
            return _BINARY[oid](value)
        text = value.decode()
        if oid in {*_UNTYPED, DATE} and (day := _ZONED_DATE.fullmatch(text)):
            return day[1]
        return Decimal(text) if oid == NUMERIC else text
    except (struct.error, ArithmeticError, UnicodeDecodeError) as error:
        raise InvalidText(f"a parameter cannot be read as a value of the type with OID {oid}") from error


def _numeric(value: bytes) -> Decimal:
    count, weight, sign, scale = struct.unpack(">hhHh", value[:8])
    groups = struct.unpack(f">{count}h", value[8:])
    if sign not in {0, 0x4000}:
        return Decimal("NaN")
    total = sum((Decimal(group).scaleb(4 * (weight - index)) for index, group in enumerate(groups)), Decimal(0))
    return (-total if sign else total).quantize(Decimal(1).scaleb(-scale))
