"""Redshift SQL and what must come of it, run through psycopg2: every file of tests/cases/sql.

What stands before a file's first case prepares its schema. A case is SQL, then either ``--> name type | ...`` and
one such line a row, or ``--! SQLSTATE message``, or nothing: it has to run. ``--^ text`` tells the place of an error:
what the statement goes on with there. Cases of a file share a schema, and none needs another.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg2
import pytest
from clients import dsn

from local_redshift import embedded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg2.extensions import connection as Connection  # noqa: N812
    from psycopg2.extensions import cursor as Cursor  # noqa: N812

CASES = Path(__file__).parent / "cases" / "sql"
TYPES = {
    16: "bool", 20: "int8", 21: "int2", 23: "int4", 25: "text", 700: "float4", 701: "float8", 1042: "bpchar",
    1043: "varchar", 1082: "date", 1083: "time", 1114: "timestamp", 1184: "timestamptz", 1186: "interval",
    1266: "timetz", 1700: "numeric",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    file: Path
    setup: str
    title: str
    sql: str
    expected: tuple[str, ...]
    error: str | None
    place: str | None


def read_cases(file: Path) -> Iterator[Case]:
    setup, *blocks = file.read_text(encoding="utf-8").split("\n-- case: ")
    for block in blocks:
        title, _, body = block.partition("\n")
        lines = body.splitlines()
        expected = tuple(line.removeprefix("--> ") for line in lines if line.startswith("-->"))
        errors = [line.removeprefix("--! ").strip() for line in lines if line.startswith("--!")]
        places = [line.removeprefix("--^ ") for line in lines if line.startswith("--^")]
        sql = "\n".join(line for line in lines if not line.startswith(("-->", "--!", "--^"))).strip()
        yield Case(
            file, setup, title.strip(), sql, expected, errors[0] if errors else None, places[0] if places else None
        )


ALL = [case for file in sorted(CASES.glob("*.sql")) for case in read_cases(file)]


@pytest.fixture(scope="module")
def prepared() -> Iterator[Callable[[Case], Connection]]:
    """A connection whose search path is a schema of the case's file, set up once."""
    connections: dict[Path, Connection] = {}
    with embedded.start() as warehouse:

        def connection_for(case: Case) -> Connection:
            if case.file not in connections:
                connection = psycopg2.connect(dsn(warehouse))
                connection.autocommit = True
                connections[case.file] = connection
                schema = f"case_{case.file.stem}"
                with connection.cursor() as cursor:
                    cursor.execute(f"CREATE SCHEMA {schema}; SET search_path TO {schema}")
                    cursor.execute(case.setup + "\n; SELECT 1")
            return connections[case.file]

        yield connection_for
        for connection in connections.values():
            connection.close()


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.file.stem}: {case.title}")
def test_case(case: Case, prepared: Callable[[Case], Connection]) -> None:
    with prepared(case).cursor() as cursor:
        if case.error is not None:
            with pytest.raises(psycopg2.Error) as raised:
                run(cursor, case.sql)
            assert f"{raised.value.pgcode} {raised.value.diag.message_primary}" == case.error
            if case.place is not None:
                position = int(raised.value.diag.statement_position or 0)
                assert case.sql[position - 1 :].startswith(case.place)
            return
        cursor.execute(case.sql)
        if case.expected:
            typed = all(" " in column for column in case.expected[0].split(" | "))
            assert shown(cursor, typed=typed) == list(case.expected)


def run(cursor: Cursor, sql: str) -> None:
    """To the last row: an error may come in the middle of a result."""
    cursor.execute(sql)
    cursor.fetchall()


def shown(cursor: Cursor, *, typed: bool) -> list[str]:
    header = [
        f"{column.name} {TYPES.get(column.type_code, column.type_code)}" if typed else column.name
        for column in cursor.description or ()
    ]
    return [" | ".join(header), *(" | ".join(map(text, row)) for row in cursor.fetchall())]


def text(value: object) -> str:
    if value is None:
        return "NULL"
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_there_are_cases() -> None:
    assert len(ALL) > 100
    assert len({(case.file, case.title) for case in ALL}) == len(ALL), "titles must differ within a file"
