"""Data types as Redshift declares them, and the DuckDB types that hold them.

https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from local_redshift.errors import SyntaxError_, UndefinedObject

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

_ALIASES = {
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
    "datetime": "timestamp without time zone",
    "varbinary": "varbyte",
    "binary varying": "varbyte",
}

# https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html
LONGEST = {"character": 4096, "character varying": 65535}
_DEFAULT_LENGTH = {"character": 1, "character varying": 256}


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
        name = _ALIASES.get(spelled, spelled)
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
        return 256 if spelled == "bpchar" else _DEFAULT_LENGTH[name]
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


# What a query gives: DuckDB's other spellings, and integers that Redshift does not have.
_FROM_DUCKDB = {duckdb: name for name, duckdb in DUCKDB_TYPES.items()} | {
    "FLOAT": "real",
    "TIME WITH TIME ZONE": "time with time zone",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
    **dict.fromkeys(("TINYINT", "UTINYINT"), "smallint"),
    **dict.fromkeys(("HUGEINT", "UBIGINT", "UHUGEINT", "UINTEGER", "USMALLINT"), "bigint"),
}


def from_duckdb(data_type: str) -> RedshiftType:
    """The Redshift type of a DuckDB type that has no declaration: of a CTAS column, say."""
    if data_type.startswith("DECIMAL"):
        return RedshiftType.parse(data_type)
    if data_type == "VARCHAR" or data_type not in _FROM_DUCKDB:
        return RedshiftType("character varying", length=LONGEST["character varying"])
    return RedshiftType(_FROM_DUCKDB[data_type])
