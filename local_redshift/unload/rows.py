"""The rows of an UNLOAD: the query, its columns, and which of them name folders.

https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html#unload-partitionby-usage
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_redshift.errors import FeatureNotSupported, RedshiftError, UndefinedColumn
from local_redshift.sessions.results import text_of
from local_redshift.unload.names import folder_sql

if TYPE_CHECKING:
    from local_redshift.sessions.results import Shape
    from local_redshift.unload.statement import UnloadStatement

_PARTITION_TYPES = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL\(.*\)|FLOAT|BOOLEAN|VARCHAR|DATE|TIMESTAMP")
# What a format cannot hold.
_NOT_IN = {
    "JSON": {"BLOB": "VARBYTE"},
    "PARQUET": {"BLOB": "VARBYTE", "INTERVAL": "INTERVAL", "TIME WITH TIME ZONE": "TIMETZ"},
}


@dataclass(frozen=True)
class Rows:
    """``columns`` are (name, SQL of the value, DuckDB's type) in ``source``; ``folder`` is SQL, if there are any."""

    source: str
    columns: tuple[tuple[str, str, str], ...]
    folder: str | None


def rows(statement: UnloadStatement, sql: str, shape: Shape) -> Rows:
    """What to write of a query of DuckDB SQL.

    Raises UndefinedColumn for PARTITION BY, FeatureNotSupported for types that the format or PARTITION BY does not
    take, RedshiftError for columns that JSON or Parquet cannot tell apart.
    """
    values = [f"c{index}" for index in range(len(shape.names))]
    found = tuple(zip(shape.names, values, shape.types, strict=True))
    kept = _kept(statement, found)
    for name, _, kind in kept:
        if told := _NOT_IN.get(statement.format, {}).get(kind):
            raise FeatureNotSupported(f'UNLOAD to {statement.format} does not take column "{name}" of type {told}')
    names = [name for name, _, _ in kept]
    if statement.format in {"JSON", "PARQUET"} and len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise RedshiftError(f'UNLOAD to {statement.format} needs unique column names: "{twice}" is there twice')
    folder = folder_sql([_partition(name, found) for name in statement.partition]) if statement.partition else None
    return Rows(f"({sql}\n) AS q({', '.join(values)})", kept, folder)


def _partition(name: str, columns: tuple[tuple[str, str, str], ...]) -> tuple[str, str]:
    for column, value, kind in columns:
        if column.lower() == name:
            if not _PARTITION_TYPES.fullmatch(kind):
                raise FeatureNotSupported(f'column "{name}" of type {kind.lower()} cannot be a PARTITION BY column')
            return column, text_of(value, kind)
    raise UndefinedColumn(f'PARTITION BY column "{name}" is not in the query\'s result')


def _kept(statement: UnloadStatement, columns: tuple[tuple[str, str, str], ...]) -> tuple[tuple[str, str, str], ...]:
    if statement.include:
        return columns
    kept = tuple(column for column in columns if column[0].lower() not in statement.partition)
    if not kept:
        raise RedshiftError("UNLOAD with PARTITION BY needs a column that is no partition column")
    return kept
