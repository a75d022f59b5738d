"""COPY rules, each a folder of tests/cases/copy.

A case is table.sql, copy.sql, the objects under s3/, and what must come out: expected.csv holds the rows (in any
order, \\N for NULL), error.txt the message if the load fails, its "context:" if any, then the rows of stl_load_errors,
a field a bar. A message may be cut short where the rest is another library's.

Objects that are no text are made: by objects.sql, which DuckDB runs ($ROOT is the folder of buckets), and by bytes.txt,
whose lines name a file and what is done to it.
"""

from __future__ import annotations

import bz2
import codecs
import csv
import gzip
import shutil
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import psycopg2
import pytest
import zstandard
from clients import dsn

from local_redshift import embedded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg2.extensions import connection as Connection  # noqa: N812

CASES = sorted((Path(__file__).parent / "cases" / "copy").iterdir())
LOAD_ERRORS = """
SELECT trim(filename), line_number, trim(colname), trim(type), trim(col_length), position, trim(raw_field_value),
    err_code, trim(err_reason)
FROM stl_load_errors WHERE session = pg_backend_pid() ORDER BY filename, line_number
"""


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "utf-16-le": lambda content: content.decode().encode("utf-16-le"),
    "utf-16-be": lambda content: content.decode().encode("utf-16-be"),
    "latin-1": lambda content: content.decode().encode("latin-1"),
    "mark-utf-8": lambda content: codecs.BOM_UTF8 + content,
    "mark-utf-16-le": lambda content: codecs.BOM_UTF16_LE + content,
    "mark-utf-16-be": lambda content: codecs.BOM_UTF16_BE + content,
    "bytes": lambda content: content.decode("unicode_escape").encode("latin-1"),  # \\xff is one byte
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "zstd": lambda content: zstandard.ZstdCompressor().compress(content),
    "twice": lambda content: content * 2,
    "cut": lambda content: content[:-3],
    "broken": lambda content: content[:4] + b"\xff" * 16 + content[20:],
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("s3")


@pytest.fixture(scope="module")
def server(root: Path) -> Iterator[embedded.Connection]:
    """One warehouse for all cases; each has a session of its own."""
    with embedded.start(s3_root=root) as server:
        yield server


@pytest.fixture
def connection(server: embedded.Connection) -> Iterator[Connection]:
    connection = psycopg2.connect(dsn(server))
    connection.autocommit = True
    with closing(connection):
        yield connection


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, connection: Connection, root: Path) -> None:
    _make_objects(case, root)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS t")
        cursor.execute((case / "table.sql").read_text(encoding="utf-8"))
        message = detail = ""
        try:
            cursor.execute((case / "copy.sql").read_text(encoding="utf-8"))
        except psycopg2.Error as error:
            message = str(error.diag.message_primary)
            detail = str(error.diag.message_detail)
        cursor.execute("SELECT * FROM t")
        rows = sorted([_shown(value) for value in row] for row in cursor.fetchall())
        cursor.execute(LOAD_ERRORS)
        errors = ["|".join(str(value) for value in row) for row in cursor.fetchall()]
    expected = _expected_rows(case / "expected.csv")
    assert rows == (expected or [])
    wanted = (case / "error.txt").read_text(encoding="utf-8").splitlines() if (case / "error.txt").exists() else []
    if expected is None:
        assert message.startswith(wanted.pop(0))
        assert message
        if wanted and wanted[0].startswith("context:"):
            assert wanted.pop(0).removeprefix("context: ") in detail.replace("\n", " ")
    else:
        assert message == ""
    # A failed load's rows are compared only where the case lists them: where a file is no JSON at all, they vary.
    if wanted or expected is not None:
        assert errors == wanted


def _make_objects(case: Path, root: Path) -> None:
    shutil.rmtree(root)
    if (case / "s3").exists():
        shutil.copytree(case / "s3", root)
    if (case / "objects.sql").exists():
        (root / "bucket").mkdir(parents=True, exist_ok=True)
        with duckdb.connect() as engine:
            engine.execute((case / "objects.sql").read_text(encoding="utf-8").replace("$ROOT", str(root)))
    if (case / "bytes.txt").exists():
        for line in (case / "bytes.txt").read_text(encoding="utf-8").splitlines():
            name, *changes = line.split()
            content = (root / name).read_bytes()
            for change in changes:
                content = CHANGES[change](content)
            (root / name).write_bytes(content)


def _shown(value: object) -> str:
    return r"\N" if value is None else str(value)


def _expected_rows(path: Path) -> list[list[str]] | None:
    if not path.exists():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        return sorted(csv.reader(file))
