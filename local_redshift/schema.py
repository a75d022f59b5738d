"""Tables and columns as Redshift declares them.

DuckDB forgets what it does not need: the n of VARCHAR(n), IDENTITY, distribution and sort keys.
They are kept as JSON in the COMMENT of the table and of its columns, so that they are created,
renamed, dropped and rolled back together with what they describe.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from local_redshift.errors import SyntaxError_, UndefinedObject

if TYPE_CHECKING:
    import duckdb

DATABASE = "dev"
DEFAULT_SCHEMA = "public"
JOURNAL_SCHEMA = "redshift_journal"
HIDDEN_SCHEMAS = frozenset((JOURNAL_SCHEMA, "main"))  # the engine's and ours: clients are told that there are none

ENGINE_DATABASE = "rs"  # our macros and views: rs.name must never mean a schema of the user's
TEMPORARY_SCHEMA = "pg_temp"
UNSEEN = "\u2060"  # ends a column's name that must differ from another's for the engine alone

# Canonical spelling (format_type's) -> DuckDB's type. The n of strings is kept by a CHECK.
DUCKDB_TYPES = {
    "smallint": "SMALLINT",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "numeric": "DECIMAL",
    "real": "REAL",
    "double precision": "DOUBLE",
    "boolean": "BOOLEAN",
    "character": "VARCHAR",
    "character varying": "VARCHAR",
    "date": "DATE",
    "time without time zone": "TIME",
    "time with time zone": "TIMETZ",
    "timestamp without time zone": "TIMESTAMP",
    "timestamp with time zone": "TIMESTAMPTZ",
    "super": "JSON",
    "varbyte": "BLOB",
    "interval": "INTERVAL",
}

ALIASES = {
    "int2": "smallint",
    "int": "integer",
    "int4": "integer",
    "int8": "bigint",
    "decimal": "numeric",
    "dec": "numeric",
    "float4": "real",
    "float8": "double precision",
    "float": "double precision",
    "double": "double precision",
    "bool": "boolean",
    "char": "character",
    "nchar": "character",
    "bpchar": "character",
    "varchar": "character varying",
    "nvarchar": "character varying",
    "text": "character varying",
    "time": "time without time zone",
    "timetz": "time with time zone",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
    "varbinary": "varbyte",
    "binary varying": "varbyte",
}

# https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html
LONGEST = {"character": 4096, "character varying": 65535}
DEFAULT_LENGTH = {"character": 1, "character varying": 256}


@dataclass(frozen=True)
class RedshiftType:
    """A data type; ``length`` is in bytes of UTF-8 (CHAR and VARCHAR only)."""

    name: str
    length: int | None = None
    precision: int | None = None
    scale: int | None = None

    @classmethod
    def parse(cls, text: str) -> RedshiftType:
        """Read a type in any of Redshift's spellings: ``TEXT``, ``decimal(8,2)``, ``varchar(max)``.

        Raises UndefinedObject for a type that Redshift does not have, SyntaxError_ for bad sizes.
        """
        match = re.fullmatch(r"\s*([a-z_][a-z0-9_ ]*?)\s*(?:\(([^)]*)\))?(\s+with(?:out)? time zone)?\s*", text.lower())
        if match is None:
            raise SyntaxError_(f'syntax error at or near "{text}"')
        spelled = re.sub(r"\s+", " ", match[1] + (match[3] or ""))
        name = ALIASES.get(spelled, spelled)
        if name not in DUCKDB_TYPES:
            raise UndefinedObject(f'type "{spelled}" does not exist')
        sizes = [part.strip() for part in match[2].split(",")] if match[2] else []
        if name in LONGEST:
            return cls(name, length=_string_length(name, spelled, sizes))
        if name == "numeric":
            return cls(name, **_numeric_sizes(sizes))
        return cls(name)

    def __str__(self) -> str:
        if self.length is not None:
            return f"{self.name}({self.length})"
        if self.precision is not None:
            return f"{self.name}({self.precision},{self.scale})"
        return self.name

    @property
    def duckdb(self) -> str:
        """The DuckDB type that holds it: ``DECIMAL(18,0)``, ``VARCHAR``."""
        if self.name == "numeric":
            return f"DECIMAL({self.precision},{self.scale})"
        return DUCKDB_TYPES[self.name]

    @property
    def is_string(self) -> bool:
        return self.name in LONGEST

    @property
    def is_integer(self) -> bool:
        return self.name in {"smallint", "integer", "bigint"}


def _string_length(name: str, spelled: str, sizes: list[str]) -> int:
    if not sizes:
        return 256 if spelled == "bpchar" else DEFAULT_LENGTH[name]
    if sizes == ["max"]:
        return LONGEST[name]
    if len(sizes) != 1 or not sizes[0].isdigit() or int(sizes[0]) < 1:
        raise SyntaxError_(f'invalid length for type {spelled}: "{",".join(sizes)}"')
    if int(sizes[0]) > LONGEST[name]:
        raise SyntaxError_(f"Column length exceeds maximum allowed (maximum column length is {LONGEST[name]})")
    return int(sizes[0])


def _numeric_sizes(sizes: list[str]) -> dict[str, int]:
    if not all(size.isdigit() for size in sizes) or len(sizes) > 2:
        raise SyntaxError_(f'invalid precision or scale: "{",".join(sizes)}"')
    precision = int(sizes[0]) if sizes else 18
    scale = int(sizes[1]) if len(sizes) == 2 else 0
    if not 1 <= precision <= 38:
        raise SyntaxError_(f"DECIMAL precision {precision} must be between 1 and 38")
    if scale > min(precision, 37):
        raise SyntaxError_(f"DECIMAL scale {scale} must be between 0 and precision {precision}")
    return {"precision": precision, "scale": scale}


@dataclass(frozen=True)
class Identity:
    """IDENTITY(seed, step); ``always`` is False for GENERATED BY DEFAULT."""

    seed: int = 1
    step: int = 1
    always: bool = True


@dataclass(frozen=True)
class ColumnTraits:
    """What the comment of a column holds; ``type`` is empty where a query gave the column its type."""

    type: str
    encoding: str | None = None
    distkey: bool = False
    sortkey: int = 0  # 1 for the first sort column, 0 for none; interleaved ones are negative
    identity: Identity | None = None
    default: str | None = None  # as it was written
    description: str | None = None  # COMMENT ON


@dataclass(frozen=True)
class ForeignKey:
    columns: tuple[str, ...]
    table: str  # schema.table
    referenced: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableTraits:
    """What the comment of a table holds."""

    diststyle: Literal["AUTO", "EVEN", "KEY", "ALL"] = "AUTO"
    backup: bool = True
    primary_key: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    description: str | None = None  # COMMENT ON


def to_comment(traits: ColumnTraits | TableTraits) -> str:
    """The JSON text for COMMENT ON; read back by describe_table."""
    return json.dumps({"redshift": asdict(traits)})


def view_comment(definition: str) -> str:
    """The comment of a view: its query as the client wrote it."""
    return json.dumps({"redshift": {"definition": definition}})


def described(comment: str | None, traits: ColumnTraits | TableTraits | None, description: str | None) -> str:
    """``comment`` with another description; ``traits`` are those of what has no comment yet."""
    held = _held(comment) or (asdict(traits) if traits else {})
    return json.dumps({"redshift": {**held, "description": description}})


def column_traits(comment: str | None) -> ColumnTraits | None:
    held = _held(comment)
    if held is None:
        return None
    identity = held.pop("identity")
    return ColumnTraits(**held, identity=Identity(**identity) if identity else None)


def table_traits(comment: str | None) -> TableTraits:
    held = _held(comment)
    if held is None:
        return TableTraits()
    return TableTraits(
        diststyle=held["diststyle"],
        backup=held["backup"],
        primary_key=tuple(held["primary_key"]),
        unique=tuple(tuple(columns) for columns in held["unique"]),
        foreign_keys=tuple(
            ForeignKey(tuple(key["columns"]), key["table"], tuple(key["referenced"])) for key in held["foreign_keys"]
        ),
        description=held.get("description"),
    )


def _held(comment: str | None) -> dict[str, Any] | None:
    if not comment or not comment.startswith('{"redshift":'):
        return None
    held: dict[str, Any] = json.loads(comment)["redshift"]
    return held


@dataclass(frozen=True)
class TableName:
    """A table's name, already lower case; ``schema`` is None where the statement gave none."""

    name: str
    schema: str | None = None

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name

    @property
    def sql(self) -> str:
        """Where DuckDB keeps it: ``"dev"."public"."t"``, ``"temp"."main"."t"``; a bare name stays one."""
        if self.schema is None:
            return quote(self.name)
        database, schema = ("temp", "main") if self.schema == TEMPORARY_SCHEMA else (DATABASE, self.schema)
        return f"{quote(database)}.{quote(schema)}.{quote(self.name)}"


@dataclass(frozen=True)
class Column:
    name: str
    type: RedshiftType
    nullable: bool = True
    default: str | None = None  # DuckDB SQL text
    traits: ColumnTraits | None = None

    @property
    def identity(self) -> Identity | None:
        return self.traits.identity if self.traits else None


@dataclass(frozen=True)
class Table:
    """A table as it stands in the database."""

    name: TableName  # with its schema, always
    oid: int
    temporary: bool
    columns: tuple[Column, ...]
    traits: TableTraits = field(default_factory=TableTraits)


def quote(identifier: str) -> str:
    """``user`` -> ``"user"``: an identifier for DuckDB."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """``it's`` -> ``'it''s'``: a string for DuckDB."""
    return "'" + text.replace("'", "''") + "'"


_FIND_TABLE = """
SELECT database_name, schema_name, table_name, table_oid, comment FROM duckdb_tables()
WHERE table_name = $name AND (
    (database_name = 'temp' AND $schema IS NULL)
    OR (database_name = 'dev' AND schema_name IN (SELECT unnest($schemas::VARCHAR[]))))
ORDER BY database_name = 'temp' DESC, list_position($schemas::VARCHAR[], schema_name) LIMIT 1
"""
_FIND_COLUMNS = """
SELECT column_name, data_type, is_nullable, column_default, comment FROM duckdb_columns()
WHERE database_name = $database AND schema_name = $schema AND table_name = $name ORDER BY column_index
"""


def describe_table(
    connection: duckdb.DuckDBPyConnection, name: TableName, search_path: tuple[str, ...] = (DEFAULT_SCHEMA,)
) -> Table | None:
    """Find a table as Redshift would: a temporary one first, then along the search path; None if there is none."""
    schemas = [name.schema] if name.schema else list(search_path)
    found = connection.execute(_FIND_TABLE, {"name": name.name, "schema": name.schema, "schemas": schemas}).fetchone()
    if found is None:
        return None
    database, schema, table, oid, comment = found
    rows = connection.execute(_FIND_COLUMNS, {"database": database, "schema": schema, "name": table}).fetchall()
    temporary = database == "temp"
    return Table(
        name=TableName(table, TEMPORARY_SCHEMA if temporary else schema),
        oid=oid,
        temporary=temporary,
        columns=tuple(_column(*row) for row in rows),
        traits=table_traits(comment),
    )


def _column(name: str, data_type: str, nullable: bool, default: str | None, comment: str | None) -> Column:
    traits = column_traits(comment)
    declared = RedshiftType.parse(traits.type) if traits and traits.type else from_duckdb(data_type)
    return Column(name, declared, nullable, default, traits)


def from_duckdb(data_type: str) -> RedshiftType:
    """The Redshift type of a DuckDB type that has no declaration: of a CTAS column, say."""
    if data_type in {"HUGEINT", "UBIGINT", "UHUGEINT", "UINTEGER", "USMALLINT", "UTINYINT", "TINYINT"}:
        return RedshiftType("smallint" if data_type in {"TINYINT", "UTINYINT"} else "bigint")
    if data_type.startswith("DECIMAL"):
        return RedshiftType.parse(data_type)
    if data_type == "VARCHAR":
        return RedshiftType("character varying", length=LONGEST["character varying"])
    for name, engine_type in DUCKDB_TYPES.items():
        if engine_type == data_type or (data_type == "FLOAT" and name == "real"):
            return RedshiftType(name)
    if data_type == "TIMESTAMP WITH TIME ZONE":
        return RedshiftType("timestamp with time zone")
    if data_type == "TIME WITH TIME ZONE":
        return RedshiftType("time with time zone")
    return RedshiftType("character varying", length=LONGEST["character varying"])
