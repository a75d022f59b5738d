"""TLS when there is a certificate: who asks for it gets it, verified as far as the client likes."""

from __future__ import annotations

import base64
import contextlib
import datetime
import hashlib
import logging
import socket
import ssl
import struct
import threading
from typing import TYPE_CHECKING

import psycopg2
import pytest
from certificates import Authority, Pair
from clients import SLOW
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from raw_client import RawClient, error, fields, kinds, query, rows, startup
from standalone import Started, run, started

from local_redshift.embedded import Connection
from local_redshift.errors import ProtocolViolation, RedshiftError
from local_redshift.network import tls
from local_redshift.network.auth import ScramExchange, Verifier

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SSL_REQUEST = struct.pack("!ii", 8, 80877103)
GSSENC_REQUEST = struct.pack("!ii", 8, 80877104)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def pair(authority: Authority) -> Pair:
    return authority.sign()


@pytest.fixture(scope="module")
def server(pair: Pair) -> Iterator[Started]:
    """One for all tests of this file, with a certificate for localhost."""
    with started("--tls-certificate", pair.certificate, "--tls-key", pair.key) as warehouse:
        yield warehouse


def address(server: Started) -> Connection:
    return Connection("127.0.0.1", server.port, "awsuser", server.password, "dev")


# ---------------------------------------------------------------- psycopg2


@pytest.mark.parametrize(
    ("options", "protocol"),
    [
        ({"sslmode": "disable"}, None),
        ({"sslmode": "prefer"}, "TLSv1.3"),
        ({"sslmode": "require"}, "TLSv1.3"),
        ({"sslmode": "verify-ca"}, "TLSv1.3"),
        ({"sslmode": "verify-full", "host": "localhost"}, "TLSv1.3"),
        ({"sslmode": "verify-full"}, "TLSv1.3"),  # 127.0.0.1 is in the certificate
        ({"sslmode": "require", "ssl_max_protocol_version": "TLSv1.2"}, "TLSv1.2"),
        ({"sslmode": "require", "sslnegotiation": "direct"}, "TLSv1.3"),
        ({"sslmode": "verify-full", "channel_binding": "require"}, "TLSv1.3"),
        ({"sslmode": "require", "channel_binding": "prefer"}, "TLSv1.3"),
        ({"sslmode": "require", "channel_binding": "disable"}, "TLSv1.3"),
    ],
)
def test_every_sslmode(server: Started, authority: Authority, options: dict[str, str], protocol: str | None) -> None:
    root = {} if options["sslmode"] == "disable" else {"sslrootcert": str(authority.bundle)}
    connection = server.connect(**options, **root)
    try:
        assert connection.info.ssl_attribute("protocol") == protocol
        with connection.cursor() as cursor:
            cursor.execute("SELECT i, repeat('é', 100) FROM generate_series(1, 50000) AS g(i) ORDER BY i")
            found = cursor.fetchall()
        assert [row[0] for row in found] == list(range(1, 50001))
        assert found[-1][1] == "é" * 100
    finally:
        connection.close()


def test_a_certificate_of_somebody_else_is_refused_by_the_client(server: Started, tmp_path: Path) -> None:
    other = Authority(tmp_path)
    with pytest.raises(psycopg2.OperationalError, match="certificate verify failed"):
        server.connect(sslmode="verify-ca", sslrootcert=str(other.bundle))


@pytest.mark.parametrize("options", [{}, {"sslnegotiation": "direct"}, {"sslmode": "disable"}])
def test_a_cancel_request_travels_as_its_connection_does(server: Started, options: dict[str, str]) -> None:
    connection = server.connect(**{"sslmode": "require"} | options)
    threading.Timer(0.4, connection.cancel).start()
    with connection.cursor() as cursor, pytest.raises(psycopg2.errors.QueryCanceled):
        cursor.execute(SLOW)
    connection.close()


def test_a_wrong_password_over_tls(server: Started) -> None:
    with pytest.raises(psycopg2.OperationalError, match='FATAL:  password authentication failed for user "awsuser"'):
        server.connect(sslmode="require", password="wrong")


def test_without_a_certificate_channel_binding_cannot_be_had() -> None:
    with started() as plain:
        with pytest.raises(psycopg2.OperationalError, match="channel binding required"):
            plain.connect(channel_binding="require")
        with pytest.raises(psycopg2.OperationalError, match="server does not support SSL"):
            plain.connect(sslmode="require")


# ---------------------------------------------------------------- byte by byte


def secured(server: Started, *, alpn: tuple[str, ...] = (), ask: bool = True) -> RawClient:
    """A raw client that has begun TLS and not yet logged in."""
    client = RawClient("127.0.0.1", server.port)
    if ask:
        client.send(SSL_REQUEST)
        assert client.read(1) == b"S"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if alpn:
        context.set_alpn_protocols(alpn)
    client.socket = context.wrap_socket(client.socket)
    return client


def test_a_connection_may_ask_for_one_encryption_after_the_other(server: Started) -> None:
    with RawClient("127.0.0.1", server.port) as client:
        client.send(GSSENC_REQUEST)
        assert client.read(1) == b"N"
        client.send(SSL_REQUEST)
        assert client.read(1) == b"S"
    with secured(server) as client:
        client.send(SSL_REQUEST)  # there is no TLS within TLS
        assert client.read(1) == b"N"
        client.log_in(address(server))
        assert rows(client.ask(query("SELECT 7"))) == [[b"7"]]


def test_plain_text_behind_the_request_is_refused(server: Started) -> None:
    """What somebody between client and server put there must not count as the client's: CVE-2021-23214."""
    with RawClient("127.0.0.1", server.port) as client:
        client.send(SSL_REQUEST + startup({"user": "awsuser", "database": "dev"}))
        assert client.read(1) == b"S"
        kind, body = client.receive()
        assert (kind, fields(body)["C"]) == (b"E", "08P01")
        assert fields(body)["M"] == "received unencrypted data after SSL request"
        assert client.is_closed()


@pytest.mark.parametrize("alpn", [(), ("http/1.1",)])
def test_a_direct_connection_has_to_name_its_protocol(server: Started, alpn: tuple[str, ...]) -> None:
    with secured(server, alpn=alpn, ask=False) as client:
        kind, body = client.receive()
        assert (kind, fields(body)["C"]) == (b"E", "08P01")
        assert "postgresql (ALPN)" in fields(body)["M"]
    with secured(server, alpn=("postgresql",), ask=False) as client:
        client.log_in(address(server))
        assert kinds(client.ask(query("SELECT 1"))) == "TDCZ"


@pytest.mark.parametrize("rubbish", [b"\x16\x03\x01\xff\xffrubbish", b"GET / HTTP/1.1\r\n\r\n", b"\x16"])
def test_rubbish_in_the_handshake_ends_that_connection_alone(server: Started, rubbish: bytes) -> None:
    with RawClient("127.0.0.1", server.port) as client:
        client.send(SSL_REQUEST)
        assert client.read(1) == b"S"
        client.send(rubbish)
        with contextlib.suppress(OSError):  # it may be closed already
            client.socket.shutdown(socket.SHUT_WR)
        assert client.is_closed()
    server.connect(sslmode="require").close()


def test_old_protocols_are_refused(server: Started) -> None:
    with RawClient("127.0.0.1", server.port) as client:
        client.send(SSL_REQUEST)
        assert client.read(1) == b"S"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        with pytest.warns(DeprecationWarning, match="TLSv1_1"):
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        with pytest.raises(ssl.SSLError):
            context.wrap_socket(client.socket).do_handshake()


def test_an_encrypted_session_is_told_that_the_server_stops(pair: Pair) -> None:
    with started("--tls-certificate", pair.certificate, "--tls-key", pair.key) as warehouse:
        assert " TLS," in warehouse.said
        with secured(warehouse) as client:
            client.log_in(address(warehouse))
            code, errors = warehouse.stop()
            kind, body = client.receive()
            assert (kind, fields(body)["C"]) == (b"E", "57P01")
            assert client.is_closed()
        assert code == 0
        assert "Traceback" not in errors


def test_a_late_error_reaches_an_encrypted_client(server: Started) -> None:
    """After a hundred thousand rows, through several records."""
    with secured(server) as client:
        client.log_in(address(server))
        replies = client.ask(query("SELECT 1 / (100000 - i) FROM generate_series(1, 100000) AS g(i)"))
        assert error(replies)["C"] == "22012"
        assert rows(client.ask(query("SELECT 1"))) == [[b"1"]]


# ---------------------------------------------------------------- channel binding


@pytest.mark.parametrize(
    ("algorithm", "name"),
    [
        (hashes.SHA256(), "sha256"),
        (hashes.SHA384(), "sha384"),
        (hashes.SHA512(), "sha512"),
        (hashes.SHA224(), "sha224"),
    ],
)
@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_the_end_point_is_the_certificates_hash(
    kind: str, algorithm: hashes.SHA224 | hashes.SHA256 | hashes.SHA384 | hashes.SHA512, name: str
) -> None:
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    key = rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 1, now, now + datetime.timedelta(days=1))
    ).sign(key, algorithm)
    der = certificate.public_bytes(Encoding.DER)
    assert tls.end_point(der) == hashlib.new(name, der).digest()


def test_a_signature_without_a_hash_has_no_end_point() -> None:
    """Ed25519: PostgreSQL's clients cannot bind to it either, so channel binding is not offered."""
    key, subject = ed25519.Ed25519PrivateKey.generate(), x509.Name([])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 1, now, now + datetime.timedelta(days=1))
    certificate = builder.sign(key, None)
    der = certificate.public_bytes(Encoding.DER)
    assert tls.end_point(der) is None


def test_an_ed25519_certificate_serves_all_the_same(authority: Authority) -> None:
    own = authority.sign("ed25519", key=ed25519.Ed25519PrivateKey.generate())
    with started("--tls-certificate", own.certificate, "--tls-key", own.key) as warehouse:
        warehouse.connect(sslmode="verify-full", sslrootcert=str(authority.bundle)).close()


END_POINT = b"\x01" * 32


@pytest.mark.parametrize(
    ("header", "bound", "end_point"),
    [
        (b"y,,", False, END_POINT),  # a client that was told of no channel binding: somebody took it out
        (b"p=tls-server-end-point,,", False, END_POINT),  # the other mechanism
        (b"n,,", True, END_POINT),
        (b"p=tls-unique,,", True, END_POINT),
        (b"p=tls-server-end-point,,", False, None),
    ],
)
def test_a_header_that_does_not_fit_what_was_offered(header: bytes, bound: bool, end_point: bytes | None) -> None:
    exchange = ScramExchange(Verifier.of("awsuser", "pencil"), end_point=end_point, bound=bound)
    with pytest.raises(ProtocolViolation):
        exchange.first(header + b"n=,r=abc")


def test_a_proof_that_is_bound_to_another_certificate(server: Started) -> None:
    exchange = ScramExchange(Verifier.of("awsuser", "pencil"), end_point=END_POINT, bound=True)
    nonce = exchange.first(b"p=tls-server-end-point,,n=,r=abc").split(b",")[0]
    other = base64.b64encode(b"p=tls-server-end-point,," + b"\x02" * 32)
    with pytest.raises(ProtocolViolation):
        exchange.final(b"c=" + other + b"," + nonce + b",p=" + base64.b64encode(bytes(32)))


# ---------------------------------------------------------------- files that cannot be used


def test_what_cannot_be_used_is_named(authority: Authority, pair: Pair, tmp_path: Path) -> None:
    absent, text = tmp_path / "absent.pem", tmp_path / "notes.txt"
    text.write_text("remember the milk")
    broken = tmp_path / "broken.pem"
    broken.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    other, secret = authority.sign("other"), authority.sign("secret", password=b"open sesame")
    for certificate, key, said in (
        (absent, pair.key, f"certificate file {absent} cannot be read: No such file or directory"),
        (pair.certificate, absent, f"key file {absent} cannot be read: No such file or directory"),
        (text, pair.key, f"{text} holds no certificate in PEM format"),
        (pair.certificate, text, f"{text} holds no private key in PEM format"),
        (pair.certificate, pair.certificate, f"{pair.certificate} holds no private key in PEM format"),
        (pair.certificate, other.key, f"key file {other.key} does not belong to certificate {pair.certificate}"),
        (secret.certificate, secret.key, f"key file {secret.key} is encrypted"),
        (broken, pair.key, f"certificate {broken} and key {pair.key} cannot be used"),
    ):
        with pytest.raises(RedshiftError) as caught:
            tls.load(certificate, key)
        assert said in caught.value.message
        assert caught.value.hint or "cannot be read" in said
    assert "open sesame" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "options", "reason"),
    [
        ("expired", {"valid_for": datetime.timedelta(days=-1)}, "certificate has expired"),
        ("purpose", {"usage": ExtendedKeyUsageOID.CLIENT_AUTH}, "unsuitable certificate purpose"),
    ],
)
def test_a_certificate_that_no_client_will_trust_is_warned_of(
    authority: Authority, name: str, options: dict[str, object], reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    own = authority.sign(name, **options)  # type: ignore[arg-type]
    tls.load(own.certificate, own.key)
    (record,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert str(own.certificate) in record.message
    assert reason in record.message


def test_a_good_certificate_is_not_warned_of(pair: Pair, caplog: pytest.LogCaptureFixture) -> None:
    loaded = tls.load(pair.certificate, pair.key)
    assert not caplog.records
    assert repr(loaded) == "Tls()"


def test_the_command_says_what_is_wrong(pair: Pair, tmp_path: Path) -> None:
    done = run("--port", 0, "--tls-certificate", pair.certificate, "--tls-key", tmp_path / "absent")
    assert (done.returncode, done.stdout) == (1, "")
    assert "absent cannot be read: No such file or directory" in done.stderr
    for alone in (("--tls-certificate", pair.certificate), ("--tls-key", pair.key)):
        done = run(*alone)
        assert done.returncode == 2
        assert "--tls-certificate and --tls-key go together" in done.stderr
