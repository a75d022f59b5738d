"""The loads that are measured: COPY through psycopg2, and the same by hand in DuckDB, each into a new database file."""

from __future__ import annotations

import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import psycopg2
import staging_tables
from harness import seconds

from local_redshift import embedded
from sample_data.bucket import BUCKET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg2.extensions import connection as Connection  # noqa: N812

_CREDENTIALS = "IAM_ROLE 'arn:aws:iam::123456789012:role/reader' REGION 'us-west-2'"
_JSONPATHS = f"s3://{BUCKET}/log_json_path.json"


@contextmanager
def warehouse(s3_root: Path) -> Iterator[Connection]:
    with (
        tempfile.TemporaryDirectory() as folder,
        embedded.start(database=Path(folder) / "warehouse.duckdb", s3_root=s3_root) as server,
    ):
        connection = psycopg2.connect(
            host=server.host, port=server.port, user=server.user, password=server.password, dbname=server.database
        )
        with closing(connection):
            connection.autocommit = True
            yield connection


def _copy(s3_root: Path, columns: dict[str, str], source: str, json: str) -> float:
    """Seconds of the COPY statement alone, its commit included."""
    with warehouse(s3_root) as connection, connection.cursor() as cursor:
        cursor.execute(staging_tables.create_table("staging", columns))
        return seconds(lambda: cursor.execute(f"COPY staging FROM '{source}' {_CREDENTIALS} FORMAT AS JSON '{json}'"))


def copy_events(s3_root: Path, source: str) -> float:
    return _copy(s3_root, staging_tables.EVENTS, source, _JSONPATHS)


def copy_songs(s3_root: Path) -> float:
    return _copy(s3_root, staging_tables.SONGS, f"s3://{BUCKET}/song_data", "auto")


def _create_by_hand(select: str) -> float:
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(Path(folder) / "by_hand.duckdb") as database:
        return seconds(lambda: database.execute(f"CREATE TABLE staging AS SELECT * FROM {select}"))


def read_events(files: str) -> float:
    """``files``: a path or a glob."""
    return _create_by_hand(staging_tables.read_json(f"'{files}'", staging_tables.EVENTS))


def read_songs(folder: Path) -> float:
    """The fastest way to read many small files: Python joins them, DuckDB reads the one file that results."""
    with tempfile.NamedTemporaryFile(suffix=".json") as joined:

        def join() -> None:
            joined.write(b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*.json"))))
            joined.flush()

        return seconds(join) + _create_by_hand(staging_tables.read_json(f"'{joined.name}'", staging_tables.SONGS))
