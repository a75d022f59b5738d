"""The lines of JSON that a source consists of, each with the file that it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from data_lake.job import archives
from data_lake.job.errors import InputError, doing
from data_lake.job.files import Files, joined

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from data_lake.job.plan import Source

# Many small files go into one task, and their folders (A/B/C, at most 26 in each) are listed by many.
SETTINGS = {
    "spark.sql.files.openCostInBytes": "65536",
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "8",
}


class Found(NamedTuple):
    """Where a source was found; ``archive`` says that it is a zip."""

    path: str
    archive: bool


def find(files: Files, source: Source, folder: str) -> Found:
    """The folder or the archive of a source below ``folder``. Raises InputError where neither is there."""
    for name in source.folders:
        if files.is_folder(joined(folder, name)):
            return Found(joined(folder, name), archive=False)
    for name in source.folders:
        if files.exists(joined(folder, f"{name}.zip")):
            return Found(joined(folder, f"{name}.zip"), archive=True)
    raise InputError(
        f"There are no {source.what}: {joined(folder, source.name)} does not exist, nor does "
        f"{joined(folder, source.folders[-1])}.zip.",
        "INPUT_DATA is the folder that holds log_data and song_data.",
    )


def lines(spark: SparkSession, found: Found) -> DataFrame:
    """``file``, ``value`` (a line that is not blank, without a byte order mark) and ``readable``: it is UTF-8.

    What is not would be mended in silence: it changes when it is decoded and encoded again.
    """
    with doing(f"reading {found.path}", InputError):
        if found.archive:
            raw = archives.lines(spark, found.path)
        else:
            read = spark.read.option("recursiveFileLookup", "true").text(Files(spark).literal(found.path))
            same = "value <=> decode(encode(value, 'UTF-8'), 'UTF-8')"
            raw = read.selectExpr("_metadata.file_path AS file", "value", f"{same} AS readable")
        # A byte order mark, and what a line may end with.
        lines = raw.selectExpr("file", "btrim(value, ' \t\r\ufeff') AS value", "readable")
        return lines.where("value <> ''")
