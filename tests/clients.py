"""What tests share that connect to a warehouse: where it is, and a statement that only a cancel ends in time."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import psycopg2
from psycopg2.extensions import make_dsn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg2.extensions import connection as Connection  # noqa: N812

    from local_redshift import embedded

SLOW = "SELECT COUNT(*) FROM generate_series(1, 300000) AS a(i), generate_series(1, 300000) AS b(j) WHERE i + j = 7"


def dsn(warehouse: embedded.Connection, **changes: Any) -> str:
    """The connection string of a warehouse, some of its parts changed or added."""
    parts = {"user": warehouse.user, "password": warehouse.password, "dbname": warehouse.database} | changes
    return make_dsn(host=warehouse.host, port=warehouse.port, **parts)


def ask(conninfo: str, *statements: str) -> list[tuple[Any, ...]]:
    """Run statements in a connection of their own, each committed; the last one's rows, if it has any."""
    with closing(psycopg2.connect(conninfo)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def opened(warehouse: embedded.Connection) -> Iterator[Connection]:
    """A connection for a test, closed after it: the body of a fixture."""
    with closing(psycopg2.connect(dsn(warehouse))) as connection:
        yield connection
