"""Protocol messages, byte for byte as the PostgreSQL documentation lays them out."""

from __future__ import annotations

import socket
import struct
import threading
import time
from typing import TYPE_CHECKING

import pytest
import raw_client

from local_redshift.errors import InvalidEncoding, ProtocolViolation, RedshiftError, UndefinedTable
from local_redshift.logs import line
from local_redshift.network.channel import Channel, Disconnected
from local_redshift.network.wire import backend, frontend
from local_redshift.sessions.results import ResultColumn

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (raw_client.query("SELECT 'é'"), frontend.Query("SELECT 'é'")),
        (raw_client.parse("SELECT $1", "s", (23, 4294967295)), frontend.Parse("s", "SELECT $1", (23, 4294967295))),
        (
            raw_client.bind(b"1", None, b"", portal="p", name="s", formats=(0, 1, 0), result_formats=(1,)),
            frontend.Bind("p", "s", (0, 1, 0), (b"1", None, b""), (1,)),
        ),
        (raw_client.describe(b"S", "s"), frontend.Describe("S", "s")),
        (raw_client.describe(b"P"), frontend.Describe("P", "")),
        (raw_client.close(b"P", "p"), frontend.Close("P", "p")),
        (raw_client.execute("p", 100), frontend.Execute("p", 100)),
        (raw_client.execute("p", -5), frontend.Execute("p", 0)),  # "no limit" in whatever way it is said
        (raw_client.SYNC, frontend.Sync()),
        (raw_client.FLUSH, frontend.Flush()),
        (raw_client.message(b"F", b"\0\0\0\1 whatever"), frontend.FunctionCall()),
        (raw_client.message(b"d", b"a\tb\n"), frontend.CopyMessage()),
    ],
)
def test_what_clients_say(sent: bytes, message: frontend.Message) -> None:
    assert frontend.decode(sent[:1], sent[5:]) == message


@pytest.mark.parametrize(
    ("kind", "body", "error"),
    [
        (b"Q", b"SELECT 1", "invalid string"),  # no end of the string
        (b"Q", b"SELECT 1\0SELECT 2\0", "invalid message format"),
        (b"Q", b"", "invalid string"),
        (b"P", b"\0SELECT 1\0\0\2\0\0\0\1", "insufficient data"),  # two types announced, one there
        (b"B", b"\0\0\0\0\0\1\0\0\0\x09abc", "insufficient data"),  # a value longer than the message
        (b"B", b"\0\0\0\0\0\1\xff\xff\xff\xfe", "invalid length"),
        (b"B", b"\0\0\xff\xff", "insufficient data"),
        (b"D", b"X\0", "neither a statement nor a portal"),
        (b"D", b"", "insufficient data"),
        (b"E", b"\0\0\0", "insufficient data"),
        (b"S", b"x", "invalid message format"),
    ],
)
def test_malformed_messages_are_refused_and_the_stream_goes_on(kind: bytes, body: bytes, error: str) -> None:
    with pytest.raises(ProtocolViolation, match=error) as caught:
        frontend.decode(kind, body)
    assert not isinstance(caught.value, frontend.FatalProtocolViolation)


def test_text_that_is_not_utf8_is_refused_with_the_bytes() -> None:
    with pytest.raises(InvalidEncoding, match=r'^invalid byte sequence for encoding "UTF8": 0xff$'):
        frontend.decode(b"Q", b"SELECT '\xff'\0")


def test_a_password_has_no_place_after_the_start() -> None:
    with pytest.raises(frontend.FatalProtocolViolation):
        frontend.decode(frontend.PASSWORD, b"secret\0")


def test_rows_are_described_field_by_field() -> None:
    columns = [ResultColumn("artist", 1043, -1, 260), ResultColumn("plays", 20, 8, -1, format=1)]
    assert backend.row_description(columns) == bytes.fromhex(
        "54 00000037 0002"
        "617274697374 00 00000000 0000 00000413 ffff 00000104 0000"
        "706c617973 00 00000000 0000 00000014 0008 ffffffff 0001"
    )


def test_an_error_carries_the_fields_of_a_server_of_8_0() -> None:
    error = UndefinedTable('relation "x" does not exist', detail="d", hint="h", position=15, routine="r")
    fields = raw_client.fields(backend.error_response(error)[5:])
    assert fields == {
        "S": "ERROR",
        "C": "42P01",
        "M": 'relation "x" does not exist',
        "D": "d",
        "H": "h",
        "P": "15",
        "R": "r",
    }


def test_an_error_carries_nothing_that_it_does_not_know() -> None:
    assert backend.error_response(RedshiftError("boom"), "FATAL") == raw_client.message(
        b"E", b"SFATAL\0CXX000\0Mboom\0\0"
    )


def test_a_notice_of_a_load_is_of_severity_info() -> None:
    notice = backend.notice_response("INFO", "Load into table 't' completed", "00000", None)
    assert notice == raw_client.message(b"N", b"SINFO\0C00000\0MLoad into table 't' completed\0\0")


def test_text_cannot_break_a_message() -> None:
    """A zero byte would end a field early; half a surrogate pair has no UTF-8."""
    assert backend.error_response(RedshiftError("a\0b\ud800c")) == raw_client.message(
        b"E", b"SERROR\0CXX000\0Mab?c\0\0"
    )


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (backend.AUTHENTICATION_OK, "52 00000008 00000000"),
        (backend.authentication_md5(b"\1\2\3\4"), "52 0000000c 00000005 01020304"),
        (backend.backend_key_data(7, b"\1\2\3\4"), "4b 0000000c 00000007 01020304"),
        (backend.ready_for_query("T"), "5a 00000005 54"),
        (backend.command_complete("INSERT 0 5"), "43 0000000f 494e534552542030203500"),
        (backend.parameter_status("a", "b"), "53 00000008 61006200"),
        (backend.parameter_description((23, 1043)), "74 0000000e 0002 00000017 00000413"),
        (backend.negotiate_protocol_version(["_pq_.x"]), "76 00000013 00030000 00000001 5f70715f2e7800"),
        (backend.NO_DATA, "6e 00000004"),
    ],
)
def test_what_the_server_says(message: bytes, expected: str) -> None:
    assert message == bytes.fromhex(expected)


# ---------------------------------------------------------------- the channel


@pytest.fixture
def pair() -> Iterator[tuple[Channel, socket.socket]]:
    """A channel and the client's end of it, over TCP as in real life."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
    channel = Channel(server)
    with client:
        yield channel, client
        channel.close()


def test_messages_are_put_together_from_pieces(pair: tuple[Channel, socket.socket]) -> None:
    channel, client = pair
    big = raw_client.query("x" * 300_000)
    client.sendall(raw_client.SYNC + big[:3])
    assert channel.read_message() == (b"S", b"")
    threading.Timer(0.05, client.sendall, [big[3:]]).start()
    assert channel.read_message() == (b"Q", big[5:])


@pytest.mark.parametrize("length", [-1, 0, 3, 1001, 2**31 - 1])
def test_an_impossible_length_ends_the_connection_at_once(pair: tuple[Channel, socket.socket], length: int) -> None:
    channel, client = pair
    client.sendall(b"Q" + struct.pack("!i", length))
    with pytest.raises(frontend.FatalProtocolViolation, match=f"invalid message length {length}"):
        channel.read_message(limit=1000)


def test_an_unknown_type_ends_the_connection(pair: tuple[Channel, socket.socket]) -> None:
    channel, client = pair
    client.sendall(b"z\0\0\0\4")
    with pytest.raises(frontend.FatalProtocolViolation, match="invalid frontend message type 122"):
        channel.read_message()


def test_a_deadline_counts_all_waits_together(pair: tuple[Channel, socket.socket]) -> None:
    """A client that sends a byte now and then does not get more time by it."""
    channel, client = pair
    channel.set_deadline(0.3)
    started = time.monotonic()
    dripping = [threading.Timer(0.1 * tick, client.sendall, [b"Q"]) for tick in range(1, 8)]
    for timer in dripping:
        timer.start()
    with pytest.raises(Disconnected):
        channel.read(100)
    assert 0.2 < time.monotonic() - started < 0.6
    for timer in dripping:
        timer.join()


def test_what_is_sent_waits_for_a_flush_or_for_enough_of_it(pair: tuple[Channel, socket.socket]) -> None:
    channel, client = pair
    client.settimeout(0.1)
    channel.send(b"abc")
    with pytest.raises(TimeoutError):
        client.recv(1)
    channel.flush()
    assert client.recv(10) == b"abc"
    channel.send(b"d")
    channel.send(b"e" * 70_000)
    assert client.recv(1) == b"d"


def test_a_client_that_went_is_noticed_even_behind_unread_messages(pair: tuple[Channel, socket.socket]) -> None:
    channel, client = pair
    client.sendall(raw_client.SYNC)
    assert not channel.vanished()
    client.close()
    time.sleep(0.05)
    assert channel.vanished()
    assert channel.read_message() == (b"S", b"")
    with pytest.raises(Disconnected):
        channel.read_message()


def test_a_waiting_thread_can_be_woken(pair: tuple[Channel, socket.socket]) -> None:
    channel, client = pair
    threading.Timer(0.05, channel.stop_reading).start()
    with pytest.raises(Disconnected):
        channel.read(1)
    channel.send(b"goodbye")
    channel.flush()
    assert client.recv(10) == b"goodbye"


# ---------------------------------------------------------------- log lines


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("awsuser", "awsuser"),
        (3, "3"),
        ("", '""'),
        ("a b", '"a b"'),
        ("a\n2026 INFO forged", '"a\\n2026 INFO forged"'),
        ('a"b', '"a\\"b"'),
        ("é\x1b[31m", '"\\u00e9\\u001b[31m"'),
    ],
)
def test_a_log_line_is_one_line_whatever_a_client_is_called(value: object, shown: str) -> None:
    assert line("event", user=value) == f"event user={shown}"
