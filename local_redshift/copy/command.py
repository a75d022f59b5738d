"""Carrying out a COPY statement.

https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from local_redshift.copy.columns import map_columns, target_columns
from local_redshift.copy.files import jsonpaths, matching_objects
from local_redshift.copy.ledger import Ledger, TooManyErrors
from local_redshift.copy.load import Load
from local_redshift.copy.objects import open_store
from local_redshift.copy.reader import Reader
from local_redshift.copy.replacements import json_column
from local_redshift.copy.statement import parse
from local_redshift.copy.target import one_random_value
from local_redshift.errors import RedshiftError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    import duckdb

    from local_redshift.copy.objects import ObjectStore, S3Object
    from local_redshift.copy.statement import CopyStatement
    from local_redshift.schema import Column, Table, TableName
    from local_redshift.system_tables.journal import LoadJournal


@dataclass(frozen=True)
class CopyContext:
    """What a COPY needs of its session. ``connection`` has a transaction open; ``now`` is UTC without a zone."""

    connection: duckdb.DuckDBPyConnection
    find_table: Callable[[TableName], Table | None]
    lock_table: Callable[[TableName], None]
    s3_root: Path | None  # None: S3 itself
    journal: LoadJournal
    query_id: int
    session_id: int
    transaction_id: int
    user: str
    database: str
    now: datetime
    stop_if_cancelled: Callable[[], None]


class Loader(Protocol):
    """Loads objects into the table; ``rows`` counts what was loaded."""

    rows: int

    def run(self, store: ObjectStore, objects: Sequence[S3Object]) -> None: ...


# What a format makes of a statement before the table is locked: what loads, and what finds a raw line's column.
_Prepared: TypeAlias = "tuple[Callable[[Ledger], Loader], Callable[[str], str]]"


@dataclass(frozen=True)
class CopyOutcome:
    """``notices`` are the INFO texts, in order."""

    table: str
    rows: int
    errors: int
    notices: tuple[str, ...]


def copy_table(source: str, context: CopyContext) -> CopyOutcome:
    """Run a COPY inside the session's transaction.

    Raises SyntaxError_ and FeatureNotSupported for the statement, RedshiftError for table, files and data. After a
    failed load the journal holds the rejected rows; the transaction must be rolled back.
    """
    statement = parse(source, context.database)
    table = context.find_table(statement.table)
    if table is None:
        raise RedshiftError(f"Cannot COPY into nonexistent table {statement.table.name}")
    columns = target_columns(table, statement.columns, "EXPLICIT_IDS" in statement.options)
    store = open_store(context.s3_root, statement.credentials, str(statement.options.get("REGION", "")) or None)
    prepare = {"JSON": _prepare_json, "PARQUET": _prepare_parquet}.get(statement.format, _prepare_text)
    begin, column_of = prepare(context, statement, table, columns, store)
    context.lock_table(table.name)
    manifest, columnar = "MANIFEST" in statement.options, statement.format == "PARQUET"
    objects = matching_objects(store, statement.source, manifest=manifest, columnar=columnar)
    ledger = Ledger(context, statement, table, columns, len(objects), column_of)
    load = begin(ledger)
    try:
        with one_random_value(context.connection, table, columns):
            load.run(store, objects)
    except TooManyErrors:
        raise ledger.fail() from None
    ledger.succeed(load.rows)
    errors = len(ledger.errors)
    return CopyOutcome(table.name.name, load.rows, errors, _notices(table.name.name, load.rows, ledger))


def _prepare_json(
    context: CopyContext, statement: CopyStatement, table: Table, columns: tuple[Column, ...], store: ObjectStore
) -> _Prepared:
    mapping = map_columns(columns, statement.argument, jsonpaths(store, statement.argument))
    reader = Reader(mapping, statement.options)
    return lambda ledger: Load(context, statement, table, reader, ledger), json_column(mapping)


def _prepare_text(
    context: CopyContext, statement: CopyStatement, table: Table, columns: tuple[Column, ...], _: ObjectStore
) -> _Prepared:
    from local_redshift.copy.text import TextLoad, TextReader, check_widths, column_of, text_format

    found = text_format(statement.format, statement.argument, statement.options)
    check_widths(found, len(columns))
    reader = TextReader(columns, found, statement.options)
    return (
        lambda ledger: TextLoad(context, statement, table, columns, found, reader, ledger),
        column_of(columns, found),
    )


def _prepare_parquet(
    context: CopyContext, statement: CopyStatement, table: Table, columns: tuple[Column, ...], _: ObjectStore
) -> _Prepared:
    from local_redshift.copy.parquet import ParquetLoad, check_parquet

    check_parquet(statement, columns)
    return lambda ledger: ParquetLoad(context, statement, table, columns, ledger), lambda _: ""


def _notices(table: str, rows: int, ledger: Ledger) -> tuple[str, ...]:
    completed = f"Load into table '{table}' completed,"
    notices = [f"{completed} {rows} record(s) loaded successfully."]
    if ledger.errors:
        rejected = f"{completed} {len(ledger.errors)} record(s) could not be loaded."
        notices.append(f"{rejected}  Check 'stl_load_errors' system table for details.")
    if ledger.replacements.rows:
        replaced = (
            f"{completed} {ledger.replacements.rows} record(s) were loaded with replacements made for ACCEPTINVCHARS."
        )
        notices.append(f"{replaced}  Check 'stl_replacements' system table for details.")
    return tuple(notices)
