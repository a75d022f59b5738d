"""A catalog query that cannot be answered: one line in the log, without what its literals hold."""

from __future__ import annotations

import logging
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import psycopg2
import pytest

from local_redshift.engine import Engine
from local_redshift.network.server import Server
from local_redshift.system_tables.unanswered import without_literals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg2.extensions import cursor as Cursor  # noqa: N812


@pytest.fixture
def cursor() -> Iterator[Cursor]:
    engine = Engine()
    server = Server(engine, users={"awsuser": "secret"})
    server.start()
    host, port = server.address
    try:
        connection = psycopg2.connect(host=host, port=port, user="awsuser", password="secret", dbname="dev")
        with closing(connection), connection.cursor() as cursor:
            connection.autocommit = True
            yield cursor
    finally:
        server.stop()
        engine.close()


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


@pytest.mark.parametrize(
    ("sql", "state", "told"),
    [
        ("SELECT * FROM pg_locks WHERE pid = 4711 -- 'hunter2'", "42P01", "SELECT * FROM pg_locks WHERE pid = ?"),
        ("SELECT nothing\nFROM svv_tables WHERE table_name = 'it''s hunter2'", "42703",
         "SELECT nothing FROM svv_tables WHERE table_name = ?"),
        ("SELECT pg_nothing_of_the_kind($$hunter2$$)", "42883", "SELECT pg_nothing_of_the_kind(?)"),
        ("SELECT * FROM stl_query /* hunter2 */", "0A000", "SELECT * FROM stl_query"),
    ],
)  # fmt: skip
def test_a_line_with_code_state_and_statement(
    cursor: Cursor, caplog: pytest.LogCaptureFixture, sql: str, state: str, told: str
) -> None:
    with pytest.raises(psycopg2.Error):
        cursor.execute(sql)
    (line,) = warnings(caplog)
    assert line == f'catalog query not answered code=LR-CATALOG sqlstate={state} statement="{told}"'


@pytest.mark.parametrize(
    "sql", ["SELECT * FROM nothing WHERE a = 'pg_class'", "SELECT 1/0", "SELECT relname FROM pg_class", "SELEC 1"]
)
def test_nothing_is_told_of_other_queries(cursor: Cursor, caplog: pytest.LogCaptureFixture, sql: str) -> None:
    with suppress(psycopg2.Error):
        cursor.execute(sql)
    assert warnings(caplog) == []


def test_a_long_statement_is_shortened(cursor: Cursor, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(psycopg2.Error):
        cursor.execute(f"SELECT {', '.join(['nothing'] * 1000)} FROM pg_class")
    (line,) = warnings(caplog)
    assert len(line) < 600


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT 'a", "SELECT ?"),
        ("SELECT 'a\\'b', 1", "SELECT ?, ?"),
        ('SELECT $x$a\'b$x$, "c"', 'SELECT ?, "c"'),
        ("SELECT 1.5e10, t1.a2", "SELECT ?, t1.a2"),
        ("-- don't\nSELECT 'x'", "SELECT ?"),
    ],
)
def test_literals_are_hidden(sql: str, told: str) -> None:
    assert without_literals(sql) == told
