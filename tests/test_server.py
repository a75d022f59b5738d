"""Many clients at once: logging in, cancelling, leaving, talking rubbish; and the end of the server."""

from __future__ import annotations

import logging
import socket
import struct
import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import psycopg2
import psycopg2.extensions
import pytest
from clients import SLOW, dsn
from raw_client import (
    SYNC,
    TERMINATE,
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

from local_redshift import embedded
from local_redshift.engine import Engine
from local_redshift.network.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Connect

PASSWORD = "correct horse: battery\\staple"


@pytest.fixture(scope="module")
def warehouse() -> Iterator[embedded.Connection]:
    """One for all tests of this file, since most of them need no more than a connection."""
    with embedded.start() as parameters:
        yield parameters


@contextmanager
def serving(engine: Engine | None = None, **options: float) -> Iterator[tuple[Server, embedded.Connection]]:
    """A server in this process: with settings of its own, its log lines and its memory within reach."""
    with closing(engine or Engine()) as opened:
        server = Server(opened, users={"awsuser": PASSWORD, "reader": "other"}, **options)  # type: ignore[arg-type]
        server.start()
        try:
            host, port = server.address
            yield server, embedded.Connection(host, port, "awsuser", PASSWORD, "dev")
        finally:
            server.stop()


def running(client: RawClient, sql: str = SLOW) -> None:
    """Start a statement and wait until it is surely in the engine."""
    client.send(query(sql))
    time.sleep(0.4)


def refusal(address: embedded.Connection, **changes: str) -> psycopg2.OperationalError:
    with pytest.raises(psycopg2.OperationalError) as caught:
        psycopg2.connect(dsn(address, **changes))
    return caught.value


# ---------------------------------------------------------------- logging in


@pytest.mark.parametrize("sslmode", ["disable", "allow", "prefer"])
def test_plain_text_is_what_there_is(warehouse: embedded.Connection, sslmode: str) -> None:
    connection = psycopg2.connect(dsn(warehouse, sslmode=sslmode))
    assert not connection.info.ssl_in_use
    connection.close()


def test_who_insists_on_tls_is_told_that_there_is_none(warehouse: embedded.Connection) -> None:
    assert "server does not support SSL, but SSL was required" in str(refusal(warehouse, sslmode="require"))


@pytest.mark.parametrize("changes", [{"password": "wrong"}, {"user": "nobody"}, {"user": "no body\n"}])
def test_a_wrong_password_is_refused_late_and_logged(changes: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    started = time.monotonic()
    with serving() as (_, address):
        text = str(refusal(address, **changes))
    assert time.monotonic() - started > 0.9
    user = changes.get("user", "awsuser")
    assert f'FATAL:  password authentication failed for user "{user}"' in text
    (record,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert record.message.startswith("authentication failed user=")
    assert "\n" not in record.message
    assert "wrong" not in caplog.text
    assert PASSWORD not in caplog.text


def test_the_driver_that_cannot_do_scram_is_asked_for_md5(warehouse: embedded.Connection) -> None:
    with RawClient(warehouse.host, warehouse.port) as client:
        client.send(startup({"user": warehouse.user, "database": "dev", "client_protocol_version": "2"}))
        kind, body = client.receive()
        assert (kind, struct.unpack("!i", body[:4])) == (b"R", (5,))
        client.send(message(b"p", string(md5_answer(warehouse.user, warehouse.password, body[4:]))))
        assert client.receive() == (b"R", struct.pack("!i", 0))


def test_a_password_of_awkward_characters() -> None:
    with serving() as (_, address):
        for client_parameters in ({}, {"client_protocol_version": "2"}):
            with RawClient.connected(address, **client_parameters) as client:
                assert rows(client.ask(query("SELECT CURRENT_USER"))) == [[b"awsuser"]]
        assert "28P01" in refusal_code(address, "reader", PASSWORD)  # another user's password


def refusal_code(address: embedded.Connection, user: str, password: str) -> str:
    with RawClient(address.host, address.port) as client:
        client.send(startup({"user": user, "database": "dev", "client_protocol_version": "2"}))
        _, body = client.receive()
        client.send(message(b"p", string(md5_answer(user, password, body[4:]))))
        return fields(client.receive()[1])["C"]


def test_another_database_does_not_exist(warehouse: embedded.Connection) -> None:
    text = str(refusal(warehouse, dbname="sparkify"))
    assert 'FATAL:  database "sparkify" does not exist' in text
    assert "HINT:" in text


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (startup({"user": "awsuser"}, version=2 << 16), "0A000"),
        (startup({"user": "awsuser"}, version=4 << 16), "0A000"),
        (startup({"database": "dev"}), "28000"),
        (startup({"user": "awsuser", "replication": "true"}), "0A000"),
        (startup({"user": "awsuser", "options": "-x nonsense"}), "42601"),
        (struct.pack("!ii", 9, 3 << 16) + b"u", "08P01"),
        (struct.pack("!i", 3), "08P01"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "08P01"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "08P01"),  # TLS from the first byte
        (startup({"user": "awsuser", "database": "dev"}) + query("SELECT 1"), "08P01"),  # no password
    ],
)
def test_who_starts_with_rubbish_is_sent_away(warehouse: embedded.Connection, sent: bytes, code: str) -> None:
    with RawClient(warehouse.host, warehouse.port) as client:
        client.send(sent)
        kind, body = client.receive()
        while kind == b"R":
            kind, body = client.receive()
        assert (kind, fields(body)["S"], fields(body)["C"]) == (b"E", "FATAL", code)
        assert client.is_closed()


@pytest.mark.parametrize("sent", [b"", b"\0\0", startup({"user": "awsuser", "database": "dev"})])
def test_who_does_not_finish_starting_is_cut_off(sent: bytes) -> None:
    with serving(startup_seconds=0.3) as (_, address), RawClient(address.host, address.port) as client:
        client.send(sent)
        started = time.monotonic()
        assert client.is_closed()
        assert time.monotonic() - started < 2
        with RawClient.connected(address) as other:  # and a session may take its time afterwards
            time.sleep(0.5)
            assert rows(other.ask(query("SELECT 1"))) == [[b"1"]]


def test_connections_are_limited_in_redshifts_words() -> None:
    with serving(max_connections=2) as (_, address):
        with RawClient.connected(address), RawClient.connected(address):
            text = str(refusal(address))
            assert 'connection limit "2" exceeded for non-bootstrap users' in text
        time.sleep(0.2)
        RawClient.connected(address).socket.close()  # places are given back


# ---------------------------------------------------------------- sessions side by side


def test_sessions_do_not_wait_for_each_other(warehouse: embedded.Connection) -> None:
    with RawClient.connected(warehouse) as busy, RawClient.connected(warehouse) as other:
        running(busy)
        started = time.monotonic()
        assert rows(other.ask(query("SELECT 1"))) == [[b"1"]]
        assert time.monotonic() - started < 2
        cancel(busy, warehouse)
        assert error(busy.until_ready())["C"] == "57014"


def test_a_transaction_is_undone_when_its_client_leaves(warehouse: embedded.Connection) -> None:
    with RawClient.connected(warehouse) as other:
        other.ask(query("DROP TABLE IF EXISTS t; CREATE TABLE t (i INT)"))
        for goodbye in (TERMINATE, b""):
            with RawClient.connected(warehouse) as client:
                client.ask(query("BEGIN; INSERT INTO t VALUES (1)"))
                client.send(goodbye)
        # The table's lock went with them: else this would wait for ever.
        assert kinds(other.ask(query("INSERT INTO t VALUES (2)"))) == "CZ"
        assert rows(other.ask(query("SELECT i FROM t"))) == [[b"2"]]


@pytest.mark.parametrize(
    "rubbish",
    [
        b"z\0\0\0\4",
        b"Q\x7f\xff\xff\xff",
        b"Q\0\0\0\1",
        b"Q\xff\xff\xff\xff",
        message(b"p", b"a password\0"),
        bytes(range(256)) * 100,
    ],
)
def test_a_client_that_talks_rubbish_harms_nobody_else(warehouse: embedded.Connection, rubbish: bytes) -> None:
    with RawClient.connected(warehouse) as other, RawClient.connected(warehouse) as client:
        client.send(rubbish)
        kind, body = client.receive()
        assert (kind, fields(body)["S"], fields(body)["C"]) == (b"E", "FATAL", "08P01")
        assert client.is_closed()
        assert rows(other.ask(query("SELECT 1"))) == [[b"1"]]


def test_a_client_that_does_not_read_is_waited_for() -> None:
    """The result is made as it is read: memory holds a few chunks of it, not 2 GB."""
    with serving() as (_, address), RawClient.connected(address) as client:
        before = resident_bytes()
        client.send(query("SELECT i, repeat('x', 1000) FROM generate_series(1, 2000000) AS g(i)"))
        time.sleep(2)
        assert resident_bytes() - before < 400 << 20
        cancel(client, address)
        assert error(client.until_ready())["C"] == "57014"
        assert rows(client.ask(query("SELECT 1"))) == [[b"1"]]


def resident_bytes() -> int:
    with open("/proc/self/statm") as statm:  # noqa: PTH123
        return int(statm.read().split()[1]) * 4096


# ---------------------------------------------------------------- cancelling


def cancel(client: RawClient, address: embedded.Connection, key: tuple[int, bytes] | None = None) -> None:
    """Send a cancel request, and wait until the server has taken it."""
    process, secret = key or client.key
    with RawClient(address.host, address.port) as other:
        other.send(struct.pack("!iii", 12 + len(secret), 80877102, process) + secret)
        assert other.is_closed()


def test_a_cancelled_statement_ends_and_its_session_goes_on(warehouse: embedded.Connection) -> None:
    with RawClient.connected(warehouse) as client:
        running(client)
        started = time.monotonic()
        cancel(client, warehouse)
        assert error(client.until_ready())["C"] == "57014"
        assert time.monotonic() - started < 2
        assert rows(client.ask(query("SELECT 1"))) == [[b"1"]]


def test_a_cancelled_extended_statement(warehouse: embedded.Connection) -> None:
    with RawClient.connected(warehouse) as client:
        client.send(parse(SLOW), bind(), execute(), SYNC)
        time.sleep(0.4)
        cancel(client, warehouse)
        replies = client.until_ready()
        assert (kinds(replies)[:2], error(replies)["C"]) == ("12", "57014")


def test_a_cancel_that_comes_late_hits_nothing(warehouse: embedded.Connection) -> None:
    with RawClient.connected(warehouse) as client:
        for _ in range(20):
            client.ask(query("SELECT 1"))
            cancel(client, warehouse)
            assert kinds(client.ask(query("SELECT COUNT(*) FROM generate_series(1, 100000)"))) == "TDCZ"


def test_a_cancel_needs_the_key(warehouse: embedded.Connection) -> None:
    with RawClient.connected(warehouse) as client, RawClient.connected(warehouse) as other:
        running(client)
        process, secret = client.key
        for key in ((process, b"\0\0\0\0"), (process, b""), (process, secret + b"\0"), (other.key[0], secret)):
            cancel(client, warehouse, key)
        client.socket.settimeout(0.3)
        with pytest.raises(TimeoutError):
            client.receive()
        client.socket.settimeout(10)
        cancel(client, warehouse)
        assert error(client.until_ready())["C"] == "57014"


def test_psycopg2_cancels_from_another_thread(connect: Connect) -> None:
    connection = connect()
    threading.Timer(0.4, connection.cancel).start()
    with connection.cursor() as cursor, pytest.raises(psycopg2.errors.QueryCanceled):
        cursor.execute(SLOW)
    connection.rollback()


def test_the_statement_of_a_client_that_vanished_is_cancelled(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "local_redshift")
    with serving() as (_, address):
        with RawClient.connected(address) as client:
            client.ask(query("CREATE TABLE t (i INT)"))
            running(client, f"BEGIN; INSERT INTO t VALUES (1); {SLOW}")
        with RawClient.connected(address) as other:
            started = time.monotonic()
            other.ask(query("INSERT INTO t VALUES (2)"))  # waits for the lock until the lost statement is gone
            assert time.monotonic() - started < 5
            assert rows(other.ask(query("SELECT i FROM t"))) == [[b"2"]]
    assert "the client of a running statement is gone: cancelled" in caplog.text


# ---------------------------------------------------------------- the end


def test_stopping_cancels_what_runs_and_tells_everybody() -> None:
    with serving() as (server, address):
        with RawClient.connected(address) as idle, RawClient.connected(address) as busy:
            silent = socket.create_connection((address.host, address.port))
            running(busy)
            started = time.monotonic()
            server.stop()
            assert time.monotonic() - started < 4
            for client, expected in ((idle, ["57P01"]), (busy, ["57014", "57P01"])):
                codes: list[str] = []
                while len(codes) < len(expected):
                    kind, body = client.receive()
                    if kind == b"E":
                        codes.append(fields(body)["C"])
                assert codes == expected
                assert client.is_closed()
            assert silent.recv(1) == b""
            silent.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((address.host, address.port))


def test_stopping_does_not_wait_for_a_client_that_does_not_read() -> None:
    with serving() as (server, address), RawClient.connected(address) as client:
        client.send(query("SELECT repeat('x', 1000) FROM generate_series(1, 1000000)"))
        time.sleep(0.5)
        started = time.monotonic()
        server.stop(patience=0.5)
        assert time.monotonic() - started < 3
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("local_redshift")]


def test_what_was_committed_is_in_the_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "warehouse.duckdb"
    with embedded.start(file) as address, RawClient.connected(address) as client:
        client.ask(query("CREATE TABLE t (i INT); INSERT INTO t VALUES (1)"))
        client.ask(query("BEGIN; INSERT INTO t VALUES (2)"))
    assert [path.name for path in tmp_path.iterdir()] == [file.name]  # no write-ahead log is left to replay
    with embedded.start(file) as address, RawClient.connected(address) as client:
        assert rows(client.ask(query("SELECT i FROM t"))) == [[b"1"]]


def test_only_this_machine_is_served() -> None:
    with closing(Engine()) as engine:
        for host in ("0.0.0.0", "192.0.2.1", "::"):  # noqa: S104
            with pytest.raises(ValueError, match="is not a loopback address"):
                Server(engine, host=host, users={})


def test_the_password_is_not_shown(warehouse: embedded.Connection) -> None:
    assert warehouse.password not in repr(warehouse)
    assert len(warehouse.password) >= 32
