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
UNTYPED = '"NULL"'  # DuckDB's type of a bare NULL
ROWS_A_CHUNK = 2048


@dataclass(frozen=True)
class WireType:
    """A type's OID, its size in bytes (-1: varies) and DuckDB SQL for its two formats (``{}`` is the value).

    ``brief`` tells that the text is ASCII of fewer than 128 characters.
    """

    oid: int
    size: int
    text: str = "{}::VARCHAR"
    binary: str | None = None
    brief: bool = True


_BIG_ENDIAN = "{}::BIT::BLOB"
_BYTES = "encode({}::VARCHAR)"
# 100.0 is 100 and inf is Infinity in PostgreSQL's text.
_FLOAT_TEXT = (
    "CASE WHEN {0} <> trunc({0}) THEN {0}::VARCHAR"
    " WHEN isfinite({0}) THEN CASE WHEN suffix({0}::VARCHAR, '.0') THEN rtrim(rtrim({0}::VARCHAR, '0'), '.')"
    " ELSE {0}::VARCHAR END WHEN isnan({0}) THEN 'NaN' WHEN {0} > 0 THEN 'Infinity' WHEN {0} < 0 THEN '-Infinity' END"
)
_BIGINT = WireType(20, 8, text="{}::BIGINT::VARCHAR", binary="{}::BIGINT::BIT::BLOB")
_TEXT = WireType(1043, -1, binary=_BYTES, brief=False)
_NUMERIC = WireType(1700, -1)
_FLAGS_TEXT = (
    "'{{' || array_to_string(list_transform({}, lambda x : CASE WHEN x THEN 't' WHEN NOT x THEN 'f' ELSE 'NULL' END),"
    " ',') || '}}'"
)
# Microseconds, then seconds west of Greenwich; microseconds, then months, as in 8.0, which kept no days apart.
_TIMETZ_BINARY = "epoch_us({0})::BIGINT::BIT::BLOB || (-date_part('timezone', {0}))::INT::BIT::BLOB"
_INTERVAL_BINARY = (
    "((date_part('day', {0}) * 24 + date_part('hour', {0})) * 3600000000 + date_part('minute', {0}) * 60000000"
    " + date_part('microsecond', {0}))::BIGINT::BIT::BLOB"
    " || (date_part('year', {0}) * 12 + date_part('month', {0}))::INT::BIT::BLOB"
)
# {a,NULL,"b c"}
_ARRAY_TEXT = (
    "'{{' || array_to_string(list_transform({}::VARCHAR[], lambda x : CASE WHEN x IS NULL THEN 'NULL'"
    " WHEN regexp_full_match(x, '[^\\s\"\\\\{{}},]+') AND lower(x) <> 'null' THEN x"
    " ELSE '\"' || replace(replace(x, '\\', '\\\\'), '\"', '\\\"') || '\"' END), ',') || '}}'"
)

# Microseconds and days since 2000-01-01 are what the binary formats of times and dates count.
_WIRE_TYPES = {
    "BOOLEAN": WireType(16, 1, binary=r"CASE WHEN {} THEN '\x01' ELSE '\x00' END::BLOB"),
    "TINYINT": WireType(21, 2, binary="{}::SMALLINT::BIT::BLOB"),
    "SMALLINT": WireType(21, 2, binary=_BIG_ENDIAN),
    "INTEGER": WireType(23, 4, binary=_BIG_ENDIAN),
    "BIGINT": _BIGINT,
    # Redshift has no wider integers: what DuckDB widens (SUM, COUNT of COUNT) is a BIGINT or overflows.
    "HUGEINT": _BIGINT,
    "UBIGINT": _BIGINT,
    "UHUGEINT": _BIGINT,
    "FLOAT": WireType(700, 4, _FLOAT_TEXT, _BIG_ENDIAN),
    "DOUBLE": WireType(701, 8, _FLOAT_TEXT, _BIG_ENDIAN),
    "DATE": WireType(1082, 4, binary="({} - DATE '2000-01-01')::INT::BIT::BLOB"),
    "TIME": WireType(1083, 8, binary="epoch_us({})::BIGINT::BIT::BLOB"),
    "TIME WITH TIME ZONE": WireType(1266, 12, binary=_TIMETZ_BINARY),
    "TIMESTAMP": WireType(1114, 8, binary="(epoch_us({}) - 946684800000000)::BIGINT::BIT::BLOB"),
    "TIMESTAMP WITH TIME ZONE": WireType(1184, 8, binary="(epoch_us({}) - 946684800000000)::BIGINT::BIT::BLOB"),
    "INTERVAL": WireType(1186, 12, "replace({}::VARCHAR, 'month', 'mon')", _INTERVAL_BINARY, brief=False),
    "VARCHAR": _TEXT,
    "BLOB": WireType(6551, -1, "lower(hex({}))", "{}", brief=False),
    "JSON": WireType(4000, -1, binary=_BYTES, brief=False),
    # Object ids and arrays: the catalogs alone have them.
    "UINTEGER": WireType(26, 4, binary="{}::INTEGER::BIT::BLOB"),
    "BOOLEAN[]": WireType(1000, -1, _FLAGS_TEXT, brief=False),
    "SMALLINT[]": WireType(1005, -1, _ARRAY_TEXT, brief=False),
    "INTEGER[]": WireType(1007, -1, _ARRAY_TEXT, brief=False),
    "BIGINT[]": WireType(1016, -1, _ARRAY_TEXT, brief=False),
    "UINTEGER[]": WireType(1028, -1, _ARRAY_TEXT, brief=False),
    "VARCHAR[]": WireType(1009, -1, _ARRAY_TEXT, brief=False),
    UNTYPED: WireType(705, -1, binary=_BYTES, brief=False),
}
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
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
    if decimal := _DECIMAL.fullmatch(kind):
        return ResultColumn(name, _NUMERIC.oid, _NUMERIC.size, ((int(decimal[1]) << 16) | int(decimal[2])) + 4)
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
    if wish == BINARY:
        content = _binary(value, kind)
        sized = f"octet_length({content})::INT::BIT::BLOB || {content}"
    else:
        sized = _sized_text(value, kind)
    return rf"coalesce({sized}, '\xFF\xFF\xFF\xFF'::BLOB)"


def _sized_text(value: str, kind: str) -> str:
    if kind == "BOOLEAN":
        return rf"CASE {value} WHEN true THEN '\x00\x00\x00\x01t'::BLOB WHEN false THEN '\x00\x00\x00\x01f'::BLOB END"
    wire = _wire_type(kind)
    text = wire.text.format(value)
    if wire.brief:  # a length that is one byte of UTF-8 saves two casts, a tenth of the whole time
        return f"encode(chr(0) || chr(0) || chr(0) || chr(strlen({text})::INT) || {text})"
    return f"strlen({text})::INT::BIT::BLOB || encode({text})"


def text_of(value: str, kind: str) -> str:
    """SQL of a value's text as PostgreSQL writes it: ``t`` for true."""
    if kind == "BOOLEAN":
        return f"CASE {value} WHEN true THEN 't' WHEN false THEN 'f' END"
    return _wire_type(kind).text.format(value)


def _wire_type(kind: str) -> WireType:
    return _NUMERIC if _DECIMAL.fullmatch(kind) else _WIRE_TYPES.get(kind, _TEXT)


def _binary(value: str, kind: str) -> str:
    if decimal := _DECIMAL.fullmatch(kind):
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


def query_result(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    shape: Shape,
    values: Sequence[object] = (),
    formats: Sequence[int] = (),
    verb: str = "SELECT",
) -> Result:
    """Run ``query``; its rows are fetched from the connection as they are asked for."""
    connection.execute(encoding_query(query, shape, formats), list(values))
    return Result(verb, shape.columns(formats), lambda: fetch_rows(connection))


def fetch_rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[list[bytes]]:
    """The DataRows of an executed encoding query, in batches."""
    while rows := cursor.fetchmany(ROWS_A_CHUNK):
        yield [row[0] for row in rows]
