"""Carrying out a COPY statement.

https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_redshift.copy.columns import map_columns, target_columns
from local_redshift.copy.files import jsonpaths, matching_objects
from local_redshift.copy.ledger import Ledger, TooManyErrors
from local_redshift.copy.load import Load
from local_redshift.copy.objects import open_store
from local_redshift.copy.reader import Reader
from local_redshift.copy.statement import parse
from local_redshift.errors import RedshiftError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    import duckdb

    from local_redshift.schema import Table, TableName
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
    cancelled: Callable[[], bool]


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
    statement = parse(source)
    table = context.find_table(statement.table)
    if table is None:
        raise RedshiftError(f"Cannot COPY into nonexistent table {statement.table.name}")
    columns = target_columns(table, statement.columns, "EXPLICIT_IDS" in statement.options)
    store = open_store(context.s3_root, statement.credentials, str(statement.options.get("REGION", "")) or None)
    mapping = map_columns(columns, statement.argument, jsonpaths(store, statement.argument))
    reader = Reader(mapping, statement.options)
    context.lock_table(table.name)
    objects = matching_objects(store, statement.source, manifest="MANIFEST" in statement.options)
    ledger = Ledger(context, statement, table, columns)
    load = Load(context, statement, table, reader, ledger)
    try:
        load.run(store, objects)
    except TooManyErrors:
        raise ledger.fail() from None
    ledger.succeed(load.rows)
    errors = len(ledger.errors)
    return CopyOutcome(table.name.name, load.rows, errors, _notices(table.name.name, load.rows, errors))


def _notices(table: str, rows: int, errors: int) -> tuple[str, ...]:
    loaded = f"Load into table '{table}' completed, {rows} record(s) loaded successfully."
    if not errors:
        return (loaded,)
    rejected = f"Load into table '{table}' completed, {errors} record(s) could not be loaded."
    return (loaded, f"{rejected}  Check 'stl_load_errors' system table for details.")
