"""What the client says: bytes to messages.

https://www.postgresql.org/docs/current/protocol-message-formats.html
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from local_redshift.errors import InvalidEncoding, ProtocolViolation

if TYPE_CHECKING:
    from collections.abc import Callable

CANCEL_REQUEST, SSL_REQUEST, GSSENC_REQUEST = 80877102, 80877103, 80877104
TLS_HANDSHAKE = b"\x16"  # the first byte of a client that begins with TLS itself
TERMINATE, PASSWORD = b"X", b"p"

_INT16 = struct.Struct("!h")
_COUNT16 = struct.Struct("!H")
_INT32 = struct.Struct("!i")


class FatalProtocolViolation(ProtocolViolation):
    """The bytes that follow cannot be told apart any more: the connection has to end."""


@dataclass(frozen=True, slots=True)
class Query:
    sql: str


@dataclass(frozen=True, slots=True)
class Parse:
    statement: str
    sql: str
    parameter_oids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bind:
    portal: str
    statement: str
    formats: tuple[int, ...]
    values: tuple[bytes | None, ...]
    result_formats: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Describe:
    target: Literal["S", "P"]
    name: str


@dataclass(frozen=True, slots=True)
class Close:
    target: Literal["S", "P"]
    name: str


@dataclass(frozen=True, slots=True)
class Execute:
    portal: str
    limit: int  # 0: all rows


@dataclass(frozen=True, slots=True)
class Flush:
    pass


@dataclass(frozen=True, slots=True)
class Sync:
    pass


@dataclass(frozen=True, slots=True)
class FunctionCall:
    pass


@dataclass(frozen=True, slots=True)
class CopyMessage:
    """CopyData, CopyDone or CopyFail."""


Message = Query | Parse | Bind | Describe | Close | Execute | Flush | Sync | FunctionCall | CopyMessage


class Body:
    """Reads the fields of one message, in order.

    Raises ProtocolViolation where the message is shorter or longer than it claims.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        start, self._at = self._at, self._at + count
        if self._at > len(self._data):
            raise ProtocolViolation("insufficient data left in message")
        return self._data[start : self._at]

    def raw_string(self) -> bytes:
        end = self._data.find(b"\0", self._at)
        if end < 0:
            raise ProtocolViolation("invalid string in message")
        start, self._at = self._at, end + 1
        return self._data[start:end]

    def string(self) -> str:
        try:
            return self.raw_string().decode("utf-8")
        except UnicodeDecodeError as error:
            bad = error.object[error.start : error.end].hex()
            raise InvalidEncoding(f'invalid byte sequence for encoding "UTF8": 0x{bad}') from None

    def int32(self) -> int:
        value: int = _INT32.unpack(self.take(4))[0]
        return value

    def count(self) -> int:
        value: int = _COUNT16.unpack(self.take(2))[0]
        return value

    def formats(self) -> tuple[int, ...]:
        return tuple(_INT16.unpack(self.take(2))[0] for _ in range(self.count()))

    def value(self) -> bytes | None:
        size = self.int32()
        if size < -1:
            raise ProtocolViolation("invalid length of a parameter value")
        return None if size == -1 else self.take(size)

    def rest(self) -> bytes:
        return self.take(len(self._data) - self._at)

    def end(self) -> None:
        if self._at != len(self._data):
            raise ProtocolViolation("invalid message format")


def _parse(body: Body) -> Parse:
    name, sql = body.string(), body.string()
    return Parse(name, sql, tuple(body.int32() & 0xFFFFFFFF for _ in range(body.count())))


def _bind(body: Body) -> Bind:
    portal, statement = body.string(), body.string()
    formats = body.formats()
    values = tuple(body.value() for _ in range(body.count()))
    return Bind(portal, statement, formats, values, body.formats())


def _target(body: Body) -> tuple[Literal["S", "P"], str]:
    match body.take(1):
        case b"S":
            return "S", body.string()
        case b"P":
            return "P", body.string()
        case other:
            raise ProtocolViolation(f"invalid target {other!r}: neither a statement nor a portal")


def _function_call(body: Body) -> FunctionCall:
    body.rest()
    return FunctionCall()


def _copy_message(body: Body) -> CopyMessage:
    body.rest()
    return CopyMessage()


_DECODERS: dict[bytes, Callable[[Body], Message]] = {
    b"Q": lambda body: Query(body.string()),
    b"P": _parse,
    b"B": _bind,
    b"D": lambda body: Describe(*_target(body)),
    b"C": lambda body: Close(*_target(body)),
    b"E": lambda body: Execute(body.string(), max(body.int32(), 0)),
    b"H": lambda _: Flush(),
    b"S": lambda _: Sync(),
    b"F": _function_call,
    b"d": _copy_message,
    b"c": _copy_message,
    b"f": _copy_message,
}
FRONTEND_KINDS = frozenset(_DECODERS) | {TERMINATE, PASSWORD}


def decode(kind: bytes, data: bytes) -> Message:
    """Read one message of the client after start-up; ``data`` is what follows the length.

    Raises ProtocolViolation for a message that is not what its kind says or that has no place here,
    InvalidEncoding for text that is not UTF-8.
    """
    if kind not in _DECODERS:
        raise FatalProtocolViolation(f"unexpected message type {kind!r}")
    body = Body(data)
    message = _DECODERS[kind](body)
    body.end()
    return message


def decode_startup_parameters(data: bytes) -> dict[str, str]:
    """The name and value pairs of a StartupMessage, after the version."""
    body = Body(data)
    parameters: dict[str, str] = {}
    while name := body.string():
        parameters[name] = body.string()
    body.end()
    return parameters


def decode_password(data: bytes) -> str:
    body = Body(data)
    password = body.string()
    body.end()
    return password


def decode_sasl_initial(data: bytes) -> tuple[str, bytes]:
    """The chosen mechanism and the client's first message."""
    body = Body(data)
    mechanism, content = body.string(), body.value()
    body.end()
    return mechanism, content or b""
