"""Results as the wire wants them: column descriptions and ready DataRow messages.

The engine itself writes each row's DataRow as one BLOB, since encoding values in Python takes three times as long.
``x::INT::BIT::BLOB`` is DuckDB for "x as four bytes, big-endian".
https://www.postgresql.org/docs/current/protocol-message-formats.html (DataRow, RowDescription)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from local_redshift.errors import FeatureNotSupported
from local_redshift.schema import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    import duckdb

    Rows = Callable[[], Iterator[list[bytes]]]

TEXT, BINARY = 0, 1
ROWS_A_CHUNK = 2048


@dataclass(frozen=True)
class WireType:
    """A type's OID, its size in bytes (-1: varies) and DuckDB SQL for its two formats (``{}`` is the value)."""

    oid: int
    size: int
    text: str = "{}::VARCHAR"
    binary: str | None = None


_BIG_ENDIAN = "{}::BIT::BLOB"
_BYTES = "encode({}::VARCHAR)"
# 100.0 is 100 and inf is Infinity in PostgreSQL's text.
_FLOAT_TEXT = (
    "CASE WHEN isfinite({0}) THEN CASE WHEN suffix({0}::VARCHAR, '.0') THEN rtrim(rtrim({0}::VARCHAR, '0'), '.')"
    " ELSE {0}::VARCHAR END WHEN isnan({0}) THEN 'NaN' WHEN {0} > 0 THEN 'Infinity' WHEN {0} < 0 THEN '-Infinity' END"
)
_BIGINT = WireType(20, 8, text="{}::BIGINT::VARCHAR", binary="{}::BIGINT::BIT::BLOB")
_TEXT = WireType(1043, -1, binary=_BYTES)

# Microseconds and days since 2000-01-01 are what the binary formats of times and dates count.
_WIRE_TYPES = {
    "BOOLEAN": WireType(16, 1, "CASE WHEN {} THEN 't' ELSE 'f' END", r"CASE WHEN {} THEN '\x01' ELSE '\x00' END::BLOB"),
    "TINYINT": WireType(21, 2, binary="{}::SMALLINT::BIT::BLOB"),
    "SMALLINT": WireType(21, 2, binary=_BIG_ENDIAN),
    "INTEGER": WireType(23, 4, binary=_BIG_ENDIAN),
    "BIGINT": _BIGINT,
    # Redshift has no wider integers: what DuckDB widens (SUM, COUNT of COUNT) is a BIGINT or overflows.
    "HUGEINT": _BIGINT,
    "UBIGINT": _BIGINT,
    "UINTEGER": _BIGINT,
    "UHUGEINT": _BIGINT,
    "FLOAT": WireType(700, 4, _FLOAT_TEXT, _BIG_ENDIAN),
    "DOUBLE": WireType(701, 8, _FLOAT_TEXT, _BIG_ENDIAN),
    "DATE": WireType(1082, 4, binary="({} - DATE '2000-01-01')::INT::BIT::BLOB"),
    "TIME": WireType(1083, 8, binary="epoch_us({})::BIGINT::BIT::BLOB"),
    "TIME WITH TIME ZONE": WireType(1266, 12),
    "TIMESTAMP": WireType(1114, 8, binary="(epoch_us({}) - 946684800000000)::BIGINT::BIT::BLOB"),
    "TIMESTAMP WITH TIME ZONE": WireType(1184, 8, binary="(epoch_us({}) - 946684800000000)::BIGINT::BIT::BLOB"),
    "INTERVAL": WireType(1186, 16, "replace({}::VARCHAR, 'month', 'mon')"),
    "VARCHAR": _TEXT,
    "BLOB": WireType(6551, -1, "lower(hex({}))", "{}"),
    "JSON": WireType(4000, -1, binary=_BYTES),
    '"NULL"': WireType(705, -1, binary=_BYTES),
}
# numeric's binary format: groups of four decimal digits, each a two-byte integer
_NUMERIC_BINARY = "rs.numeric_binary({}, {})"


@dataclass(frozen=True)
class ResultColumn:
    """A column of a RowDescription; ``format`` is 0 for text, 1 for binary."""

    name: str
    oid: int
    size: int
    modifier: int
    format: int = TEXT


@dataclass(frozen=True)
class Shape:
    """The columns of a query: their names and DuckDB types."""

    names: tuple[str, ...]
    types: tuple[str, ...]

    @classmethod
    def of(cls, relation: duckdb.DuckDBPyRelation) -> Shape:
        return cls(
            tuple(name.removesuffix(UNSEEN) for name in relation.columns), tuple(str(kind) for kind in relation.types)
        )

    def columns(self, formats: Sequence[int] = ()) -> tuple[ResultColumn, ...]:
        """As RowDescription tells them; ``formats`` as in Bind: none, one for all, or one a column."""
        wanted = expand_formats(formats, len(self.names))
        return tuple(
            replace(_describe(name, kind), format=wish)
            for name, kind, wish in zip(self.names, self.types, wanted, strict=True)
        )


def expand_formats(formats: Sequence[int], count: int) -> tuple[int, ...]:
    """Format codes for ``count`` values: none given means text, one given is for all."""
    if len(formats) == count:
        return tuple(formats)
    return (formats[0] if formats else TEXT,) * count


def _describe(name: str, kind: str) -> ResultColumn:
    if decimal := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", kind):
        return ResultColumn(name, 1700, -1, ((int(decimal[1]) << 16) | int(decimal[2])) + 4)
    wire = _WIRE_TYPES.get(kind, _TEXT)
    return ResultColumn(name, wire.oid, wire.size, -1)


def encoding_query(query: str, shape: Shape, formats: Sequence[int] = ()) -> str:
    """Wrap ``query`` so that each of its rows comes out as one DataRow message."""
    wanted = expand_formats(formats, len(shape.names))
    aliases = [f"c{index}" for index in range(len(shape.names))]
    values = [_field(alias, kind, wish) for alias, kind, wish in zip(aliases, shape.types, wanted, strict=True)]
    count = len(aliases).to_bytes(2, "big")
    return (
        rf"SELECT 'D'::BLOB || (octet_length(b) + 6)::INT::BIT::BLOB || {_blob(count)} || b"
        f" FROM (SELECT {' || '.join(values)} AS b FROM ({query}\n) AS q({', '.join(aliases)}))"
    )


def _field(value: str, kind: str, wish: int) -> str:
    content = _binary(value, kind) if wish == BINARY else _text(value, kind)
    size = "octet_length" if wish == BINARY else "strlen"
    body = content if wish == BINARY else f"encode({content})"
    return rf"coalesce({size}({content})::INT::BIT::BLOB || {body}, '\xFF\xFF\xFF\xFF'::BLOB)"


def _text(value: str, kind: str) -> str:
    wire = _WIRE_TYPES.get(kind, _TEXT)
    return (
        f"CASE WHEN {value} IS NOT NULL THEN {wire.text.format(value)} END"
        if kind == "BOOLEAN"
        else wire.text.format(value)
    )


def _binary(value: str, kind: str) -> str:
    if decimal := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", kind):
        return _NUMERIC_BINARY.format(value, decimal[2])
    binary = _WIRE_TYPES.get(kind, _TEXT).binary
    if binary is None:
        raise FeatureNotSupported(f"binary results of type {kind.lower()} are not supported: ask for text")
    return f"CASE WHEN {value} IS NOT NULL THEN {binary.format(value)} END"


def _blob(content: bytes) -> str:
    return "'" + "".join(rf"\x{byte:02X}" for byte in content) + "'::BLOB"


class Result:
    """What one statement gave: a command tag and, for a query, its columns and rows.

    ``tag`` is final once ``chunks`` is exhausted. ``suspended`` tells that a row limit stopped the rows.
    """

    def __init__(
        self,
        verb: str,
        columns: tuple[ResultColumn, ...] | None = None,
        rows: Rows | None = None,
    ) -> None:
        self.verb = verb
        self.columns = columns
        self.rows = rows
        self.suspended = False
        self._count = 0

    @property
    def tag(self) -> str:
        return self.verb if self.columns is None else f"{self.verb} {self._count}"

    def chunks(self) -> Iterator[bytes]:
        """DataRow messages, many to a chunk; memory holds one chunk at a time."""
        for batch in self.rows() if self.rows else ():
            self._count += len(batch)
            yield b"".join(batch)

    def guarded(self, guard: Callable[[], AbstractContextManager[None]], finish: Callable[[], None]) -> Result:
        """The same result, its rows produced inside ``guard()``; ``finish`` is called after the last one."""
        rows = self.rows

        def produce() -> Iterator[list[bytes]]:
            with guard():
                if rows is not None:
                    yield from rows()
                finish()

        self.rows = produce
        return self


def fetch_rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[list[bytes]]:
    """The DataRows of an executed encoding query, in batches."""
    while rows := cursor.fetchmany(ROWS_A_CHUNK):
        yield [row[0] for row in rows]
