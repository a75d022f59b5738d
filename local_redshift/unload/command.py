"""Carrying out an UNLOAD: every file is made before the first is put in its place.

https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_redshift.copy.objects import S3Object, open_store, split_url
from local_redshift.data_types import from_duckdb
from local_redshift.errors import RedshiftError
from local_redshift.sessions.results import Shape
from local_redshift.temporary import temporary_folder
from local_redshift.unload.manifest import manifest
from local_redshift.unload.names import names
from local_redshift.unload.parquet_files import write_parquet
from local_redshift.unload.rows import rows
from local_redshift.unload.text_files import write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import duckdb

    from local_redshift.copy.objects import ObjectStore
    from local_redshift.data_types import RedshiftType
    from local_redshift.dialect.statements import Unload
    from local_redshift.unload.rows import Rows
    from local_redshift.unload.statement import UnloadStatement
    from local_redshift.unload.text_files import Written

_NOT_EMPTY = (
    "Specified unload destination on S3 is not empty. Consider using a different bucket / prefix, manually removing "
    "the target files in S3, or using the ALLOWOVERWRITE option."
)


@dataclass(frozen=True)
class UnloadContext:
    """What an UNLOAD needs of its session. ``connection`` has a transaction open."""

    connection: duckdb.DuckDBPyConnection
    s3_root: Path | None  # None: S3 itself
    stop_if_cancelled: Callable[[], None]


def unload(command: Unload, context: UnloadContext) -> int:
    """Write a query's rows to S3; how many there are.

    Raises RedshiftError for a target that is not empty or cannot be written, and what ``rows`` raises. Objects that
    were there are then as they were, but for those that ALLOWOVERWRITE or CLEANPATH had replaced.
    """
    statement = command.statement
    store = open_store(context.s3_root, statement.credentials, str(statement.options.get("REGION", "")) or None)
    bucket, prefix = split_url(statement.target)
    if statement.partition and prefix and not prefix.endswith("/"):
        prefix += "/"
    present = [item for item in store.matching(bucket, prefix) if not item.key.endswith("/")]
    if present and not {"ALLOWOVERWRITE", "CLEANPATH"} & statement.options.keys():
        raise RedshiftError(_NOT_EMPTY)
    shape = Shape.of(context.connection.sql(command.sql))
    found = rows(statement, command.sql, shape)
    with temporary_folder("unload") as staging:
        written = _write(statement, found, context, staging)
        named = names(prefix, statement.format, statement.options)
        files = {S3Object(bucket, named.key(file.folder, file.part)): file.path for file in written}
        if "MANIFEST" in statement.options:
            text = _manifest(command, found, list(files), written)
            (staging / "manifest").write_text(text, encoding="utf-8")
            files[S3Object(bucket, f"{prefix}manifest")] = staging / "manifest"
        _publish(store, files, present, context.stop_if_cancelled)
    if "CLEANPATH" in statement.options:
        _clean(store, present, list(files), partitioned=bool(statement.partition))
    return sum(file.rows for file in written)


def _write(statement: UnloadStatement, found: Rows, context: UnloadContext, staging: Path) -> list[Written]:
    if statement.format == "PARQUET":
        return write_parquet(context.connection, statement.options, found, staging)
    return write_text(
        context.connection, statement.format, statement.options, found, staging, context.stop_if_cancelled
    )


def _publish(
    store: ObjectStore, files: dict[S3Object, Path], present: Sequence[S3Object], stop_if_cancelled: Callable[[], None]
) -> None:
    """Put the files in their places; where one cannot be put, those that replaced nothing go again."""
    there = {item.key for item in present}
    new: list[S3Object] = []
    try:
        for item, path in files.items():
            stop_if_cancelled()
            store.put(path, item)
            if item.key not in there:
                new.append(item)
    except RedshiftError:
        for item in new:
            store.remove(item)
        raise


def _clean(store: ObjectStore, present: Sequence[S3Object], files: Sequence[S3Object], *, partitioned: bool) -> None:
    """What CLEANPATH removes: what was there, in the folders that got files where there are partitions."""
    kept = {item.key for item in files}
    folders = {item.key.rpartition("/")[0] for item in files}
    for item in present:
        if item.key not in kept and (not partitioned or item.key.rpartition("/")[0] in folders):
            store.remove(item)


def _manifest(command: Unload, found: Rows, items: Sequence[S3Object], written: Sequence[Written]) -> str:
    options = command.statement.options
    header = "HEADER" in options
    entries = [
        (item.url, file.path.stat().st_size, file.rows + header) for item, file in zip(items, written, strict=True)
    ]
    columns = [(name, _declared(command.sizes, int(value[1:]), kind)) for name, value, kind in found.columns]
    columnar = command.statement.format == "PARQUET"
    return manifest(entries, columns, verbose=options["MANIFEST"] == "VERBOSE", sized=columnar)


def _declared(sizes: Sequence[RedshiftType | None], index: int, kind: str) -> RedshiftType:
    return (sizes[index] if index < len(sizes) else None) or from_duckdb(kind)
