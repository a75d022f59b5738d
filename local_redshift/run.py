"""``python -m local_redshift run``: any script that reaches Redshift by psycopg2 (or Amazon's driver), on this laptop.

The script is a process of its own, so that it sees what it would see without us: its arguments, its folder, its
``__main__``. Python imports ``leading/sitecustomize.py`` at its start, which leads the drivers here.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from local_redshift import embedded
from local_redshift.errors import RedshiftError
from local_redshift.leading.sitecustomize import CONNECTION_VARIABLE
from local_redshift.temporary import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DEFAULT_DATABASE = Path("local_redshift.duckdb")
_LEADING = Path(__file__).resolve().parent / "leading"
_EPILOG = """\
examples, in the folder of any project with a create_tables.py and an etl.py:
  python -m local_redshift run create_tables.py
  python -m local_redshift run --s3-root ../buckets etl.py
  python -m local_redshift run --database warehouse.duckdb -m project.load --day 2018-11-01

Whatever host, user and password the script passes to psycopg2 or redshift_connector, it reaches the laptop, and the
tables stay in the database file between runs. COPY reads S3 with the credentials that boto3 finds, or a folder with
--s3-root.

exit codes: the script's own; 1 also when the warehouse could not start, 2 for wrong usage
"""


def main(arguments: Sequence[str]) -> int:
    """Run the script that ``arguments`` name; returns its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    command = _command(parser, options)
    started = datetime.now(UTC).replace(tzinfo=None)
    try:
        with embedded.start(options.database, options.s3_root, database_name=None) as warehouse:
            code, seconds = _run(command, warehouse)
            if not options.quiet:
                _tell(warehouse, options, command, code, seconds, started)
    except RedshiftError as error:
        print(f"local_redshift run: {error.message}. {error.hint or ''}".rstrip(), file=sys.stderr)
        return 1
    if code < 0:
        _die_by(-code)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local_redshift run",
        usage="%(prog)s [--database FILE] [--s3-root DIR] [--quiet] (SCRIPT | -m MODULE) [ARGUMENTS ...]",
        description="Run a script unchanged, with its psycopg2 connections led to a Redshift on this laptop.",
        epilog=_EPILOG,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--database",
        type=Path,
        default=DEFAULT_DATABASE,
        metavar="FILE",
        help="database file, made when absent (default: %(default)s in the current folder)",
    )
    parser.add_argument(
        "--s3-root", type=_folder, metavar="DIR", help="read s3://bucket/key from DIR/bucket/key (default: from S3)"
    )
    parser.add_argument("--quiet", action="store_true", help="no summary after the script's own output")
    parser.add_argument("-m", dest="module", nargs=argparse.REMAINDER, metavar="MODULE", help="run a module")
    parser.add_argument("script", nargs=argparse.REMAINDER, metavar="SCRIPT", help="script and its arguments")
    return parser


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"{text} is not a folder")
    return Path(text)


def _command(parser: argparse.ArgumentParser, options: argparse.Namespace) -> list[str]:
    """What Python is to run."""
    if options.module:
        return ["-m", *options.module]
    if options.module is not None:
        parser.error("-m needs the name of a module")
    if not options.script:
        parser.error("which script? For example: python -m local_redshift run etl.py")
    script = Path(options.script[0])
    if script.suffix == ".ipynb":
        parser.error(f"{script} is a notebook; run it with -m jupyter nbconvert --to notebook --execute {script}")
    if not script.exists():
        parser.error(f"{script} does not exist in {Path.cwd()}")
    return list(options.script)


def _run(command: Sequence[str], warehouse: embedded.Connection) -> tuple[int, float]:
    """The exit code, -N for signal N, and the seconds that it took."""
    began = time.monotonic()
    with _connection_file(warehouse) as file:
        path = os.pathsep.join(part for part in (str(_LEADING), os.environ.get("PYTHONPATH")) if part)
        process = subprocess.Popen(  # noqa: S603 - the user's own script is what is asked for
            [sys.executable, *command], env={**os.environ, "PYTHONPATH": path, CONNECTION_VARIABLE: str(file)}
        )
        with _signals_left_to(process):
            return process.wait(), time.monotonic() - began


@contextmanager
def _connection_file(warehouse: embedded.Connection) -> Iterator[Path]:
    """How to reach the warehouse, password included, in a file that only this user can read."""
    parameters = {
        "host": warehouse.host,
        "port": str(warehouse.port),
        "user": warehouse.user,
        "password": warehouse.password,
        "dbname": warehouse.database,
        "sslmode": "disable",
    }
    with temporary_folder("run") as folder:
        file = folder / "connection.json"
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            json.dump(parameters, opened)
        yield file


@contextmanager
def _signals_left_to(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Ctrl-C reaches the script through the terminal; SIGTERM is handed on. How it ends is the script's decision."""
    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, signal.SIG_IGN),
        signal.SIGTERM: signal.signal(signal.SIGTERM, lambda *_: process.terminate()),
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _die_by(number: int) -> None:
    """End as the script ended, so that a shell or a scheduler sees the same."""
    with contextlib.suppress(OSError):  # SIGKILL cannot be caught, so there is nothing to undo
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _tell(
    warehouse: embedded.Connection,
    options: argparse.Namespace,
    command: Sequence[str],
    code: int,
    seconds: float,
    started: datetime,
) -> None:
    """What happened and what can be done next, on standard error: standard output is the script's."""
    from local_redshift.run_report import report

    shown = shlex.join(["python", *command])
    ended = "done" if code == 0 else f"ended by signal {-code}" if code < 0 else f"failed with exit code {code}"
    lines = [f"\nlocal_redshift run: {shown} {ended} after {seconds:.1f} s"]
    print("\n".join(lines + report(warehouse, options.database, started)), file=sys.stderr)
