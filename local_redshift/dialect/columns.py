"""One column of CREATE TABLE or ALTER TABLE ADD: its type, attributes and constraints.

https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from local_redshift.data_types import RedshiftType
from local_redshift.dialect.names import REAL_DIGITS
from local_redshift.dialect.queries import expression_sql
from local_redshift.dialect.reserved import RESERVED
from local_redshift.dialect.tables import physical_traits
from local_redshift.errors import (
    FeatureNotSupported,
    InvalidTableDefinition,
    RedshiftError,
    SyntaxError_,
    UndefinedObject,
)
from local_redshift.schema import Column, ColumnTraits, Identity

if TYPE_CHECKING:
    from local_redshift.dialect.create_table import TableParser
    from local_redshift.dialect.statements import Catalog
    from local_redshift.dialect.tokens import TokenReader

ENCODINGS = frozenset({
    "AUTO", "AZ64", "BYTEDICT", "DELTA", "DELTA32K", "LZO", "MOSTLY16", "MOSTLY32", "MOSTLY8", "RAW", "RUNLENGTH",
    "TEXT255", "TEXT32K", "ZSTD",
})  # fmt: skip
# PostgreSQL has them and Redshift's parser knows them, but no column can be of such a type.
_UNSUPPORTED_TYPES = frozenset({
    "abstime", "bigserial", "bit", "box", "bytea", "cidr", "circle", "enum", "hstore", "inet", "interval", "json",
    "jsonb", "line", "lseg", "macaddr", "money", "oid", "path", "point", "polygon", "serial", "serial4", "serial8",
    "smallserial", "tsquery", "tsvector", "uuid", "xml",
})  # fmt: skip
_NOT_BUILT_TYPES = frozenset({"geography", "geometry", "hllsketch"})
_AFTER_DEFAULT = frozenset({
    "COLLATE", "CONSTRAINT", "DISTKEY", "ENCODE", "GENERATED", "IDENTITY", "NOT", "NULL", "PRIMARY", "REFERENCES",
    "SORTKEY", "UNIQUE",
})  # fmt: skip
_TYPE_PAIRS = (("DOUBLE", "PRECISION"), ("CHARACTER", "VARYING"), ("BINARY", "VARYING"))


def read_type(reader: TokenReader, column: str) -> RedshiftType:
    """A column's type. ``column`` is table.column, for the message."""
    start = reader.position
    token = reader.take("word", "name")
    words = [token.value]
    if reader.current is not None and (token.word, reader.current.word) in _TYPE_PAIRS:
        words.append(reader.take("word").value)
    spelled = " ".join(words)
    if spelled in _UNSUPPORTED_TYPES:
        raise FeatureNotSupported(f'Column "{column}" has unsupported type "{spelled}".', position=start + 1)
    if spelled in _NOT_BUILT_TYPES:
        raise FeatureNotSupported(f"type {spelled} is not supported by the local warehouse", position=start + 1)
    sizes = f"({reader.skip_group()})" if reader.peek("(") else ""
    for words_ in (("WITH", "TIME", "ZONE"), ("WITHOUT", "TIME", "ZONE")):
        if spelled in {"timestamp", "time"} and reader.accept(*words_):
            spelled = f"{spelled} {' '.join(words_).lower()}"
    if reader.peek("["):
        raise FeatureNotSupported(f'Column "{column}" has unsupported type "{spelled}[]".', position=start + 1)
    if spelled == "float" and sizes.strip("( )").isdigit():
        return RedshiftType("real" if int(sizes.strip("( )")) <= REAL_DIGITS else "double precision")
    try:
        return RedshiftType.parse(spelled + sizes)
    except (UndefinedObject, SyntaxError_) as error:
        if token.word in RESERVED:  # ``id PRIMARY KEY``, ``id IDENTITY(0,1)``: the type was forgotten
            raise reader.error(token) from None
        error.position = start + 1
        raise


def read_column(parser: TableParser, name: str, declared: RedshiftType) -> Column:
    """The attributes and constraints after a column's type, in any order."""
    reader = parser.reader
    column = Column(name, declared, traits=ColumnTraits(str(declared)))
    while reader.current is not None and not reader.peek(",") and not reader.peek(")"):
        column = _attribute(parser, column)
    return column


def _attribute(parser: TableParser, column: Column) -> Column:
    reader = parser.reader
    if reader.accept("NOT", "NULL"):
        return replace(column, nullable=False)
    if reader.accept("NULL"):
        return column
    if reader.accept("DEFAULT"):
        return _with_default(reader, parser.catalog, column)
    if reader.peek("IDENTITY") or reader.peek("GENERATED"):
        return _identity(reader, column)
    if reader.accept("ENCODE"):
        return physical_traits(column, encoding=_encoding(reader))
    if reader.accept("DISTKEY"):
        parser.set_distkey(column.name)
        return column
    if reader.accept("SORTKEY"):
        parser.draft.sort_columns = (*parser.draft.sort_columns, column.name)
        return column
    return _constraint(parser, column)


def _constraint(parser: TableParser, column: Column) -> Column:
    reader = parser.reader
    if reader.accept("CONSTRAINT"):
        reader.identifier()
    if reader.accept("PRIMARY", "KEY"):
        parser.primary_key((column.name,))
        return replace(column, nullable=False)
    if reader.accept("UNIQUE"):
        parser.unique((column.name,))
    elif reader.accept("REFERENCES"):
        parser.reference((column.name,))
    elif reader.accept("COLLATE"):
        if reader.accept_any("CASE_SENSITIVE", "CS") is None:
            raise FeatureNotSupported("COLLATE CASE_INSENSITIVE is not supported by the local warehouse")
    elif reader.peek("CHECK"):
        raise FeatureNotSupported("CHECK constraints are not supported", position=reader.position + 1)
    elif reader.peek("AUTO_INCREMENT") or not reader.peek("NOT", "NULL"):
        raise reader.error()
    return column


def _encoding(reader: TokenReader) -> str | None:
    token = reader.take("word")
    if token.word not in ENCODINGS:
        raise InvalidTableDefinition(f'encoding type "{token.text.lower()}" does not exist', position=token.start + 1)
    return None if token.word == "AUTO" else token.text.lower()


def _with_default(reader: TokenReader, catalog: Catalog, column: Column) -> Column:
    start, depth = reader.position, 0
    first = reader.index
    while (token := reader.current) is not None:
        if depth == 0 and (token.text in {",", ")"} or (reader.index > first and token.word in _AFTER_DEFAULT)):
            break
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        reader.index += 1
    if reader.index == first:
        raise reader.error()
    text = reader.source[start : reader.previous.end]
    if text.upper() == "NULL":
        return column
    return replace(physical_traits(column, default=text), default=expression_sql(text, catalog, start))


def _identity(reader: TokenReader, column: Column) -> Column:
    """IDENTITY [(seed, step)] and GENERATED BY DEFAULT AS IDENTITY [(seed, step)]: NOT NULL, INT or BIGINT."""
    start, always = reader.position, True
    if reader.accept("GENERATED"):
        reader.expect("BY", "DEFAULT", "AS")
        always = False
    reader.expect("IDENTITY")
    seed, step = 1, 1
    if reader.accept("("):
        seed = reader.integer()
        if reader.accept(","):
            step = reader.integer()
        reader.expect(")")
    if column.type.name not in {"integer", "bigint"}:
        raise InvalidTableDefinition(
            f'identity column "{column.name}" must be of type integer or bigint', position=start + 1
        )
    if step == 0:
        raise RedshiftError(f'identity column "{column.name}" cannot have a step of 0', position=start + 1)
    return replace(physical_traits(column, identity=Identity(seed, step, always)), nullable=False)
