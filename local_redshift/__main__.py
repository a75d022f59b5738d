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
from local_redshift.passwords import passfile, read_password
from local_redshift.schema import DATABASE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_redshift.engine import Engine

_EPILOG = """\
example:
  python -m local_redshift --database warehouse.duckdb --s3-root sample_data/s3
  and then, in another terminal, the psql line that it prints

exit codes: 0 stopped by Ctrl-C or SIGTERM, 1 could not start, 2 wrong usage
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C or SIGTERM; returns the exit code."""
    options = _parser().parse_args(arguments)
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
        "--user", type=_user, default="awsuser", metavar="NAME", help="user name (default: %(default)s)"
    )
    parser.add_argument(
        "--password-file", type=Path, metavar="FILE", help="file with the password (default: a new one for each run)"
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
    from local_redshift.engine import Engine

    engine = Engine(options.database)
    try:
        _serve(options, password, engine, stop)
    finally:
        engine.close()


def _serve(options: argparse.Namespace, password: str, engine: Engine, stop: threading.Event) -> None:
    from local_redshift.server import Server

    try:
        server = Server(
            engine, host=options.host, port=options.port, users={options.user: password}, s3_root=options.s3_root
        )
        server.start()
    except (OSError, ValueError) as error:
        raise _cannot_listen(options.host, options.port, error) from error
    try:
        host, port = server.address
        with passfile(port, options.user, password) as file:
            print(_how_to_connect(host, port, options.user, file), flush=True)
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


def _how_to_connect(host: str, port: int, user: str, file: Path) -> str:
    values = {"host": host, "port": str(port), "user": user, "dbname": DATABASE, "passfile": str(file)}
    conninfo = " ".join(f"{name}={_conninfo_value(value)}" for name, value in values.items())
    return f"""\
The warehouse is ready. Connect with
  psql {shlex.quote(conninfo)}
  psycopg2.connect({conninfo!r})
Other clients: host {host}, port {port}, database {DATABASE}, user {user}, no TLS,
and the password after the last colon in {file}
Ctrl-C stops it."""


def _conninfo_value(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'" if escaped != value or " " in value else value


if __name__ == "__main__":
    sys.exit(main())
