"""TLS, for who brings a certificate and its key.

https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL, https://www.rfc-editor.org/rfc/rfc5929
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from local_redshift.errors import RedshiftError
from local_redshift.logs import LOGGER, line

if TYPE_CHECKING:
    from pathlib import Path

ALPN = "postgresql"
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_MAKE_ONE = (
    "A pair is made by: openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost"
    " -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout KEY -out CERTIFICATE"
)

# The hash that a signature algorithm uses, by its object identifier in DER; RFC 5929 takes SHA-256 for weak ones.
_RSA, _ECDSA = "2a864886f70d0101", "2a8648ce3d04"
_HASHES = {
    f"{_RSA}04": "sha256",
    f"{_RSA}05": "sha256",
    f"{_RSA}0b": "sha256",
    f"{_RSA}0c": "sha384",
    f"{_RSA}0d": "sha512",
    f"{_RSA}0e": "sha224",
    f"{_ECDSA}01": "sha256",
    f"{_ECDSA}0301": "sha224",
    f"{_ECDSA}0302": "sha256",
    f"{_ECDSA}0303": "sha384",
    f"{_ECDSA}0304": "sha512",
}


@dataclass(frozen=True)
class Tls:
    """What a server needs; ``end_point`` is the certificate's hash for channel binding, None where it has none."""

    context: ssl.SSLContext = field(repr=False)
    end_point: bytes | None = field(repr=False)


def load(certificate: Path, key: Path) -> Tls:
    """Read a certificate (with its chain) and its unencrypted key, both PEM files.

    Logs a warning for a certificate that clients will not trust whoever signed it: an expired one, say.
    Raises RedshiftError for files that are missing, are something else, or do not belong together.
    """
    leaf = _CERTIFICATE.search(_read(certificate, "certificate"))
    if leaf is None:
        raise RedshiftError(f"{certificate} holds no certificate in PEM format", hint=_MAKE_ONE)
    if "PRIVATE KEY-----" not in _read(key, "key"):
        raise RedshiftError(f"{key} holds no private key in PEM format", hint=_MAKE_ONE)
    context = _context(certificate, key)
    if doubt := _doubt(context, leaf[0]):
        LOGGER.warning(line("clients that verify the certificate will refuse it", file=certificate, reason=doubt))
    return Tls(context, end_point(ssl.PEM_cert_to_DER_cert(leaf[0])))


def end_point(certificate: bytes) -> bytes | None:
    """The hash of a certificate (DER) that RFC 5929 calls tls-server-end-point; None where its signature has no hash.

    Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm SEQUENCE { OBJECT IDENTIFIER, ... }, ... }
    """
    algorithm = _contents(_contents(_contents(certificate)[0])[1])[0]
    name = _HASHES.get(algorithm.hex())
    return hashlib.new(name, certificate).digest() if name else None


def _contents(der: bytes) -> list[bytes]:
    """What the values that follow each other in ``der`` contain."""
    found = []
    while der:
        size, start = der[1], 2
        if size & 0x80:
            start += size & 0x7F
            size = int.from_bytes(der[2:start], "big")
        found.append(der[start : start + size])
        der = der[start + size :]
    return found


def _read(file: Path, what: str) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise RedshiftError(f"{what} file {file} cannot be read: {error.strerror}") from None


def _context(certificate: Path, key: Path) -> ssl.SSLContext:
    def encrypted() -> NoReturn:
        raise RedshiftError(
            f"key file {key} is encrypted", hint=f"openssl pkey -in {key} -out PLAIN writes one that is not."
        )

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols([ALPN])
    # A read that stop_reading() ends must leave the other direction usable: there is a farewell to be sent.
    context.options |= ssl.OP_IGNORE_UNEXPECTED_EOF
    try:
        context.load_cert_chain(certificate, key, password=encrypted)
    except ssl.SSLError as error:
        if error.reason in {"KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH"}:
            raise RedshiftError(
                f"key file {key} does not belong to certificate {certificate}",
                hint="Name the key that it was made with.",
            ) from None
        reason = (error.reason or str(error)).replace("_", " ").lower()
        raise RedshiftError(
            f"certificate {certificate} and key {key} cannot be used: {reason}", hint=_MAKE_ONE
        ) from None
    return context


def _doubt(server: ssl.SSLContext, certificate: str) -> str | None:
    """Why a client that trusts this very certificate would refuse it: a handshake in memory tells."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    client.load_verify_locations(cadata=certificate)
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = client.wrap_bio(to_client, to_server), server.wrap_bio(to_server, to_client, server_side=True)
    try:
        for end in ends * 2:
            with contextlib.suppress(ssl.SSLWantReadError):
                end.do_handshake()
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    return None
