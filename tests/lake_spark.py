"""The lake's job in the tests' own process: one Spark for all of them, and DuckDB to read what it has written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

import sql_queries
from data_lake import spark_sql
from data_lake.job.report import Report
from data_lake.job.run import Job, run

if TYPE_CHECKING:
    from pathlib import Path

    from pyspark.sql import SparkSession
    from scripts import Project

PLAN = spark_sql.plan(sql_queries)
TABLES = [table.name for table in PLAN.tables]
ID = "songplay_id"
# What PySpark collects comes through sockets that it leaves to the garbage collector.
SOCKETS = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@dataclass(frozen=True)
class Lake:
    """A lake in ``folder``, which the loads of a test fill."""

    spark: SparkSession
    folder: Path

    def load(self, input_: Path, *, replace: bool = False, max_rejects: float = 10.0) -> None:
        run(self.spark, PLAN, Job(str(input_), str(self.folder), replace, max_rejects), Report())

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        return everything(self.folder)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return query(self.folder, sql)

    def files(self, under: str = "") -> dict[str, str]:
        return files(self.folder / under)


def query(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """What DuckDB finds in a lake; its tables are named as they are."""
    with duckdb.connect() as engine:
        for table in TABLES:
            if any((folder / table).rglob("*.parquet")):
                engine.execute(f"CREATE VIEW {table} AS FROM read_parquet('{folder}/{table}/**/*.parquet')")
        return engine.execute(sql).fetchall()


def everything(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the five tables, in order, without the numbers of the plays."""
    return {table: ordered(query(folder, select(table))) for table in TABLES}


def in_warehouse(project: Project) -> dict[str, list[tuple[Any, ...]]]:
    """The same of a warehouse."""
    answers = project.query_all(*(select(table) for table in TABLES))
    return {table: ordered(rows) for table, rows in zip(TABLES, answers, strict=True)}


def select(table: str) -> str:
    return f"SELECT {', '.join(name for name in PLAN.table(table).columns if name != ID)} FROM {table}"


def ordered(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=repr)


def files(folder: Path) -> dict[str, str]:
    """The files of a folder, hidden ones too, with a hash of what is in them."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
