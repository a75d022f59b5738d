"""Parquet files, written by the engine: types as Redshift's, row groups compressed with Snappy.

https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html#unload-parquet-usage
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import unquote

from local_redshift.schema import literal, quote
from local_redshift.sessions.results import UNTYPED
from local_redshift.unload.text_files import Written

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from local_redshift.copy.options import Values
    from local_redshift.unload.rows import Rows

# DuckDB's types that Redshift does not have, or of which Parquet keeps less: a time zone is not unloaded.
_CASTS = {
    "TINYINT": "{}::SMALLINT",
    "HUGEINT": "{}::BIGINT",
    "UBIGINT": "{}::BIGINT",
    "UHUGEINT": "{}::BIGINT",
    "UINTEGER": "{}::BIGINT",
    "TIMESTAMP WITH TIME ZONE": "timezone('UTC', {})",
    "JSON": "{}::VARCHAR",
    UNTYPED: "{}::VARCHAR",
}
_FOLDER = "\x01folder"  # no column is called so
_NUMBER = re.compile(r"\d+")


def write_parquet(connection: duckdb.DuckDBPyConnection, options: Values, rows: Rows, staging: Path) -> list[Written]:
    """The files of a query's rows, in ``staging``; without folders there is one at least."""
    columns = [f"{_CASTS.get(kind, '{}').format(value)} AS {quote(name)}" for name, value, kind in rows.columns]
    settings = ["FORMAT parquet", "COMPRESSION snappy"]
    if rows.folder is not None:
        columns.append(f"{rows.folder} AS {quote(_FOLDER)}")
        settings.append(f"PARTITION_BY ({quote(_FOLDER)})")
    if "MAXFILESIZE" in options:
        settings.append(f"FILE_SIZE_BYTES {options['MAXFILESIZE']}")
    target = staging / "parquet"
    select = f"SELECT {', '.join(columns)} FROM {rows.source}"
    connection.execute(f"COPY ({select}) TO {literal(str(target))} ({', '.join(settings)})")
    return _written(connection, target)


def _written(connection: duckdb.DuckDBPyConnection, target: Path) -> list[Written]:
    if target.is_file():
        return [Written(target, "", 0, _count(connection, target))]
    paths = sorted(target.rglob("*.parquet"), key=lambda path: (_folder(path, target), _last_number(path)))
    return [
        Written(path, folder, part, _count(connection, path))
        for folder, files in groupby(paths, key=lambda path: _folder(path, target))
        for part, path in enumerate(files)
    ]


def _folder(path: Path, target: Path) -> str:
    """What the engine wrote into a folder's name: ``folder=year%3D2019%2Fmonth%3D9``."""
    return unquote(path.parent.name.partition("=")[2]) if path.parent != target else ""


def _last_number(path: Path) -> int:
    return int(_NUMBER.findall(path.stem)[-1])


def _count(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    (found,) = connection.execute("SELECT num_rows FROM parquet_file_metadata(?)", [str(path)]).fetchone() or (0,)
    return int(found)
