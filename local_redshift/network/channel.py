"""One client's socket: whole messages in, buffered bytes out, and nothing without a limit."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import struct
import time

from local_redshift.network.wire.frontend import FRONTEND_KINDS, FatalProtocolViolation

MAX_MESSAGE_BYTES = 64 << 20  # above Redshift's 16 MB a statement, so that it can be refused by name
_RECEIVE_BYTES = 64 << 10
_SEND_BYTES = 64 << 10
_LENGTH = struct.Struct("!i")
# Where poll() is missing (Windows) a client that vanishes is noticed when its result is sent.
_GONE = getattr(select, "POLLRDHUP", 0) | getattr(select, "POLLHUP", 0) | getattr(select, "POLLERR", 0)


class Disconnected(Exception):
    """The client closed the connection, lost it, or let the time for its start-up pass."""


class Channel:
    """Reads and writes for one thread; ``vanished``, ``stop_reading`` and ``abort`` may be called by others.

    Sending waits for the client to read: what is not yet sent is bounded by ``_SEND_BYTES`` and one chunk.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._received = bytearray()
        self._unsent = bytearray()
        self._deadline: float | None = None
        self.encrypted = False
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def set_deadline(self, seconds: float | None) -> None:
        """Every wait together may take ``seconds`` from now on; None lifts the limit."""
        self._deadline = None if seconds is None else time.monotonic() + seconds
        self._socket.settimeout(None)

    def peek(self) -> bytes:
        """The first byte that the client sends, left where it is."""
        return self._receive(1, socket.MSG_PEEK)

    def start_tls(self, context: ssl.SSLContext, alpn: str | None = None) -> None:
        """Send what is waiting and speak TLS from here on; ``alpn`` is the protocol that the client has to name.

        Raises FatalProtocolViolation where plain text lies behind the request, or another protocol is named.
        """
        self.flush()
        if self._received:  # somebody between may have put it there: CVE-2021-23214
            raise FatalProtocolViolation("received unencrypted data after SSL request")
        try:
            secured = context.wrap_socket(self._socket, server_side=True, do_handshake_on_connect=False)
            self._socket, self.encrypted = secured, True
            self._limit_wait()
            secured.do_handshake()
        except OSError as error:
            raise Disconnected(f"TLS: {error}") from error
        if alpn is not None and secured.selected_alpn_protocol() != alpn:
            raise FatalProtocolViolation(f"a direct TLS connection has to name the protocol {alpn} (ALPN)")

    def read(self, count: int) -> bytes:
        while len(self._received) < count:
            self._received += self._receive()
        content = bytes(self._received[:count])
        del self._received[:count]
        return content

    def read_sized(self, limit: int) -> bytes:
        """What follows a length that counts itself.

        Raises FatalProtocolViolation for an impossible length, before anything is read or reserved for it.
        """
        (length,) = _LENGTH.unpack(self.read(4))
        if not 4 <= length <= limit:
            raise FatalProtocolViolation(f"invalid message length {length}: at most {limit} bytes")
        return self.read(length - 4)

    def read_message(self, limit: int = MAX_MESSAGE_BYTES) -> tuple[bytes, bytes]:
        """A message's kind and body, after start-up."""
        kind = self.read(1)
        if kind not in FRONTEND_KINDS:
            raise FatalProtocolViolation(f"invalid frontend message type {kind[0]}")
        return kind, self.read_sized(limit)

    def send(self, data: bytes) -> None:
        if len(self._unsent) + len(data) > _SEND_BYTES:
            self.flush()
        if len(data) > _SEND_BYTES:
            self._transmit(data)
        else:
            self._unsent += data

    def flush(self) -> None:
        if self._unsent:
            data, self._unsent = self._unsent, bytearray()
            self._transmit(data)

    def vanished(self) -> bool:
        """Whether the client has closed its end; what it sent before may still be unread."""
        if not hasattr(select, "poll"):
            return False
        poll = select.poll()
        try:
            poll.register(self._socket, _GONE)
        except ValueError:  # closed here already
            return False
        return bool(poll.poll(0))

    def stop_reading(self) -> None:
        """Wake a thread that waits for the client: it reads no more, but may still send."""
        self._shutdown(socket.SHUT_RD)

    def abort(self) -> None:
        """Wake a thread that waits for the client in either direction."""
        self._shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        if isinstance(self._socket, ssl.SSLSocket):
            self._socket.settimeout(0)  # say goodbye, but do not wait for the client's
            with contextlib.suppress(OSError, ValueError):
                self._socket.unwrap()
        self._socket.close()

    def _receive(self, count: int = _RECEIVE_BYTES, flags: int = 0) -> bytes:
        try:
            self._limit_wait()
            received = self._socket.recv(count, flags)
        except OSError as error:
            raise Disconnected(str(error)) from error
        if not received:
            raise Disconnected("closed by the client")
        return received

    def _transmit(self, data: bytes | bytearray) -> None:
        try:
            self._limit_wait()
            self._socket.sendall(data)
        except OSError as error:
            raise Disconnected(str(error)) from error

    def _limit_wait(self) -> None:
        if self._deadline is not None:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("no complete start-up in time")
            self._socket.settimeout(left)

    def _shutdown(self, how: int) -> None:
        try:
            socket.socket.shutdown(self._socket, how)  # SSLSocket's own would go on in plain text
        except OSError:
            return  # gone already
