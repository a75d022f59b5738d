"""Who may connect: SCRAM-SHA-256, and md5 for the drivers that know nothing newer. Bytes in, bytes out.

https://www.rfc-editor.org/rfc/rfc5802 (SCRAM), https://www.rfc-editor.org/rfc/rfc7677 (SHA-256),
https://www.postgresql.org/docs/current/sasl-authentication.html, https://www.rfc-editor.org/rfc/rfc4013 (SASLprep)
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import stringprep
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local_redshift.errors import InvalidPassword, ProtocolViolation

if TYPE_CHECKING:
    from collections.abc import Mapping

SCRAM_SHA_256 = "SCRAM-SHA-256"
SCRAM_SHA_256_PLUS = "SCRAM-SHA-256-PLUS"  # bound to the TLS channel, so that nobody can stand in between
_ITERATIONS = 4096  # RFC 7677's least: the passwords guard a laptop's loopback and are checked at every connect
_SALT_BYTES = 16
_NONCE_BYTES = 18


@dataclass(frozen=True)
class Verifier:
    """What the server keeps in place of a password."""

    user: str
    salt: bytes = field(repr=False)
    stored_key: bytes = field(repr=False)
    server_key: bytes = field(repr=False)
    md5: str = field(repr=False)  # of password + user

    @classmethod
    def of(cls, user: str, password: str) -> Verifier:
        salt = secrets.token_bytes(_SALT_BYTES)
        salted = hashlib.pbkdf2_hmac("sha256", saslprep(password).encode(), salt, _ITERATIONS)
        client_key = _hmac(salted, b"Client Key")
        return cls(
            user=user,
            salt=salt,
            stored_key=hashlib.sha256(client_key).digest(),
            server_key=_hmac(salted, b"Server Key"),
            md5=_md5((password + user).encode()),
        )


class Accounts:
    """The users and their verifiers; a name that nobody has gets one that no password fits.

    ``users`` maps names to passwords; a password alone is the one of every name.
    """

    def __init__(self, users: Mapping[str, str] | str) -> None:
        named = {} if isinstance(users, str) else users
        self._verifiers = {user: Verifier.of(user, password) for user, password in named.items()}
        self._verifier_of_any = (lambda user: Verifier.of(user, users)) if isinstance(users, str) else self._unknown
        self._secret = secrets.token_bytes(32)

    def verifier(self, user: str) -> Verifier:
        return self._verifiers.get(user) or self._verifier_of_any(user)

    def _unknown(self, user: str) -> Verifier:
        """The same salt each time for the same name, so that an exchange does not tell who exists."""
        return Verifier(
            user=user,
            salt=_hmac(self._secret, user.encode())[:_SALT_BYTES],
            stored_key=secrets.token_bytes(32),
            server_key=secrets.token_bytes(32),
            md5=secrets.token_hex(16),
        )


def refusal(user: str) -> InvalidPassword:
    return InvalidPassword(f'password authentication failed for user "{user}"')


def check_md5(verifier: Verifier, salt: bytes, answer: str) -> None:
    """Raises InvalidPassword unless ``answer`` is ``md5`` + md5(md5(password + user) + salt)."""
    expected = "md5" + _md5(verifier.md5.encode() + salt)
    if not hmac.compare_digest(expected.encode(), answer.encode()):
        raise refusal(verifier.user)


class ScramExchange:
    """The server's side of one SCRAM-SHA-256 exchange: ``first``, then ``final``.

    ``nonce`` is the server's part of it, a new one if not given. ``end_point`` is the hash of the certificate where
    channel binding was offered, and ``bound`` tells that the client chose it.
    Both raise ProtocolViolation for messages that are malformed or ask for what was not offered.
    """

    def __init__(
        self, verifier: Verifier, nonce: str | None = None, *, end_point: bytes | None = None, bound: bool = False
    ) -> None:
        self._verifier = verifier
        self._end_point = end_point if bound else b""
        # "n" is a client without channel binding, "y" one that saw that none is offered.
        self._headers = rb"p=tls-server-end-point,," if bound else rb"n,," if end_point else rb"[ny],,"
        self._server_nonce = nonce or base64.b64encode(secrets.token_bytes(_NONCE_BYTES)).decode()
        self._bare = b""
        self._binding = b""
        self._server_first = b""
        self._nonce = ""

    def first(self, client_first: bytes) -> bytes:
        """Answer the client-first-message with nonce, salt and iteration count."""
        content = rb"(n=[^,]*,r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)"
        match = re.fullmatch(rb"(" + self._headers + rb")" + content, client_first, re.DOTALL)
        if match is None:
            raise ProtocolViolation("malformed SCRAM message, or one that asks for other channel binding than offered")
        self._binding, self._bare = match[1] + (self._end_point or b""), match[2]
        self._nonce = match[3].decode() + self._server_nonce
        salt = base64.b64encode(self._verifier.salt).decode()
        self._server_first = f"r={self._nonce},s={salt},i={_ITERATIONS}".encode()
        return self._server_first

    def final(self, client_final: bytes) -> bytes:
        """Check the proof in the client-final-message and give the server's own.

        Raises InvalidPassword when the proof does not fit.
        """
        match = re.fullmatch(rb"(c=([^,]*),r=([^,]*)(?:,.*)?),p=([^,]*)", client_final, re.DOTALL)
        if match is None or _decode(match[2]) != self._binding or match[3] != self._nonce.encode():
            raise ProtocolViolation("malformed SCRAM message")
        signed = b",".join((self._bare, self._server_first, match[1]))
        signature = _hmac(self._verifier.stored_key, signed)
        proof = _decode(match[4])
        if len(proof) != len(signature):
            raise ProtocolViolation("malformed SCRAM message")
        client_key = bytes(left ^ right for left, right in zip(proof, signature, strict=True))
        if not hmac.compare_digest(hashlib.sha256(client_key).digest(), self._verifier.stored_key):
            raise refusal(self._verifier.user)
        return b"v=" + base64.b64encode(_hmac(self._verifier.server_key, signed))


def saslprep(password: str) -> str:
    """Normalise a password as clients do; one that SASLprep forbids is used as it is, as PostgreSQL does."""
    mapped = "".join(
        " " if stringprep.in_table_c12(char) else char for char in password if not stringprep.in_table_b1(char)
    )
    prepared = unicodedata.normalize("NFKC", mapped)
    return password if not prepared or _is_forbidden(prepared) else prepared


_FORBIDDEN = (
    stringprep.in_table_a1,
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)


def _is_forbidden(text: str) -> bool:
    if any(forbids(char) for char in text for forbids in _FORBIDDEN):
        return True
    right_to_left = [stringprep.in_table_d1(char) for char in text]
    if not any(right_to_left):
        return False
    return any(map(stringprep.in_table_d2, text)) or not (right_to_left[0] and right_to_left[-1])


def _hmac(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, "sha256")


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _decode(text: bytes) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ProtocolViolation("malformed SCRAM message") from None
