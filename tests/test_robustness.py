"""Many sessions, results larger than memory, clients that do not read, guess passwords, or die: nobody else suffers."""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import psycopg2
import pytest
from clients import dsn
from raw_client import (
    SYNC,
    RawClient,
    bind,
    error,
    execute,
    fields,
    kinds,
    md5_answer,
    message,
    parse,
    query,
    rows,
    startup,
    string,
)
from test_server import cancel, resident_bytes, serving

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Connect

    from local_redshift import embedded
from local_redshift.engine import Engine
from local_redshift.errors import QueryCanceled
from local_redshift.sessions.session import Session, SessionOptions

MEGABYTE = 1 << 20
# 2 GB of rows, made as they are read.
WIDE = "SELECT a.i, b.j, repeat('x', 980) AS s FROM generate_series(1, {}) AS a(i), generate_series(1, 1000) AS b(j)"
TWO_GIGABYTES = WIDE.format(2000)
SESSIONS = 50


def clients_threads() -> int:
    return sum(thread.name == "local_redshift client" for thread in threading.enumerate())


def wait_until_nobody_is_served() -> None:
    deadline = time.monotonic() + 20
    while clients_threads():
        assert time.monotonic() < deadline, "a statement goes on for a client that is gone"
        time.sleep(0.05)


def drain(client: RawClient, size: int) -> None:
    while size > 0:
        received = client.socket.recv(MEGABYTE)
        assert received
        size -= len(received)


# ---------------------------------------------------------------- results larger than memory


@pytest.mark.parametrize(
    "asked",
    [
        query(TWO_GIGABYTES),
        query(f"CREATE TEMP TABLE t (i INT); INSERT INTO t VALUES (1); {TWO_GIGABYTES}; SELECT 1"),
        parse(TWO_GIGABYTES) + bind() + execute() + SYNC,
        parse(TWO_GIGABYTES) + bind(result_formats=(1,)) + execute() + SYNC,
    ],
    ids=["simple", "several statements", "extended", "binary"],
)
def test_a_result_of_two_gigabytes_that_is_read_in_part(asked: bytes) -> None:
    with serving() as (_, address):
        with RawClient.connected(address) as client:
            before = resident_bytes()
            client.send(asked)
            drain(client, 100 * MEGABYTE)
            assert resident_bytes() - before < 300 * MEGABYTE
        wait_until_nobody_is_served()


@pytest.mark.parametrize(
    "asked",
    [
        query(f"BEGIN; DECLARE c CURSOR FOR {WIDE.format(300)}; FETCH 10 FROM c"),
        parse(WIDE.format(300)) + bind(portal="p") + execute("p", 10) + execute("p", 10) + SYNC,
    ],
    ids=["cursor", "portal"],
)
def test_rows_that_wait_to_be_fetched_wait_on_disk(asked: bytes) -> None:
    with serving() as (_, address), RawClient.connected(address) as client:
        client.socket.settimeout(60)
        before = resident_bytes()
        replies = client.ask(asked)
        assert "E" not in kinds(replies)
        assert rows(replies)[0][:2] == [b"1", b"1"]
        assert resident_bytes() - before < 150 * MEGABYTE


def test_a_cursor_gives_every_row_once_and_in_order(connect: Connect) -> None:
    """Rows of all sizes, portions that fit nothing, and other statements in between."""
    connection = connect()
    with connection.cursor("named") as cursor, connection.cursor() as other:
        cursor.itersize = 777
        cursor.execute("SELECT i, repeat('y', (i * 37 % 5000)::INT) FROM generate_series(1, 20000) AS g(i) ORDER BY i")
        found = []
        for number, row in enumerate(cursor):
            found.append(row)
            if number % 5000 == 0:
                other.execute("SELECT 1")
    assert found == [(i, "y" * (i * 37 % 5000)) for i in range(1, 20001)]


def test_a_portal_ends_with_its_transaction(connect: Connect) -> None:
    connection = connect()
    with connection.cursor() as cursor:
        cursor.execute("DECLARE c CURSOR FOR SELECT 1")
        connection.commit()
        with pytest.raises(psycopg2.errors.InvalidCursorName):
            cursor.execute("FETCH 1 FROM c")


# ---------------------------------------------------------------- clients that do not read, or die


def test_clients_that_never_read_hold_nobody_up() -> None:
    with serving() as (_, address), ExitStack() as stack:
        before = resident_bytes()
        silent = [stack.enter_context(RawClient.connected(address)) for _ in range(6)]
        for client in silent:
            client.send(query(TWO_GIGABYTES))
        with RawClient.connected(address) as other:
            other.ask(query("CREATE TABLE t (i INT)"))
            other.ask(query("INSERT INTO t SELECT i FROM generate_series(1, 1000000) AS g(i)"))
            assert rows(other.ask(query("SELECT SUM(i) FROM t"))) == [[b"500000500000"]]
        assert resident_bytes() - before < 500 * MEGABYTE
        cancel(silent[0], address)
        silent[0].socket.settimeout(20)
        assert error(silent[0].until_ready())["C"] == "57014"


_HOLDER = """
import json, sys, psycopg2
connection = psycopg2.connect(**json.loads(sys.stdin.readline()))
cursor = connection.cursor()
cursor.execute("INSERT INTO t VALUES (1)")
print("holding", flush=True)
sys.stdin.read()
"""


def test_a_client_is_killed_while_it_holds_a_lock(warehouse: embedded.Connection, connect: Connect) -> None:
    cursor = connect(autocommit=True).cursor()
    cursor.execute("CREATE TABLE t (i INT)")
    wanted = {"host": warehouse.host, "port": warehouse.port, "user": warehouse.user, "password": warehouse.password}
    with subprocess.Popen([sys.executable, "-c", _HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        holder.stdin.write(json.dumps(wanted | {"dbname": warehouse.database}).encode() + b"\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == b"holding\n"
        holder.send_signal(signal.SIGKILL)
    cursor.execute("INSERT INTO t VALUES (2)")
    cursor.execute("SELECT i FROM t")
    assert cursor.fetchall() == [(2,)]


def test_a_cancel_never_hits_the_rollback_of_what_it_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cancels are repeated until the statement has ended; here without a pause, at every moment of it."""
    monkeypatch.setattr("local_redshift.sessions.interruption._INTERRUPT_EVERY", 0.0)
    with closing(Engine()) as engine, closing(Session(engine, SessionOptions(user="awsuser"), 1)) as session:
        list(session.execute("CREATE TABLE t (i INT)"))
        for number in range(30):
            timer = threading.Timer(0.01 + 0.002 * number, session.cancel)
            timer.start()
            with pytest.raises(QueryCanceled):
                list(session.execute("INSERT INTO t SELECT i FROM generate_series(1, 100000000) AS g(i)"))
            timer.join()
            list(session.execute("INSERT INTO t VALUES (1)"))
        (result,) = session.execute("SELECT COUNT(*) FROM t")
        assert b"".join(result.chunks()).endswith(b"30")


# ---------------------------------------------------------------- many sessions


def _write(connection: psycopg2.extensions.connection, number: int) -> int:
    """Pairs that cancel each other out, in two tables, and a row that everybody changes; how often it succeeded."""
    done = 0
    with connection.cursor() as cursor:
        for turn in range(4):
            try:
                cursor.execute("INSERT INTO pairs VALUES (%s, %s)", (number, turn))
                cursor.execute("INSERT INTO pairs VALUES (%s, %s)", (number, -turn))
                cursor.execute("UPDATE counter SET n = n + 1")
                connection.commit()
                done += 1
            except psycopg2.errors.SerializationFailure:
                connection.rollback()
    return done


_COPY = "COPY {} FROM 's3://b/rows.json' IAM_ROLE 'arn:aws:iam::123456789012:role/reader' JSON 'auto'"


def _load(connection: psycopg2.extensions.connection, number: int) -> int:
    with connection.cursor() as cursor:
        for target in ("loaded", f"loaded_{number}"):
            cursor.execute(f"CREATE TABLE IF NOT EXISTS {target} (i INT)")
            connection.commit()
            cursor.execute(
                f"COPY {target} FROM 's3://b/rows.json' IAM_ROLE 'arn:aws:iam::123456789012:role/r' JSON 'auto'"
            )
            connection.commit()
    return 1


def _read(connection: psycopg2.extensions.connection, _: int) -> int:
    with connection.cursor() as cursor:
        for _ in range(8):
            cursor.execute("SELECT COALESCE(SUM(value), 0), COUNT(*) % 2 FROM pairs")
            assert cursor.fetchone() == (0, 0)
            connection.commit()
    return 1


def test_fifty_sessions_at_once(warehouse: embedded.Connection, connect: Connect, s3_root: Path) -> None:
    bucket = s3_root / "b"
    bucket.mkdir()
    (bucket / "rows.json").write_text("".join(f'{{"i": {number}}}\n' for number in range(1000)))
    cursor = connect(autocommit=True).cursor()
    cursor.execute("CREATE TABLE pairs (session INT, value INT); CREATE TABLE counter (n INT)")
    cursor.execute("CREATE TABLE loaded (i INT)")
    cursor.execute("INSERT INTO counter VALUES (0)")
    kinds_of_work = {_write: range(20), _load: range(20, 30), _read: range(30, SESSIONS)}
    connections = [connect() for _ in range(SESSIONS)]
    with ThreadPoolExecutor(SESSIONS) as pool:
        pending = {work: [pool.submit(work, connections[n], n) for n in ns] for work, ns in kinds_of_work.items()}
        done = {work: sum(one.result(timeout=120) for one in ones) for work, ones in pending.items()}
    cursor.execute("SELECT (SELECT n FROM counter), (SELECT COUNT(*) FROM pairs), (SELECT COUNT(*) FROM loaded)")
    assert cursor.fetchone() == (done[_write], 2 * done[_write], 10 * 1000)
    assert done[_write] > 0


def test_five_hundred_idle_sessions(warehouse: embedded.Connection) -> None:
    """By md5, which costs both sides less than SCRAM."""
    with ExitStack() as stack:
        for _ in range(500):
            stack.enter_context(RawClient.connected(warehouse, client_protocol_version="2"))
        with pytest.raises(psycopg2.OperationalError, match='connection limit "500" exceeded'):
            psycopg2.connect(dsn(warehouse))
        stack.pop_all().close()
    deadline = time.monotonic() + 20
    while True:
        try:
            with RawClient.connected(warehouse) as client:
                assert rows(client.ask(query("SELECT 1"))) == [[b"1"]]
                return
        except AssertionError:
            assert time.monotonic() < deadline


# ---------------------------------------------------------------- wrong passwords


def _guess(client: RawClient, user: str) -> None:
    client.send(startup({"user": user, "database": "dev", "client_protocol_version": "2"}))
    _, body = client.receive()
    client.send(message(b"p", string(md5_answer(user, "hunter2", body[4:]))))


def test_guessers_wait_their_turn_and_nobody_else_does(caplog: pytest.LogCaptureFixture) -> None:
    with serving() as (_, address), ExitStack() as stack, ThreadPoolExecutor(150) as pool:
        guessers = [stack.enter_context(RawClient(address.host, address.port, seconds=30)) for _ in range(150)]
        began = time.monotonic()
        guesses = [
            pool.submit(_guess, client, user)
            for client, user in zip(guessers, ["awsuser", "nobody"] * 75, strict=False)
        ]
        time.sleep(0.5)
        assert clients_threads() <= 100
        with RawClient.connected(address) as client:
            assert rows(client.ask(query("SELECT 1"))) == [[b"1"]]
        for guess in guesses:
            guess.result(timeout=30)
        told = [fields(client.receive()[1]) for client in guessers]
        assert time.monotonic() - began > 2  # a hundred a second, and no more
        assert {(one["C"], one["M"]) for one in told} == {
            ("28P01", f'password authentication failed for user "{user}"') for user in ("awsuser", "nobody")
        }
    failures = [record.message for record in caplog.records if record.levelno == logging.WARNING]
    assert len(failures) == 150
    assert "hunter2" not in caplog.text
