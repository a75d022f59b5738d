"""``python -m local_redshift``: a Redshift on this laptop for psql, notebooks and BI tools."""

from __future__ import annotations

import argparse
import errno
import logging
import shlex
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from local_redshift.errors import RedshiftError
from local_redshift.network.passwords import passfile, read_password
from local_redshift.schema import DATABASE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_redshift.engine import Engine
    from local_redshift.network.tls import Tls

_LONGEST_NAME = 127  # bytes: https://docs.aws.amazon.com/redshift/latest/dg/r_names.html

_EPILOG = """\
example:
  python -m local_redshift --database warehouse.duckdb --s3-root sample_data/s3
  and then, in another terminal, the psql line that it prints

example with TLS, for clients that insist on it:
  openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -subj /CN=localhost \\
      -addext subjectAltName=DNS:localhost,IP:127.0.0.1
  python -m local_redshift --tls-certificate certificate.pem --tls-key key.pem
  psql 'host=localhost port=5439 dbname=dev user=awsuser sslmode=verify-full sslrootcert=certificate.pem'

to run a script with its psycopg2 connections led here, see
  python -m local_redshift run --help

exit codes: 0 stopped by Ctrl-C or SIGTERM, 1 could not start, 2 wrong usage
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C or SIGTERM; returns the exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] == ["run"]:
        from local_redshift import run

        return run.main(words[1:])
    parser = _parser()
    options = parser.parse_args(words)
    if (options.tls_certificate is None) != (options.tls_key is None):
        parser.error("--tls-certificate and --tls-key go together")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    try:
        _run(options, _stop_event())
    except RedshiftError as error:
        print(f"local_redshift: {error.message}. {error.hint or ''}".rstrip(), file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local_redshift",
        description="A Redshift on this laptop: Redshift SQL over the PostgreSQL protocol, COPY included, on DuckDB.",
        epilog=_EPILOG,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="loopback address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=5439, help="port, 0 for a free one (default: %(default)s)")
    parser.add_argument(
        "--database", type=Path, metavar="FILE", help="database file, made when absent (default: in memory)"
    )
    parser.add_argument(
        "--s3-root", type=Path, metavar="DIR", help="read s3://bucket/key from DIR/bucket/key (default: from S3)"
    )
    parser.add_argument(
        "--dbname",
        type=_dbname,
        default=DATABASE,
        metavar="NAME",
        help="what clients call the database (default: %(default)s)",
    )
    parser.add_argument(
        "--user", type=_user, default="awsuser", metavar="NAME", help="user name (default: %(default)s)"
    )
    parser.add_argument(
        "--password-file", type=Path, metavar="FILE", help="file with the password (default: a new one for each run)"
    )
    parser.add_argument(
        "--tls-certificate", type=Path, metavar="FILE", help="certificate (PEM, with its chain) to offer TLS with"
    )
    parser.add_argument(
        "--tls-key", type=Path, metavar="FILE", help="the certificate's private key (PEM, not encrypted)"
    )
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port: 0 to 65535")
    return int(text)


def _user(text: str) -> str:
    if not text or not text.isprintable():
        raise argparse.ArgumentTypeError("a user name is one or more printable characters")
    return text


def _dbname(text: str) -> str:
    if not text or not text.isprintable() or len(text.encode()) > _LONGEST_NAME or text != text.lower():
        raise argparse.ArgumentTypeError(
            f"a database name is 1 to {_LONGEST_NAME} printable characters, in lower case as Redshift keeps names"
        )
    return text


def _stop_event() -> threading.Event:
    """Set by the first Ctrl-C or SIGTERM; the second ends the process as usual."""
    event = threading.Event()

    def handle(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        event.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)
    return event


def _run(options: argparse.Namespace, stop: threading.Event) -> None:
    password = read_password(options.password_file)
    if options.s3_root is not None and not options.s3_root.is_dir():
        raise RedshiftError(f"{options.s3_root} is not a folder", hint="--s3-root names the folder with the buckets.")
    tls = _tls(options)
    from local_redshift.engine import Engine

    engine = Engine(options.database)
    try:
        _serve(options, password, tls, engine, stop)
    finally:
        engine.close()


def _tls(options: argparse.Namespace) -> Tls | None:
    if options.tls_certificate is None:
        return None
    from local_redshift.network.tls import load

    return load(options.tls_certificate, options.tls_key)


def _serve(options: argparse.Namespace, password: str, tls: Tls | None, engine: Engine, stop: threading.Event) -> None:
    from local_redshift.network.server import Server

    try:
        server = Server(
            engine,
            host=options.host,
            port=options.port,
            users={options.user: password},
            database_name=options.dbname,
            s3_root=options.s3_root,
            tls=tls,
        )
        server.start()
    except (OSError, ValueError) as error:
        raise _cannot_listen(options.host, options.port, error) from error
    try:
        host, port = server.address
        with passfile(port, options.user, password) as file:
            print(_how_to_connect(host, port, options, file), flush=True)
            while not stop.wait(1.0):  # without a time limit Windows would not hear Ctrl-C
                continue
            print("Stopping.", flush=True)
    finally:
        server.stop()


def _cannot_listen(host: str, port: int, error: OSError | ValueError) -> RedshiftError:
    if isinstance(error, ValueError):
        return RedshiftError(str(error), hint="Leave --host out.")
    if error.errno == errno.EADDRINUSE:
        return RedshiftError(
            f"port {port} is taken by another program", hint="Choose another with --port; 0 takes a free one."
        )
    return RedshiftError(f"cannot listen on {host}:{port}: {error.strerror}")


def _how_to_connect(host: str, port: int, options: argparse.Namespace, file: Path) -> str:
    user, database, tls = options.user, options.dbname, "TLS" if options.tls_certificate else "no TLS"
    values = {"host": host, "port": str(port), "user": user, "dbname": database, "passfile": str(file)}
    conninfo = " ".join(f"{name}={_conninfo_value(value)}" for name, value in values.items())
    return f"""\
The warehouse is ready. Connect with
  psql {shlex.quote(conninfo)}
  psycopg2.connect({conninfo!r})
Other clients: host {host}, port {port}, database {database}, user {user}, {tls},
and the password after the last colon in {file}
Ctrl-C stops it."""


def _conninfo_value(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'" if escaped != value or " " in value else value


if __name__ == "__main__":
    sys.exit(main())
