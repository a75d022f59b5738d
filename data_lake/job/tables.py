"""The tables of the star schema: what the input says, over what the lake holds already.

As in the warehouse, a run adds: plays that are there are not added again, dimensions are brought up to date, and what
the input does not name stays. Which rows a table gets is said by its SELECT alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from data_lake.job.errors import OutputError, doing
from data_lake.job.files import joined, parquet

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from data_lake.job.files import Files
    from data_lake.job.plan import Table

# About how much of a shuffle makes a file, in MB; Parquet is smaller.
FILE_MB = 256
SETTINGS = {
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.adaptive.advisoryPartitionSizeInBytes": f"{FILE_MB}m",
    "spark.sql.sources.partitionOverwriteMode": "static",
    # Hive, Athena and Spectrum read this and no other for certain.
    "spark.sql.parquet.outputTimestampType": "INT96",
    "spark.sql.parquet.int96RebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.session.timeZone": "UTC",
    # Numbers that overflow, and divisions by zero, are errors as in Redshift; without it Spark goes on with others.
    "spark.sql.ansi.enabled": "true",
    # A table's partitions are hundreds at most: sooner listed from here than by a job of Spark's.
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "1000",
    "mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
    # Tasks put their files where they belong, without a second move at the end: nobody reads them before that.
    "mapreduce.fileoutputcommitter.algorithm.version": "2",
}
ID = "songplay_id"
PLAYS_A_MILLISECOND = 10_000


class Maker:
    """Makes tables in ``folder``, one after the other, from the views of the staging tables and of those before.

    ``lake`` is where the tables of earlier runs are; None to make all anew. Every method may raise LakeError.
    """

    def __init__(self, spark: SparkSession, files: Files, folder: str, lake: str | None) -> None:
        self._spark, self._files, self._folder, self._lake = spark, files, folder, lake

    def make(self, table: Table) -> str:
        """The folder with the table's new files, partition by partition; its view is the table as it will be."""
        made = joined(self._folder, table.name)
        with doing(f"making the table {table.name}", OutputError):
            self._write(self._selected(table), table, made)
            earlier = self._earlier(table)
            if earlier is None:
                read(self._spark, table, made).createOrReplaceTempView(table.name)
                return made
            touched = self._touched(made) if table.grows else "true"
            new, old = read(self._spark, table, made), earlier.where(touched)
            merged = joined(self._folder, f"{table.name}.merged")
            self._write(
                with_plays(new, old, table) if ID in table.columns else with_rows(new, old, table), table, merged
            )
            rest = earlier.where(f"NOT ({touched})")
            read(self._spark, table, merged).unionByName(rest).createOrReplaceTempView(table.name)
        return merged

    def recall(self, select: str) -> None:
        """Add to staging_songs the songs that today's events name and only the lake has."""
        if self._lake is not None:
            staged = self._spark.table("staging_songs")
            staged.unionByName(self._spark.sql(select)).createOrReplaceTempView("staging_songs")

    def _selected(self, table: Table) -> DataFrame:
        given = self._spark.sql(table.select)
        typed = [f"CAST(`{name}` AS {kind}) AS `{name}`" for name, kind in table.columns.items() if name != ID]
        return given.selectExpr(*typed)

    def _write(self, rows: DataFrame, table: Table, folder: str) -> None:
        if ID in table.columns:
            rows = numbered(rows, table)
        missing = [name for name in table.partitions if name not in rows.columns]
        rows = rows.selectExpr("*", *(f"{name}(start_time) AS `{name}`" for name in missing))
        # The hint lets Spark cut large partitions and put small ones together: neither a file a task nor one a row.
        by = f"({', '.join(table.partitions)})" if table.partitions else ""
        spread = self._spark.sql(f"SELECT /*+ REBALANCE{by} */ * FROM {{rows}}", rows=rows)
        spread.write.partitionBy(*table.partitions).parquet(folder)

    def _earlier(self, table: Table) -> DataFrame | None:
        """What the lake holds of the table; None where it holds nothing."""
        if self._lake is None or not self._files.under(joined(self._lake, table.name)):
            return None
        return read(self._spark, table, joined(self._lake, table.name))

    def _touched(self, made: str) -> str:
        """The condition for the partitions that ``made`` has."""
        folders = {file.rpartition("/")[0] for file in self._files.under(made)}
        return (
            " OR ".join(
                "(" + " AND ".join(f"`{name}` = {number}" for name, _, number in parts) + ")"
                for parts in ([part.partition("=") for part in folder.split("/")] for folder in sorted(folders))
            )
            or "false"
        )


def read(spark: SparkSession, table: Table, folder: str) -> DataFrame:
    """A table of the lake with its partition columns, over its own schema."""
    return parquet(spark, folder, {**dict.fromkeys(table.partitions, "INT"), **table.columns})


def with_rows(new: DataFrame, old: DataFrame, table: Table) -> DataFrame:
    """The new rows, and the old ones that have none of the new ones' keys."""
    kept = old.join(new.select(*table.key), list(table.key), "left_anti")
    return new.unionByName(kept.select(new.columns))


def with_plays(new: DataFrame, old: DataFrame, table: Table) -> DataFrame:
    """The same for plays, of which several may share a key: the nth takes the nth's place, and keeps its song where it
    has none of its own, since the song's file may not be among today's.
    """
    from pyspark.sql import functions

    key = [*table.key, "nth"]
    newer, older = (_counted(rows, table).alias(name) for rows, name in ((new, "new"), (old, "old")))
    same = functions.expr(" AND ".join(f"new.`{name}` <=> old.`{name}`" for name in key))
    both = newer.join(older, same, "full_outer")
    song = ("song_id", "artist_id")
    chosen = [
        f"coalesce(new.`{name}`, old.`{name}`) AS `{name}`"
        if name in song
        else f"if(new.nth IS NULL, old.`{name}`, new.`{name}`) AS `{name}`"
        for name in table.columns
        if name != ID
    ]
    return both.selectExpr(*chosen)


def _counted(rows: DataFrame, table: Table) -> DataFrame:
    key, rest = ", ".join(table.key), ", ".join(name for name in table.columns if name not in {ID, *table.key})
    order = f"song_id NULLS LAST, {rest}"
    return rows.selectExpr("*", f"row_number() OVER (PARTITION BY {key} ORDER BY {order}) AS nth")


def numbered(rows: DataFrame, table: Table) -> DataFrame:
    """Plays with their songplay_id: the millisecond, and the how manieth play within it. So it needs no counting over
    all plays, is the same in every run, and does not change when other days are added.
    """
    order = ", ".join(name for name in table.columns if name not in {ID, "start_time"})
    nth = f"row_number() OVER (PARTITION BY start_time ORDER BY {order})"
    too_many = f"raise_error('{PLAYS_A_MILLISECOND} plays or more within one millisecond: start_time is wrong')"
    names = [f"`{name}`" for name in table.columns if name != ID]
    counted = rows.selectExpr(*names, f"{nth} AS nth")
    number = f"unix_millis(start_time) * {PLAYS_A_MILLISECOND} + nth"
    return counted.selectExpr(f"if(nth < {PLAYS_A_MILLISECOND}, {number}, {too_many}) AS {ID}", *names)
