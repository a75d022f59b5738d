"""The five tables of a lake, as each engine declares tables over Parquet files that are there.

Nothing about the tables is written here: columns, types and partitions are the lake's, lengths are sql_queries.py's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from data_lake.lake import Lake, Table

SCHEMA = "sparkify_lake"  # in the catalogue that Athena and Redshift share
GLUE_PARTITIONS = 100  # most in one statement: https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html

# Spark's types in the engines' words; those that are not here are called alike.
DUCKDB = {"INT": "INTEGER", "STRING": "VARCHAR"}
REDSHIFT = {"INT": "INTEGER", "DOUBLE": "DOUBLE PRECISION", "STRING": "VARCHAR(65535)"}


def duckdb(lake: Lake) -> Iterator[str]:
    """Views. https://duckdb.org/docs/stable/data/partitioning/hive_partitioning"""
    if lake.in_s3:
        yield from _duckdb_s3(lake)
    for table in lake.tables:
        yield f"CREATE OR REPLACE VIEW {plain(table.name)} AS\n{duckdb_select(lake.place, table, table.all_columns)}"


def _duckdb_s3(lake: Lake) -> Iterator[str]:
    """https://duckdb.org/docs/stable/core_extensions/aws"""
    for extension in ("httpfs", "aws"):
        yield f"INSTALL {extension}"
        yield f"LOAD {extension}"
    region = f", REGION {_literal(lake.region)}" if lake.region else ""
    scope = _literal("/".join(lake.place.split("/")[:3]))
    yield f"CREATE OR REPLACE SECRET {SCHEMA} (TYPE s3, PROVIDER credential_chain, SCOPE {scope}{region})"


def duckdb_select(place: str, table: Table, columns: Mapping[str, str]) -> str:
    """These columns of a table of the lake in ``place``, typed as they are in the star schema.

    Raises WarehouseError where DuckDB would take a folder above the lake for a partition.
    """
    if not table.files:
        return _no_rows(columns, DUCKDB)
    for folder in place.split("/"):
        if folder.partition("=")[0] in table.partitions and "=" in folder:
            raise WarehouseError(
                f"DuckDB takes the folder {folder} in {place} for a partition of {table.name}.",
                "Rename it, or make the lake elsewhere.",
            )
    glob = "/".join([_to_the_letter(place), table.name, *("*" for _ in table.partitions), "*.parquet"])
    typed = ", ".join(f"{_literal(name)}: {DUCKDB.get(kind, kind)}" for name, kind in table.partitions.items())
    hive = f"hive_partitioning = true, hive_types = {{{typed}}}" if typed else "hive_partitioning = false"
    return f"SELECT {', '.join(map(plain, columns))}\nFROM read_parquet({_literal(glob)}, {hive})"


def spark(lake: Lake) -> Iterator[str]:
    """Temporary views: no catalogue is needed, and none is changed.

    https://spark.apache.org/docs/3.5.6/sql-ref-syntax-ddl-create-view.html
    """
    # Spark shows an INT96 timestamp, which is a moment, in the session's zone.
    yield "SET TIME ZONE 'UTC'"
    for table in lake.tables:
        create = f"CREATE OR REPLACE TEMPORARY VIEW {_backquoted(table.name)}"
        if table.files:
            path = exp.Literal.string(f"{lake.place}/{table.name}").sql("spark")
            columns = _listed(table.all_columns, _backquoted, {})
            yield f"{create} (\n{columns}\n)\nUSING parquet\nOPTIONS (path {path})"
        else:
            yield f"{create} AS\n{_no_rows(table.all_columns, {})}"


def athena(lake: Lake) -> Iterator[str]:
    """External tables, their partitions in the catalogue.

    Not by projection: that would hold in Athena alone, and miss a year outside its range without a word.

    https://docs.aws.amazon.com/athena/latest/ug/create-table.html,
    https://docs.aws.amazon.com/athena/latest/ug/msck-repair-table.html
    """
    yield f"CREATE DATABASE IF NOT EXISTS {_backquoted(SCHEMA)}"
    for table in lake.tables:
        name = f"{_backquoted(SCHEMA)}.{_backquoted(table.name)}"
        yield f"DROP TABLE IF EXISTS {name}"
        yield _external(lake, table, name, _backquoted, {})
        if table.partitions:
            yield f"MSCK REPAIR TABLE {name}"


def spectrum(lake: Lake, authorization: str, lengths: Mapping[tuple[str, str], int]) -> Iterator[str]:
    """An external schema and its tables, with every partition that is there now.

    ``authorization`` is the clause that gives Redshift a role; ``lengths`` are the bytes of VARCHARs by table and
    column.

    https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_EXTERNAL_SCHEMA.html,
    https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_EXTERNAL_TABLE.html
    """
    yield (
        f"CREATE EXTERNAL SCHEMA IF NOT EXISTS {SCHEMA}\nFROM DATA CATALOG DATABASE '{SCHEMA}'\n{authorization}\n"
        "CREATE EXTERNAL DATABASE IF NOT EXISTS"
    )
    for table in lake.tables:
        name = f"{SCHEMA}.{plain(table.name)}"
        sized = {column: f"VARCHAR({size})" for (of, column), size in lengths.items() if of == table.name}
        yield f"DROP TABLE IF EXISTS {name}"
        yield _external(lake, table, name, plain, REDSHIFT, sized)
        yield from _added(lake, table, name)


def _added(lake: Lake, table: Table, name: str) -> Iterator[str]:
    parts = [
        f"PARTITION ({', '.join(f'{plain(column)} = {value}' for column, value in values.items())}) "
        f"LOCATION {_literal(f'{lake.place}/{folder}/')}"
        for folder, values in table.folders.items()
        if None not in values.values()
    ]
    for start in range(0, len(parts), GLUE_PARTITIONS):
        yield "\n".join([f"ALTER TABLE {name} ADD IF NOT EXISTS", *parts[start : start + GLUE_PARTITIONS]])


def _external(
    lake: Lake,
    table: Table,
    name: str,
    quoted: Callable[[str], str],
    words: Mapping[str, str],
    sized: Mapping[str, str] | None = None,
) -> str:
    columns = _listed(table.stored, quoted, words, sized)
    folders = _listed(table.partitions, quoted, words)
    partitioned = f"PARTITIONED BY (\n{folders}\n)\n" if folders else ""
    place = _literal(f"{lake.place}/{table.name}/")
    return f"CREATE EXTERNAL TABLE {name} (\n{columns}\n)\n{partitioned}STORED AS PARQUET\nLOCATION {place}"


def _listed(
    columns: Mapping[str, str],
    quoted: Callable[[str], str],
    words: Mapping[str, str],
    sized: Mapping[str, str] | None = None,
) -> str:
    """Columns with their types, a line each."""
    return ",\n".join(
        f"    {quoted(name)} {(sized or {}).get(name) or words.get(kind, kind)}" for name, kind in columns.items()
    )


def _no_rows(columns: Mapping[str, str], words: Mapping[str, str]) -> str:
    """A table of which the lake has no file yet."""
    nulls = ", ".join(f"CAST(NULL AS {words.get(kind, kind)}) AS {name}" for name, kind in columns.items())
    return f"SELECT {nulls}\nWHERE 1 = 0"


def lengths(creates: list[str]) -> dict[tuple[str, str], int]:
    """The bytes of each VARCHAR in these CREATE TABLEs of Redshift.

    >>> lengths(["CREATE TABLE users (user_id INTEGER, level VARCHAR(16))"])
    {('users', 'level'): 16}
    """
    trees = [sqlglot.parse_one(create, read="redshift") for create in creates]
    return {
        (tree.this.this.name, column.name): int(column.kind.expressions[0].name)
        for tree in trees
        for column in tree.this.expressions
        if isinstance(column, exp.ColumnDef) and column.kind and column.kind.expressions
    }


def plain(name: str) -> str:
    """A name in quotes only where it needs them."""
    return exp.to_identifier(name).sql("redshift")


def _backquoted(name: str) -> str:
    return f"`{name}`"


def _literal(text: str) -> str:
    return exp.Literal.string(text).sql("duckdb")


def _to_the_letter(path: str) -> str:
    """A path without wildcards for DuckDB.

    >>> _to_the_letter("/lakes [old]")
    '/lakes [[]old]'
    """
    return re.sub(r"[*?\[]", r"[\g<0>]", path)
