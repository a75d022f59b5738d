"""Rubbish of every kind, from a seed: it harms nobody else, nothing is left of it, and no error is one of ours.

Another seed and another length: ``FUZZ_SEED=7 FUZZ_TIMES=20 pytest tests/test_fuzz.py``.
"""

from __future__ import annotations

import gc
import logging
import os
import random
import socket
import struct
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import fuzz_packets
import fuzz_sql
import pytest
from raw_client import RawClient, query, rows

from local_redshift.embedded import Connection
from local_redshift.engine import Engine
from local_redshift.network.protocol import as_redshift_error
from local_redshift.network.server import Server
from local_redshift.sessions.session import Session, SessionOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_redshift.errors import RedshiftError

SEED = int(os.environ.get("FUZZ_SEED", "20181104"))
TIMES = int(os.environ.get("FUZZ_TIMES", "1"))
CONVERSATIONS, PACKETS_EACH, BEGINNINGS = 450 * TIMES, 20, 1_000 * TIMES
STATEMENTS = 1_500 * TIMES
SHARED_ROWS = 12


class Fuzzed:
    """A server in this process, so that what it holds on to can be counted."""

    def __init__(self, folder: Path) -> None:
        self.engine = Engine()
        self.server = Server(self.engine, users={"awsuser": "secret"}, s3_root=folder)
        self.server.start()
        self.address = Connection(*self.server.address, "awsuser", "secret", "dev")

    def close(self) -> None:
        self.server.stop()
        self.engine.close()

    def converse(self, sent: bytes) -> None:
        """Log in, send it all, and read until the server has closed: every byte of it in whole messages."""
        with RawClient.connected(self.address) as client:
            client.socket.settimeout(30)
            self._send(client, sent)
            received = b"".join(_until_closed(client))
        while received:
            kind, length = received[:1], struct.unpack("!i", received[1:5])[0]
            assert kind in b"RSKZTDCEINntsv123", (kind, sent)
            received = received[length + 1 :]

    def begin(self, sent: bytes) -> None:
        with RawClient(self.address.host, self.address.port) as client:
            self._send(client, sent)

    @staticmethod
    def _send(client: RawClient, sent: bytes) -> None:
        try:
            client.send(sent)
            client.socket.shutdown(socket.SHUT_WR)
        except OSError:
            return  # the server had read enough

    def left(self) -> tuple[int, int, int]:
        """Threads of clients, open file descriptors, and tables that are locked, once everybody has gone."""
        with RawClient.connected(self.address):  # let in after all that wait at the door
            deadline = time.monotonic() + 30
        while self._threads() and time.monotonic() < deadline:
            time.sleep(0.05)
        gc.collect()
        return self._threads(), sum(1 for _ in Path("/proc/self/fd").iterdir()), self.engine.locks.held

    @staticmethod
    def _threads() -> int:
        return sum(thread.name == "local_redshift client" for thread in threading.enumerate())


def _until_closed(client: RawClient) -> Iterator[bytes]:
    try:
        while received := client.socket.recv(65536):
            yield received
    except ConnectionError:
        return


class Witness(threading.Thread):
    """A client that behaves, beside the others: it counts its right answers, and keeps the first wrong one."""

    def __init__(self, address: Connection) -> None:
        super().__init__(name="witness")
        self._address = address
        self._done = threading.Event()
        self.answers = 0
        self.wrong: object = None

    def run(self) -> None:
        try:
            with RawClient.connected(self._address) as client:
                client.ask(query("CREATE TABLE witnessed (i INT)"))
                while not self._done.wait(0.02) and self.wrong is None:
                    self._ask(client)
        except Exception as error:  # to be seen by the test
            self.wrong = error

    def _ask(self, client: RawClient) -> None:
        client.ask(query("INSERT INTO witnessed VALUES (1)"))
        found = rows(client.ask(query("SELECT (SELECT SUM(i) FROM shared), (SELECT COUNT(*) FROM witnessed)")))
        if found == [[str(sum(range(SHARED_ROWS))).encode(), str(self.answers + 1).encode()]]:
            self.answers += 1
        else:
            self.wrong = found

    def stop(self) -> None:
        self._done.set()
        self.join(30)


def resident_megabytes() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def test_ten_thousand_packets_harm_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "local_redshift")
    source = random.Random(SEED)  # noqa: S311
    with closing(Fuzzed(tmp_path)) as fuzzed:
        _prepare(fuzzed)
        for _ in range(20):  # what is made once, for everybody
            fuzzed.converse(fuzz_packets.conversation(source, PACKETS_EACH))
        before, memory = fuzzed.left(), resident_megabytes()
        witness = Witness(fuzzed.address)
        witness.start()
        for _ in range(CONVERSATIONS):
            fuzzed.converse(fuzz_packets.conversation(source, PACKETS_EACH))
        for _ in range(BEGINNINGS):
            fuzzed.begin(fuzz_packets.beginning(source))
        witness.stop()
        assert witness.wrong is None
        assert witness.answers > 10
        assert fuzzed.left() == before
        assert resident_megabytes() - memory < 150
    _assert_no_error_of_ours(caplog)


def _prepare(fuzzed: Fuzzed) -> None:
    values = ", ".join(f"({number}, 'row {number}')" for number in range(SHARED_ROWS))
    with RawClient.connected(fuzzed.address) as client:
        client.ask(query("CREATE TABLE shared (i INT, s VARCHAR(20)); CREATE TABLE scratch (i INT)"))
        client.ask(query(f"INSERT INTO shared VALUES {values}"))


def _assert_no_error_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    for record in caplog.records:
        assert record.exc_info is None, caplog.text
        assert record.levelno < logging.ERROR, record.message


@pytest.mark.parametrize("corpus", fuzz_sql.corpora(), ids=lambda corpus: corpus.name)
def test_every_statement_ends_in_a_result_or_an_error_with_a_code(corpus: fuzz_sql.Corpus) -> None:
    source = random.Random(f"{SEED} {corpus.name}")  # noqa: S311
    with closing(Engine()) as engine, closing(Session(engine, SessionOptions(user="awsuser"), 1)) as session:
        _run(session, corpus.setup)
        _run(session, fuzz_sql.TABLE)
        for _ in range(STATEMENTS // len(fuzz_sql.corpora())):
            sql = fuzz_sql.statement(source, corpus)
            error = _error_of(session, sql)
            assert error is None or "internal error" not in error.message.lower(), sql
            if session.transaction_status == "E" or source.random() < 0.1:
                _run(session, "ROLLBACK")


def _run(session: Session, sql: str) -> None:
    for result in session.execute(sql):
        for _ in result.chunks():
            continue


def _error_of(session: Session, sql: str) -> RedshiftError | None:
    session.settings.set("statement_timeout", "5000")
    try:
        _run(session, sql)
    except Exception as error:
        session.fail()
        return as_redshift_error(error)
    return None
