"""psycopg2's extras: named cursors, many rows at once, rows as dictionaries, asynchronous use, pools."""

from __future__ import annotations

import datetime as dt
import io
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any

import psycopg2
import pytest
from clients import SLOW, ask, dsn, opened
from psycopg2 import errors, extensions, extras
from psycopg2.pool import SimpleConnectionPool, ThreadedConnectionPool

from local_redshift import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg2.extensions import connection as Connection  # noqa: N812

COUNT = 10_000


@pytest.fixture(scope="module")
def warehouse() -> Iterator[embedded.Connection]:
    """One for all tests of this file, with the numbers from 1 to COUNT."""
    with embedded.start() as parameters:
        ask(dsn(parameters), f"CREATE TABLE numbers AS SELECT i FROM generate_series(1, {COUNT}) AS g(i)")
        yield parameters


@pytest.fixture
def connection(warehouse: embedded.Connection) -> Iterator[Connection]:
    yield from opened(warehouse)


@pytest.fixture
def songs(connection: Connection) -> Connection:
    """A connection with a table of its own, in a transaction that is not committed."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE songs (id INT, title VARCHAR(40), day DATE)")
    return connection


def rows(connection: Connection, statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


# ---------------------------------------------------------------- named cursors


def test_a_named_cursor_reads_piece_by_piece(connection: Connection) -> None:
    with connection.cursor("piece by piece") as cursor:
        cursor.itersize = 333  # not a divisor of COUNT
        cursor.execute("SELECT i, i * 2 AS double FROM numbers WHERE i > %s ORDER BY i", (10,))
        assert cursor.fetchone() == (11, 22)
        assert cursor.fetchmany(3) == [(12, 24), (13, 26), (14, 28)]
        assert [row[0] for row in cursor] == list(range(15, COUNT + 1))
        assert cursor.fetchone() is None
        assert cursor.fetchall() == []
        assert [column.name for column in cursor.description or ()] == ["i", "double"]


def test_several_named_cursors_at_once(connection: Connection) -> None:
    with connection.cursor("up") as up, connection.cursor("down") as down, connection.cursor() as plain:
        up.execute("SELECT i FROM numbers ORDER BY i")
        down.execute("SELECT i FROM numbers ORDER BY i DESC")
        for step in range(1, 4):
            assert (up.fetchone(), down.fetchone()) == ((step,), (COUNT + 1 - step,))
            plain.execute("INSERT INTO numbers VALUES (-1)")  # what comes later is not seen
        assert len(down.fetchall()) == COUNT - 3
        up.close()
        with pytest.raises(psycopg2.InterfaceError, match="cursor already closed"):
            up.fetchone()
    connection.rollback()


def test_a_named_cursor_ends_with_its_transaction(connection: Connection) -> None:
    cursor = connection.cursor("short")
    cursor.execute("SELECT i FROM numbers")
    connection.commit()
    with pytest.raises(psycopg2.ProgrammingError, match="named cursor isn't valid anymore"):
        cursor.fetchone()
    with pytest.raises(errors.InvalidCursorName, match='cursor "short" does not exist'):
        rows(connection, "FETCH 1 FROM short")
    connection.rollback()
    connection.autocommit = True
    with pytest.raises(psycopg2.ProgrammingError, match="can't use a named cursor outside of transactions"):
        connection.cursor("outside").execute("SELECT 1")


def test_cursors_that_go_back_or_stay_are_refused(connection: Connection) -> None:
    for refused, message in (
        (connection.cursor("refused", scrollable=True), "SCROLL"),
        (connection.cursor("refused", withhold=True), "WITH HOLD"),
    ):
        with pytest.raises(errors.FeatureNotSupported, match=message):
            refused.execute("SELECT 1")
        connection.rollback()
    cursor = connection.cursor("forward", scrollable=False)
    cursor.execute("SELECT i FROM numbers ORDER BY i")
    assert cursor.fetchone() == (1,)
    with pytest.raises(errors.FeatureNotSupported, match='SQL command "MOVE" not supported'):
        cursor.scroll(-1)


def test_an_error_in_a_named_cursor(connection: Connection) -> None:
    with pytest.raises(errors.UndefinedTable):
        connection.cursor("one").execute("SELECT * FROM nowhere")
    connection.rollback()
    connection.cursor("two").execute("SELECT i FROM numbers")
    with pytest.raises(errors.DuplicateCursor, match='cursor "two" already exists'):
        rows(connection, "DECLARE two CURSOR FOR SELECT 1")


# ---------------------------------------------------------------- many rows at once

MANY = [(i, f"title {i} it's %s \\ é", dt.date(2018, 11, 1 + i % 30)) for i in range(1000)]


def test_execute_values(songs: Connection) -> None:
    with songs.cursor() as cursor:
        extras.execute_values(cursor, "INSERT INTO songs VALUES %s", MANY, page_size=300)
        cursor.execute("SELECT * FROM songs ORDER BY id")
        assert cursor.fetchall() == MANY
        extras.execute_values(
            cursor,
            "INSERT INTO songs (title, id) VALUES %s",
            [{"id": -1, "title": "lower"}],
            template="(UPPER(%(title)s), %(id)s)",
        )
        cursor.execute("SELECT title, day FROM songs WHERE id = -1")
        assert cursor.fetchall() == [("LOWER", None)]
        with pytest.raises(errors.SyntaxError, match=r"(?i)returning"):
            extras.execute_values(cursor, "INSERT INTO songs VALUES %s RETURNING id", MANY[:1], fetch=True)


def test_execute_batch_and_executemany(songs: Connection) -> None:
    with songs.cursor() as cursor:
        extras.execute_batch(cursor, "INSERT INTO songs VALUES (%s, %s, %s)", MANY[:250], page_size=100)
        cursor.executemany("INSERT INTO songs VALUES (%s, %s, %s)", MANY[250:300])
        assert cursor.rowcount == 50
        cursor.execute("SELECT * FROM songs ORDER BY id")
        assert cursor.fetchall() == MANY[:300]
        with pytest.raises(errors.NumericValueOutOfRange):
            extras.execute_batch(cursor, "INSERT INTO songs (id) VALUES (%s)", [(1,), (2**40,)])


# ---------------------------------------------------------------- rows as something else


@pytest.mark.parametrize("name", [None, "named"])
def test_rows_as_dictionaries_and_records(connection: Connection, name: str | None) -> None:
    statement = "SELECT i, i * 2 AS twice, COUNT(*) FROM numbers WHERE i < 3 GROUP BY 1, 2 ORDER BY 1"

    def read(factory: Any) -> list[Any]:
        with connection.cursor(name, cursor_factory=factory) as cursor:
            cursor.execute(statement)
            return [cursor.fetchone(), *cursor.fetchmany(1)]

    first, second = read(extras.DictCursor)
    assert (first["i"], first["twice"], first[2], list(second)) == (1, 2, 1, [2, 4, 1])
    assert read(extras.RealDictCursor) == [{"i": 1, "twice": 2, "count": 1}, {"i": 2, "twice": 4, "count": 1}]
    first, second = read(extras.NamedTupleCursor)
    assert (first.i, first.twice, first.count, second) == (1, 2, 1, (2, 4, 1))


def test_a_logging_connection(warehouse: embedded.Connection) -> None:
    told = io.StringIO()
    with closing(psycopg2.connect(dsn(warehouse), connection_factory=extras.LoggingConnection)) as connection:
        connection.initialize(told)
        assert rows(connection, "SELECT COUNT(*) FROM numbers") == [(COUNT,)]
    assert told.getvalue() == "SELECT COUNT(*) FROM numbers\n"


# ---------------------------------------------------------------- asynchronously, and from several threads


def test_an_asynchronous_connection(warehouse: embedded.Connection) -> None:
    with closing(psycopg2.connect(dsn(warehouse), async_=True)) as connection:
        extras.wait_select(connection)
        with connection.cursor() as cursor:
            cursor.execute("SELECT i FROM numbers ORDER BY i")
            assert connection.isexecuting()
            extras.wait_select(connection)
            assert [row[0] for row in cursor] == list(range(1, COUNT + 1))
            cursor.execute("SELECT 1 / 0")
            with pytest.raises(errors.DivisionByZero):
                extras.wait_select(connection)
            cursor.execute("BEGIN; CREATE TABLE undone (i INT); ROLLBACK; SELECT %s", ("é",))
            extras.wait_select(connection)
            assert cursor.fetchall() == [("é",)]
            cursor.execute(SLOW)
            assert connection.poll() == extensions.POLL_READ
            connection.cancel()
            with pytest.raises(errors.QueryCanceled):
                extras.wait_select(connection)
            cursor.execute("SELECT 2")
            extras.wait_select(connection)
            assert cursor.fetchall() == [(2,)]


def test_a_wait_callback_serves_everything(connection: Connection) -> None:
    extensions.set_wait_callback(extras.wait_select)
    try:
        assert len(rows(connection, "SELECT i FROM numbers")) == COUNT
        with connection.cursor("waiting") as cursor:
            cursor.execute("SELECT i FROM numbers")
            assert len(cursor.fetchall()) == COUNT
        connection.commit()
        with pytest.raises(errors.UndefinedTable):
            rows(connection, "SELECT * FROM nowhere")
    finally:
        extensions.set_wait_callback(None)


def test_a_statement_is_cancelled_from_another_thread(connection: Connection) -> None:
    timer = threading.Timer(0.4, connection.cancel)
    timer.start()
    with pytest.raises(errors.QueryCanceled, match="canceled on user's request"):
        rows(connection, SLOW)
    timer.join()
    connection.rollback()
    assert rows(connection, "SELECT 1") == [(1,)]


def test_threads_share_a_connection(connection: Connection) -> None:
    found: list[int] = []

    def read(low: int) -> None:
        found.extend(rows(connection, f"SELECT i FROM numbers WHERE i = {low + i}")[0][0] for i in range(25))

    threads = [threading.Thread(target=read, args=(low,)) for low in (1, 101, 201, 301)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [low + i for low in (1, 101, 201, 301) for i in range(25)]


@pytest.mark.parametrize("kind", [SimpleConnectionPool, ThreadedConnectionPool])
def test_pools(warehouse: embedded.Connection, kind: Any) -> None:
    pool = kind(1, 2, dsn(warehouse))
    first, second = pool.getconn(), pool.getconn()
    with pytest.raises(psycopg2.pool.PoolError, match="exhausted"):
        pool.getconn()
    assert rows(first, "SELECT 1") == rows(second, "SELECT 1") == [(1,)]
    with pytest.raises(errors.DivisionByZero):
        rows(second, "SELECT 1 / 0")
    pool.putconn(first)
    assert first.info.transaction_status == extensions.TRANSACTION_STATUS_IDLE  # rolled back, ready for the next
    pool.putconn(second)
    again = pool.getconn()
    assert rows(again, "SELECT 2") == [(2,)]
    pool.putconn(again)
    pool.closeall()
    assert first.closed
