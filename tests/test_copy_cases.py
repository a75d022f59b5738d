"""COPY rules, each a folder of tests/cases/copy.

A case is table.sql, copy.sql, the objects under s3/, and what must come out: expected.csv holds the rows (in any
order, \\N for NULL), error.txt the message if the load fails, then the rows of stl_load_errors, a field a bar. A
message may be cut short where the rest is another library's.
"""

from __future__ import annotations

import csv
import shutil
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg2
import pytest

from local_redshift import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg2.extensions import connection as Connection  # noqa: N812

CASES = sorted((Path(__file__).parent / "cases" / "copy").iterdir())
LOAD_ERRORS = """
SELECT trim(filename), line_number, trim(colname), trim(type), trim(col_length), position, trim(raw_field_value),
    err_code, trim(err_reason)
FROM stl_load_errors WHERE session = pg_backend_pid() ORDER BY filename, line_number
"""


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
    connection = psycopg2.connect(
        host=server.host, port=server.port, user=server.user, password=server.password, dbname=server.database
    )
    connection.autocommit = True
    with closing(connection):
        yield connection


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, connection: Connection, root: Path) -> None:
    shutil.rmtree(root)
    shutil.copytree(case / "s3", root)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS t")
        cursor.execute((case / "table.sql").read_text(encoding="utf-8"))
        message = ""
        try:
            cursor.execute((case / "copy.sql").read_text(encoding="utf-8"))
        except psycopg2.Error as error:
            message = str(error.diag.message_primary)
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
    else:
        assert message == ""
    # A failed load's rows are compared only where the case lists them: where a file is no JSON at all, they vary.
    if wanted or expected is not None:
        assert errors == wanted


def _shown(value: object) -> str:
    return r"\N" if value is None else str(value)


def _expected_rows(path: Path) -> list[list[str]] | None:
    if not path.exists():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        return sorted(csv.reader(file))
