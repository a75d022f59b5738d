"""A lake as a warehouse: its five tables in a laptop warehouse, to be asked in the same Redshift SQL.

The lake is only read, and the warehouse is gone at the end.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from data_lake.declarations import duckdb_select, plain
from data_lake.lake import find, open_store
from warehouse import connection, runner
from warehouse.config import Settings
from warehouse.errors import WarehouseError
from warehouse.report import Report
from warehouse.runner import Outcome
from warehouse.statements import Statement, statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data_lake.lake import Lake, Store, Table
    from data_lake.settings import LakeSettings
    from warehouse.connection import Warehouse

BUCKET = "lake"


@contextmanager
def connect(settings: LakeSettings) -> Iterator[Warehouse]:
    """A warehouse that holds what the lake of these settings holds now; says on standard output what it loads.

    As with ``warehouse.connection.connect``, what is not committed is rolled back at the end. It is on disk, so that
    the lake may be larger than memory. Raises WarehouseError: NoLake where there is none, AwsFailed where S3 does not
    give it.
    """
    store = open_store(settings)
    lake = find(store)
    statements = _statements(lake)
    with tempfile.TemporaryDirectory(prefix="sparkify-lake-") as name:
        folder, report = Path(name), Report(statements)
        report.say(f"The lake in {lake.place}, as a warehouse")
        files = _unfolded(store, lake, folder, report)
        with connection.connect(Settings(local_database=folder / "lake.duckdb", s3_root=files)) as warehouse:
            runner.run(warehouse, statements, report)
            yield warehouse


def _statements(lake: Lake) -> list[Statement]:
    """CREATE TABLE and COPY of every table. Raises WarehouseError where the lake is not one of this sql_queries.py."""
    import sql_queries
    from data_lake import spark_sql

    planned = {table.name: table.columns for table in spark_sql.of_project().tables}
    if planned != {table.name: table.columns for table in lake.tables}:
        raise WarehouseError(
            f"The lake in {lake.place} has other columns than sql_queries.py.",
            "data_lake/etl.py with --replace makes it anew.",
        )
    creates = [one for one in map(statement, sql_queries.create_table_queries) if one.table in planned]
    return creates + [statement(_copy(one, planned[one.table])) for one in creates]


def _copy(create: Statement, columns: dict[str, str]) -> str:
    """The plays keep the numbers that the lake gave them: EXPLICIT_IDS."""
    identity = sqlglot.parse_one(create.sql, read="redshift").find(exp.GeneratedAsIdentityColumnConstraint)
    return (
        f"COPY {create.table} ({', '.join(map(plain, columns))}) FROM 's3://{BUCKET}/{create.table}.parquet' "
        f"IAM_ROLE default FORMAT PARQUET {'EXPLICIT_IDS' if identity else ''}"
    )


def _unfolded(store: Store, lake: Lake, folder: Path, report: Report) -> Path:
    """A folder that stands for S3, with one file a table: what is in the lake's files and in its folders' names."""
    with report.running(Statement("", "FETCH", "")):
        files = store.local(lake, folder / "files")
    root = folder / "s3"
    (root / BUCKET).mkdir(parents=True)
    for table in lake.tables:
        reading, started = Statement("", "READ", table.name), time.perf_counter()
        with report.running(reading):
            rows = _write(files, table, root / BUCKET / f"{table.name}.parquet")
        report.done(Outcome(reading, rows, time.perf_counter() - started))
    return root


def _write(files: Path, table: Table, target: Path) -> int:
    """The star schema's columns of a table in one file; how many rows."""
    import duckdb

    select = duckdb_select(str(files), table, table.columns)
    with duckdb.connect() as engine:
        try:
            engine.execute("SET preserve_insertion_order = false")
            found = engine.execute(f"COPY ({select}) TO '{target}' (FORMAT parquet)").fetchone()
        except duckdb.Error as error:
            raise WarehouseError(
                f"The lake's table {table.name} cannot be read: {str(error).splitlines()[0]}"
            ) from None
    return int(found[0]) if found else 0
