"""A PostgreSQL client that sends exactly the bytes a test wants, and reads what comes back."""

from __future__ import annotations

import base64
import hashlib
import hmac
import socket
import struct
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from local_redshift.embedded import Connection

PROTOCOL_3_0 = 3 << 16
Reply = tuple[bytes, bytes]  # kind and body


def message(kind: bytes, body: bytes = b"") -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body


def string(text: str) -> bytes:
    return text.encode() + b"\0"


def startup(parameters: dict[str, str], version: int = PROTOCOL_3_0) -> bytes:
    pairs = b"".join(string(name) + string(value) for name, value in parameters.items())
    body = struct.pack("!i", version) + pairs + b"\0"
    return struct.pack("!i", len(body) + 4) + body


def query(sql: str) -> bytes:
    return message(b"Q", string(sql))


def parse(sql: str, name: str = "", oids: tuple[int, ...] = ()) -> bytes:
    return message(b"P", string(name) + string(sql) + struct.pack(f"!H{len(oids)}I", len(oids), *oids))


def bind(
    *values: bytes | None,
    portal: str = "",
    name: str = "",
    formats: tuple[int, ...] = (),
    result_formats: tuple[int, ...] = (),
) -> bytes:
    sized = b"".join(
        struct.pack("!i", -1) if value is None else struct.pack("!i", len(value)) + value for value in values
    )
    return message(
        b"B",
        string(portal)
        + string(name)
        + struct.pack(f"!H{len(formats)}h", len(formats), *formats)
        + struct.pack("!H", len(values))
        + sized
        + struct.pack(f"!H{len(result_formats)}h", len(result_formats), *result_formats),
    )


def describe(target: bytes, name: str = "") -> bytes:
    return message(b"D", target + string(name))


def execute(portal: str = "", limit: int = 0) -> bytes:
    return message(b"E", string(portal) + struct.pack("!i", limit))


def close(target: bytes, name: str = "") -> bytes:
    return message(b"C", target + string(name))


SYNC, FLUSH, TERMINATE = message(b"S"), message(b"H"), message(b"X")


class RawClient:
    """Sends messages and reads replies; every read ends with an error after ``seconds``."""

    def __init__(self, host: str, port: int, seconds: float = 10.0) -> None:
        self.socket = socket.create_connection((host, port), timeout=seconds)
        self.parameters: dict[str, str] = {}
        self.key = (0, b"")

    @classmethod
    def connected(cls, server: Connection, **parameters: str) -> Self:
        """Logged in, the first ReadyForQuery read."""
        client = cls(server.host, server.port)
        try:
            client.log_in(server, **parameters)
        except BaseException:
            client.socket.close()
            raise
        return client

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def log_in(self, server: Connection, **parameters: str) -> list[Reply]:
        wanted = {"user": server.user, "database": server.database} | parameters
        self.send(startup(wanted))
        self.authenticate(wanted["user"], server.password)
        replies = self.until_ready()
        for kind, body in replies:
            if kind == b"S":
                name, value, _ = body.decode().split("\0")
                self.parameters[name] = value
            if kind == b"K":
                self.key = struct.unpack("!i", body[:4])[0], body[4:]
        return replies

    def authenticate(self, user: str, password: str) -> None:
        """Answer whatever the server asks for, up to AuthenticationOk."""
        while True:
            kind, body = self.receive()
            if kind == b"v":
                continue
            assert kind == b"R", (kind, body)
            (method,) = struct.unpack("!i", body[:4])
            if method == 0:
                return
            if method == 5:
                self.send(message(b"p", string(md5_answer(user, password, body[4:]))))
            elif method == 10:
                self.scram(password)

    def scram(self, password: str) -> None:
        first = b"n=,r=" + base64.b64encode(b"a nonce of a test")
        self.send(message(b"p", string("SCRAM-SHA-256") + struct.pack("!i", len(first) + 3) + b"n,," + first))
        kind, body = self.receive()
        assert (kind, body[:4]) == (b"R", struct.pack("!i", 11))
        final, _ = scram_final(password, first, body[4:])
        self.send(message(b"p", final))
        kind, body = self.receive()
        if kind == b"E":
            raise PermissionError(fields(body)["M"])
        assert (kind, body[:4]) == (b"R", struct.pack("!i", 12))

    def send(self, *data: bytes) -> None:
        self.socket.sendall(b"".join(data))

    def receive(self) -> Reply:
        kind = self.read(1)
        (length,) = struct.unpack("!i", self.read(4))
        return kind, self.read(length - 4)

    def read(self, count: int) -> bytes:
        content = b""
        while len(content) < count:
            received = self.socket.recv(count - len(content))
            if not received:
                raise EOFError("the server closed the connection")
            content += received
        return content

    def until_ready(self) -> list[Reply]:
        replies = [self.receive()]
        while replies[-1][0] != b"Z":
            replies.append(self.receive())
        return replies

    def ask(self, *data: bytes) -> list[Reply]:
        """Send, and read up to ReadyForQuery."""
        self.send(*data)
        return self.until_ready()

    def is_closed(self) -> bool:
        """Whether the server has closed its end, once what it had sent is read."""
        try:
            while self.socket.recv(65536):
                continue
        except ConnectionError:
            return True
        except TimeoutError:
            return False
        return True


def kinds(replies: list[Reply]) -> str:
    """``TDCZ``: the kinds of messages, DataRows in a row shown once."""
    shown = "".join(kind.decode() for kind, _ in replies)
    while "DD" in shown:
        shown = shown.replace("DD", "D")
    return shown


def error(replies: list[Reply]) -> dict[str, str]:
    """The fields of the only ErrorResponse."""
    (body,) = [body for kind, body in replies if kind == b"E"]
    return fields(body)


def fields(body: bytes) -> dict[str, str]:
    return {field[:1]: field[1:] for field in body.decode().split("\0") if field}


def rows(replies: list[Reply]) -> list[list[bytes | None]]:
    return [_values(body) for kind, body in replies if kind == b"D"]


def _values(body: bytes) -> list[bytes | None]:
    (count,) = struct.unpack("!H", body[:2])
    values: list[bytes | None] = []
    at = 2
    for _ in range(count):
        (size,) = struct.unpack("!i", body[at : at + 4])
        values.append(None if size < 0 else body[at + 4 : at + 4 + size])
        at += 4 + max(size, 0)
    return values


def md5_answer(user: str, password: str, salt: bytes) -> str:
    inner = hashlib.md5((password + user).encode(), usedforsecurity=False).hexdigest()
    return "md5" + hashlib.md5(inner.encode() + salt, usedforsecurity=False).hexdigest()


def scram_final(password: str, client_first_bare: bytes, server_first: bytes) -> tuple[bytes, bytes]:
    """The client-final-message and the server's signature that has to come back."""
    parts = dict(part.split(b"=", 1) for part in server_first.split(b","))
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(parts[b"s"]), int(parts[b"i"]))
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    without_proof = b"c=biws,r=" + parts[b"r"]
    signed = b",".join((client_first_bare, server_first, without_proof))
    signature = hmac.digest(hashlib.sha256(client_key).digest(), signed, "sha256")
    proof = bytes(left ^ right for left, right in zip(client_key, signature, strict=True))
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    return without_proof + b",p=" + base64.b64encode(proof), hmac.digest(server_key, signed, "sha256")
