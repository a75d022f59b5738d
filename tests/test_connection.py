"""To the cluster over TLS, to the laptop, and what is said when there is no way in."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from warehouse import connection
from warehouse.config import Settings
from warehouse.errors import ConnectionFailed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from local_redshift import embedded


def cluster(host: str, port: int, *, sslmode: str = "prefer", sslrootcert: str = "") -> Settings:
    return Settings(host=host, port=port, user="dwhuser", password="s3cretPw", sslmode=sslmode, sslrootcert=sslrootcert)


def refusal(settings: Settings) -> str:
    with pytest.raises(ConnectionFailed) as caught, connection.connect(settings):
        pass
    text = f"{caught.value.message}\n{caught.value.hint}"
    assert "s3cretPw" not in text
    return text


def test_the_laptop_needs_nothing_but_a_file(tmp_path: Path) -> None:
    settings = Settings(local_database=tmp_path / "w.duckdb", s3_root=tmp_path)
    with connection.connect(settings) as warehouse, warehouse.connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (i INT)")
        warehouse.connection.commit()
        assert warehouse.connection.info.server_version == 80002
    with connection.connect(settings) as warehouse, warehouse.connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM t")
        assert cursor.fetchone() == (0,)


def test_a_server_somewhere_else(warehouse: embedded.Connection) -> None:
    settings = Settings(
        host=warehouse.host,
        port=warehouse.port,
        user=warehouse.user,
        password=warehouse.password,
        database=warehouse.database,
        sslmode="prefer",
    )
    with connection.connect(settings) as opened:
        parameters = opened.connection.info.dsn_parameters
    assert parameters["keepalives_idle"] == "60"
    assert parameters["application_name"] == "sparkify-warehouse"
    assert warehouse.password not in str(parameters)


def test_wrong_password(warehouse: embedded.Connection) -> None:
    text = refusal(cluster(warehouse.host, warehouse.port))
    assert "password authentication failed" in text
    assert "Check DB_USER and DB_PASSWORD." in text


def test_nothing_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    text = refusal(cluster("127.0.0.1", port))
    assert f"No connection to 127.0.0.1:{port} as dwhuser" in text
    assert "Nothing listens there" in text


def test_no_such_host() -> None:
    assert "No such host" in refusal(cluster("no-such-cluster.invalid", 5439))


def test_a_host_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CONNECT_TIMEOUT", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        text = refusal(cluster("127.0.0.1", silent.getsockname()[1]))
    for cause in ("security group", "publicly accessible", "paused", "DB_PORT", "VPN"):
        assert cause in text


def test_a_server_without_tls_is_not_spoken_to(warehouse: embedded.Connection) -> None:
    text = refusal(cluster(warehouse.host, warehouse.port, sslmode="verify-full"))
    assert "does not support SSL" in text
    assert "SSLMODE = disable" in text


def test_a_certificate_of_nobody_we_trust(tmp_path: Path) -> None:
    with tls_server(tmp_path, "localhost") as port:
        text = refusal(cluster("localhost", port, sslmode="verify-full"))
    assert "certificate verify failed" in text
    assert "SSLROOTCERT" in text


def test_a_certificate_for_another_name(tmp_path: Path) -> None:
    with tls_server(tmp_path, "cluster.example") as port:
        text = refusal(cluster("localhost", port, sslmode="verify-full", sslrootcert=str(tmp_path / "certificate.pem")))
    assert "does not match host name" in text
    assert "verify-ca" in text


def test_the_roots_in_sslrootcert_are_trusted(tmp_path: Path) -> None:
    with tls_server(tmp_path, "localhost") as port:
        text = refusal(cluster("localhost", port, sslmode="verify-full", sslrootcert=str(tmp_path / "certificate.pem")))
    assert "certificate" not in text  # the server ends the talk after the handshake


def test_a_root_certificate_that_is_not_there(tmp_path: Path) -> None:
    missing = str(tmp_path / "none.pem")
    text = refusal(cluster("localhost", 1, sslmode="verify-full", sslrootcert=missing))
    assert f"there is no file {missing}" in text


def test_the_bundled_roots_hold_those_of_amazon() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(connection._bundled_roots())
    assert "Amazon Root CA 1" in str(context.get_ca_certs())


@contextmanager
def tls_server(folder: Path, name: str) -> Iterator[int]:
    """A server that agrees to TLS, shows a certificate of its own for ``name``, and hangs up after it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(folder, name))

    def serve(listener: socket.socket) -> None:
        client, _ = listener.accept()
        with client:
            client.recv(8)  # SSLRequest
            client.sendall(b"S")
            try:
                with context.wrap_socket(client, server_side=True) as secure:
                    secure.recv(1)
            except OSError:
                return  # the client refused the certificate

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield listener.getsockname()[1]
        thread.join(timeout=10)


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths
