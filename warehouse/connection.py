"""Settings -> a psycopg2 connection: to the cluster, or to a warehouse started here for the length of a script."""

from __future__ import annotations

import re
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg2
from psycopg2.extensions import set_wait_callback

from warehouse.credentials import with_password
from warehouse.errors import ConnectionFailed
from warehouse.interrupts import CtrlC
from warehouse.redaction import redact
from warehouse.remedies import CONNECTING, PASSWORD_FROM_AWS, remedy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg2.extensions import connection as Connection  # noqa: N812

    from warehouse.config import Settings

CONNECT_TIMEOUT = 10  # seconds

# A long COPY is silent, and NAT gateways and load balancers drop silent connections after 350 s.
# https://docs.aws.amazon.com/redshift/latest/mgmt/connecting-firewall-guidance.html
KEEPALIVES = {"keepalives": 1, "keepalives_idle": 60, "keepalives_interval": 30, "keepalives_count": 6}


@dataclass(frozen=True)
class Warehouse:
    """An open connection and what goes with it."""

    connection: Connection
    settings: Settings
    ctrl_c: CtrlC


@contextmanager
def connect(settings: Settings) -> Iterator[Warehouse]:
    """The warehouse that ``settings`` mean; closed at the end, and what was not committed rolled back.

    Where dwh.cfg has no password, AWS is asked for one. Raises ConnectionFailed.
    """
    settings = with_password(settings)
    opened = _laptop(settings) if settings.on_laptop else _cluster(settings)
    with opened as connection:
        ctrl_c = CtrlC()
        # Only now: the callback would switch off connect_timeout.
        set_wait_callback(ctrl_c)
        try:
            yield Warehouse(connection, settings, ctrl_c)
        finally:
            set_wait_callback(None)


@contextmanager
def _cluster(settings: Settings) -> Iterator[Connection]:
    with closing(
        _open(
            settings,
            host=settings.host,
            port=settings.port,
            dbname=settings.database,
            user=settings.user,
            password=settings.password,
            **_tls(settings),
        )
    ) as connection:
        yield connection


@contextmanager
def _laptop(settings: Settings) -> Iterator[Connection]:
    from local_redshift.embedded import start
    from local_redshift.errors import RedshiftError

    with ExitStack() as stack:
        try:
            place = stack.enter_context(start(settings.local_database, settings.s3_root))
        except RedshiftError as error:
            raise ConnectionFailed(f"{error.message.rstrip('.')}.", error.hint or "") from None
        connection = _open(
            settings,
            host=place.host,
            port=place.port,
            dbname=place.database,
            user=place.user,
            password=place.password,
            sslmode="disable",
        )
        yield stack.enter_context(closing(connection))


def _open(settings: Settings, **parameters: Any) -> Connection:
    common: dict[str, Any] = {
        **KEEPALIVES,
        "connect_timeout": CONNECT_TIMEOUT,
        "application_name": "sparkify-warehouse",
    }
    try:
        connection: Connection = psycopg2.connect(**parameters, **common)
    except psycopg2.Error as error:
        raise _explained(settings, str(error), parameters) from None
    return connection


def _explained(settings: Settings, text: str, parameters: dict[str, Any]) -> ConnectionFailed:
    reason = redact(_reason(text), settings.password, parameters["password"])
    given = f" ({settings.login_from})" if settings.login_from else ""
    return ConnectionFailed(
        f"No connection to {parameters['host']}:{parameters['port']} as {parameters['user']}{given}: {reason}",
        remedy(PASSWORD_FROM_AWS if given else {}, text) or remedy(CONNECTING, text),
    )


def _reason(text: str) -> str:
    """libpq's message without what we say anyway: one line for each address of the host, at most."""
    lines = [re.sub(r"^.*? failed: (FATAL:\s+)?", "", line).strip() for line in text.splitlines()]
    return "; ".join(dict.fromkeys(line for line in lines if line))


def _tls(settings: Settings) -> dict[str, str]:
    """sslmode, and for the verifying ones the roots to trust.

    libpq's own ``sslrootcert=system`` finds none in the psycopg2-binary wheel, whose OpenSSL looks in the folder
    it was built in. boto3 ships Mozilla's list, Amazon's roots among them.
    """
    if not settings.sslmode.startswith("verify"):
        return {"sslmode": settings.sslmode}
    roots = Path(settings.sslrootcert) if settings.sslrootcert else _bundled_roots()
    if not roots.is_file():
        raise ConnectionFailed(
            f"SSLMODE = {settings.sslmode} needs root certificates, and there is no file {roots}.",
            "Set SSLROOTCERT to a PEM file, such as AWS's amazon-trust-ca-bundle.crt, or leave it empty.",
        )
    return {"sslmode": settings.sslmode, "sslrootcert": str(roots)}


def _bundled_roots() -> Path:
    botocore = find_spec("botocore")
    if botocore is None or botocore.origin is None:
        raise ConnectionFailed(
            "SSLMODE = verify-full needs root certificates, and boto3, which brings them, is not installed.",
            "Run pip install -r requirements.txt, or set SSLROOTCERT to a PEM file.",
        )
    return Path(botocore.origin).with_name("cacert.pem")
