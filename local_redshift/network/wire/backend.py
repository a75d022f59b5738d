"""What the server says: messages to bytes.

https://www.postgresql.org/docs/current/protocol-message-formats.html
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from local_redshift.errors import RedshiftError

PROTOCOL_VERSION = 3 << 16  # 3.0, the only one Redshift speaks

_COUNT16 = struct.Struct("!H")
_INT32 = struct.Struct("!i")
_COLUMN = struct.Struct("!ihihih")


class ColumnDescription(Protocol):
    """A column as RowDescription tells it; ``modifier`` is pg_attribute.atttypmod, ``format`` 0 text or 1 binary."""

    @property
    def name(self) -> str: ...
    @property
    def oid(self) -> int: ...
    @property
    def size(self) -> int: ...
    @property
    def modifier(self) -> int: ...
    @property
    def format(self) -> int: ...


def _message(kind: bytes, body: bytes = b"") -> bytes:
    return kind + _INT32.pack(len(body) + 4) + body


def _cstring(text: str) -> bytes:
    return text.encode("utf-8", "replace").replace(b"\0", b"") + b"\0"


AUTHENTICATION_OK = _message(b"R", _INT32.pack(0))
PARSE_COMPLETE = _message(b"1")
BIND_COMPLETE = _message(b"2")
CLOSE_COMPLETE = _message(b"3")
NO_DATA = _message(b"n")
EMPTY_QUERY_RESPONSE = _message(b"I")
PORTAL_SUSPENDED = _message(b"s")
ENCRYPTION_REFUSED, ENCRYPTION_ACCEPTED = b"N", b"S"


def authentication_md5(salt: bytes) -> bytes:
    return _message(b"R", _INT32.pack(5) + salt)


def authentication_sasl(mechanisms: Iterable[str]) -> bytes:
    return _message(b"R", _INT32.pack(10) + b"".join(map(_cstring, mechanisms)) + b"\0")


def authentication_sasl_continue(data: bytes) -> bytes:
    return _message(b"R", _INT32.pack(11) + data)


def authentication_sasl_final(data: bytes) -> bytes:
    return _message(b"R", _INT32.pack(12) + data)


def negotiate_protocol_version(unknown_options: Sequence[str]) -> bytes:
    """Tell a client that asked for a newer 3.x, or for ``_pq_.`` options, what it gets."""
    options = b"".join(map(_cstring, unknown_options))
    return _message(b"v", _INT32.pack(PROTOCOL_VERSION) + _INT32.pack(len(unknown_options)) + options)


def parameter_status(name: str, value: str) -> bytes:
    return _message(b"S", _cstring(name) + _cstring(value))


def backend_key_data(process: int, secret: bytes) -> bytes:
    return _message(b"K", _INT32.pack(process) + secret)


def ready_for_query(transaction_status: str) -> bytes:
    return _message(b"Z", transaction_status.encode("ascii"))


def command_complete(tag: str) -> bytes:
    return _message(b"C", _cstring(tag))


def row_description(columns: Sequence[ColumnDescription]) -> bytes:
    fields = (
        _cstring(column.name) + _COLUMN.pack(0, 0, column.oid, column.size, column.modifier, column.format)
        for column in columns
    )
    return _message(b"T", _COUNT16.pack(len(columns)) + b"".join(fields))


def parameter_description(oids: Sequence[int]) -> bytes:
    return _message(b"t", _COUNT16.pack(len(oids)) + struct.pack(f"!{len(oids)}I", *oids))


def error_response(error: RedshiftError, severity: Literal["ERROR", "FATAL"] = "ERROR") -> bytes:
    """An ErrorResponse with the fields that a server of 8.0 sends: no V."""
    position = None if error.position is None else str(error.position)
    return _report(b"E", severity, error.sqlstate, error.message, error.detail, error.hint, position, error.routine)


def notice_response(severity: str, message: str, sqlstate: str, detail: str | None) -> bytes:
    return _report(b"N", severity, sqlstate, message, detail, None, None, None)


def _report(kind: bytes, *values: str | None) -> bytes:
    fields = (code.encode() + _cstring(value) for code, value in zip("SCMDHPR", values, strict=True) if value)
    return _message(kind, b"".join(fields) + b"\0")
