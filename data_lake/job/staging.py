"""The staging tables: what was read, checked and typed, as Parquet beside the lake until the run ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from data_lake.job import records, sources
from data_lake.job.errors import InputError, OutputError, doing
from data_lake.job.files import joined, parquet

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from data_lake.job.plan import Source


class Staged(NamedTuple):
    """Rows that were taken, and rows that were not with their commonest reasons: (reason, how many, a file)."""

    source: Source
    path: str
    rows: int
    rejected: int
    reasons: tuple[tuple[str, int, str], ...]


def stage(spark: SparkSession, source: Source, found: sources.Found, folder: str) -> Staged:
    """Read a source once into ``folder``, good rows and rejected ones apart; make the view of its name.

    Raises InputError, OutputError.
    """
    path = joined(folder, source.table)
    with doing(f"reading {found.path}", InputError):
        rows = records.typed(sources.lines(spark, found), source.columns)
        rows = rows.withColumn("is_rejected", rows.rejected.isNotNull())
        rows.write.partitionBy("is_rejected").parquet(path)
    with doing(f"reading back {path}", OutputError):
        kept = _kept(spark, source, path)
        kept.createOrReplaceTempView(source.table)
        return Staged(source, path, kept.count(), *_summary(rejects(spark, path)))


def rejects(spark: SparkSession, path: str) -> DataFrame:
    """``file``, ``reason`` and ``record`` of what was rejected."""
    columns = {"rejected": "STRING", "file": "STRING", "record": "STRING", "is_rejected": "BOOLEAN"}
    return parquet(spark, path, columns).where("is_rejected").selectExpr("file", "rejected AS reason", "record")


def check(staged: Staged, most_percent: float) -> None:
    """Raise InputError where nothing is left, or more was rejected than may be: the input is not what it should be.

    A file or a day that is empty is no error, as it is none in COPY.
    """
    read, what = staged.rows + staged.rejected, staged.source.what
    if not read:
        raise InputError(f"There are no {what}: all files in {staged.source.name} are empty.", "Check INPUT_DATA.")
    percent = 100 * staged.rejected / read
    if staged.rows and percent <= most_percent:
        return
    why, times, file = staged.reasons[0]
    raise InputError(
        f"{staged.rejected:,} of {read:,} {what} ({percent:.0f} %) are not what they should be, mostly: {why} "
        f"({times:,} times, as in {file}).",
        f"Nothing was changed. Correct the input, or allow it with --max-rejects {min(100, int(percent) + 1)}."
        if staged.rows
        else "Nothing was changed. Is INPUT_DATA the right folder?",
    )


def _kept(spark: SparkSession, source: Source, path: str) -> DataFrame:
    columns = {column.name: column.type for column in source.columns}
    return parquet(spark, path, {**columns, "is_rejected": "BOOLEAN"}).where("NOT is_rejected").drop("is_rejected")


def _summary(rejected: DataFrame) -> tuple[int, tuple[tuple[str, int, str], ...]]:
    """How many, and the commonest reasons; those about a value are one reason for all values."""
    kind = "regexp_replace(reason, '(?s)^(\\\\w+): .* is not ', '$1: not ')"
    counted = rejected.selectExpr(f"{kind} AS kind", "file").groupBy("kind").agg({"*": "count", "file": "min"})
    rows = counted.selectExpr("kind", "`count(1)` AS times", "`min(file)` AS file").orderBy("times", ascending=False)
    told = rows.limit(1000).collect()
    return sum(row.times for row in told), tuple((row.kind, row.times, row.file) for row in told[:3])
