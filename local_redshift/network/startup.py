"""From an accepted socket to a known user: encryption requests, cancel requests, version, password.

https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP
"""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_redshift.errors import (
    FeatureNotSupported,
    InvalidAuthorization,
    InvalidPassword,
    ProtocolViolation,
    SyntaxError_,
)
from local_redshift.logs import LOGGER, line
from local_redshift.network.auth import SCRAM_SHA_256, SCRAM_SHA_256_PLUS, Accounts, ScramExchange, Verifier, check_md5
from local_redshift.network.tls import ALPN
from local_redshift.network.wire import backend, frontend
from local_redshift.sessions.settings import is_setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_redshift.network.channel import Channel
    from local_redshift.network.tls import Tls

_MAX_STARTUP_BYTES = 10_000  # PostgreSQL's own limit
_MAX_PASSWORD_BYTES = 65_535
_REFUSAL_SECONDS = 1.0  # what a wrong password costs whoever guesses
# Amazon's drivers (redshift_connector, its JDBC and ODBC) send this parameter. They know md5, while
# redshift_connector 2.2.0 takes the end of the list of SASL mechanisms for one more and gives up.
# Everybody else is asked for SCRAM.
_AMAZON_DRIVER = "client_protocol_version"


@dataclass(frozen=True)
class CancelRequest:
    process: int
    secret: bytes


@dataclass(frozen=True)
class StartUp:
    """What a client wants: ``settings`` is what it would otherwise SET first."""

    user: str
    database: str
    settings: dict[str, str]
    amazon_driver: bool


def greet(channel: Channel, tls: Tls | None) -> StartUp | CancelRequest:
    """Read until the client has said what it wants; without ``tls`` it goes on in plain text or leaves.

    Raises FeatureNotSupported for another protocol version, InvalidAuthorization without a user name,
    ProtocolViolation for anything else.
    """
    if tls is not None and channel.peek() == frontend.TLS_HANDSHAKE:
        channel.start_tls(tls.context, alpn=ALPN)
    while True:
        body = frontend.Body(channel.read_sized(_MAX_STARTUP_BYTES))
        code = body.int32()
        if code == frontend.SSL_REQUEST and tls is not None and not channel.encrypted:
            channel.send(backend.ENCRYPTION_ACCEPTED)
            channel.start_tls(tls.context)
        elif code in (frontend.SSL_REQUEST, frontend.GSSENC_REQUEST):
            channel.send(backend.ENCRYPTION_REFUSED)
            channel.flush()
        elif code == frontend.CANCEL_REQUEST:
            return CancelRequest(body.int32(), body.rest())
        else:
            return _start_up(channel, code, body)


def _start_up(channel: Channel, version: int, body: frontend.Body) -> StartUp:
    major, minor = version >> 16, version & 0xFFFF
    if major != 3:
        raise FeatureNotSupported(f"unsupported frontend protocol {major}.{minor}: server supports 3.0")
    parameters = frontend.decode_startup_parameters(body.rest())
    unknown = [name for name in parameters if name.startswith("_pq_.")]
    if minor or unknown:
        channel.send(backend.negotiate_protocol_version(unknown))
    user = parameters.get("user", "")
    if not user:
        raise InvalidAuthorization("no PostgreSQL user name specified in startup packet")
    if parameters.get("replication", "false") not in ("false", "off", "no", "0"):
        raise FeatureNotSupported("replication connections are not supported")
    # Drivers tell their versions and the like in the same place as settings; in options there is nothing else.
    settings = {name: value for name, value in parameters.items() if is_setting(name)}
    settings |= dict(_options(parameters.get("options", "")))
    return StartUp(user, parameters.get("database") or user, settings, _AMAZON_DRIVER in parameters)


def _options(text: str) -> Iterator[tuple[str, str]]:
    """The settings in a start-up parameter ``options``: ``-c name=value`` or ``--name=value``, ``\\ `` for a blank."""
    for word in re.findall(r"(?:\\.|[^\\\s])+", re.sub(r"(^|\s)-c\s*", r"\1--", text)):
        name, equals, value = re.sub(r"\\(.)", r"\1", word).partition("=")
        if not equals or not name.startswith("--"):
            raise SyntaxError_(f"invalid command-line argument for server process: {word}")
        yield name.removeprefix("--").replace("-", "_"), value


def authenticate(channel: Channel, start_up: StartUp, accounts: Accounts, tls: Tls | None) -> None:
    """Ask for the password and check it; raises InvalidPassword, late and logged, when it does not fit."""
    verifier = accounts.verifier(start_up.user)
    try:
        if start_up.amazon_driver:
            _authenticate_md5(channel, verifier)
        else:
            _authenticate_scram(channel, verifier, tls.end_point if tls and channel.encrypted else None)
    except InvalidPassword:
        LOGGER.warning(line("authentication failed", user=start_up.user, database=start_up.database))
        time.sleep(_REFUSAL_SECONDS)
        raise
    channel.send(backend.AUTHENTICATION_OK)


def _authenticate_md5(channel: Channel, verifier: Verifier) -> None:
    salt = secrets.token_bytes(4)
    channel.send(backend.authentication_md5(salt))
    check_md5(verifier, salt, frontend.decode_password(_answer(channel)))


def _authenticate_scram(channel: Channel, verifier: Verifier, end_point: bytes | None) -> None:
    mechanisms = [SCRAM_SHA_256_PLUS, SCRAM_SHA_256] if end_point else [SCRAM_SHA_256]
    channel.send(backend.authentication_sasl(mechanisms))
    mechanism, client_first = frontend.decode_sasl_initial(_answer(channel))
    if mechanism not in mechanisms:
        raise ProtocolViolation("client selected an invalid SASL authentication mechanism")
    exchange = ScramExchange(verifier, end_point=end_point, bound=mechanism == SCRAM_SHA_256_PLUS)
    channel.send(backend.authentication_sasl_continue(exchange.first(client_first)))
    channel.send(backend.authentication_sasl_final(exchange.final(_answer(channel))))


def _answer(channel: Channel) -> bytes:
    channel.flush()
    kind, body = channel.read_message(_MAX_PASSWORD_BYTES)
    if kind != frontend.PASSWORD:
        raise ProtocolViolation(f"expected password response, got message type {kind!r}")
    return body
