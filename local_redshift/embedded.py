"""A warehouse beside this process, for as long as a script needs it.

It runs in a child process, not in a thread: psycopg2 holds Python's lock while it asks for a cancel, so that a server
in the same process could never answer, and Ctrl-C would hang. The child has a session of its own, so the terminal's
Ctrl-C does not reach it, and it ends when its standard input does: also when this process is killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local_redshift.errors import RedshiftError, error_class
from local_redshift.schema import DATABASE

if TYPE_CHECKING:
    from collections.abc import Iterator

_USER = "awsuser"  # the name that Redshift proposes for a cluster's first user
_STOP_SECONDS = 60  # to roll back, and to write a large database file


@dataclass(frozen=True)
class Connection:
    """What psycopg2 needs to connect; the password lives as long as the warehouse and is not shown."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str


@contextmanager
def start(
    database: Path | None = None, s3_root: Path | None = None, *, database_name: str | None = DATABASE
) -> Iterator[Connection]:
    """Serve ``database`` (a file, made when absent; None for memory) on a free port of 127.0.0.1.

    ``s3_root`` is the folder where ``s3://bucket/key`` is ``bucket/key``; None reads S3 itself.
    ``database_name`` is what clients have to call the database; None lets each client call the database and itself
    as it likes: the password alone counts, and current_database() and current_user tell the names that it gave.
    At the end running statements are cancelled, open transactions undone, and the file is complete.
    Raises what Engine raises.
    """
    password = secrets.token_urlsafe(24)
    child = _spawn()
    try:
        order = {
            "database": _text(database),
            "s3_root": _text(s3_root),
            "database_name": database_name,
            "user": _USER,
            "password": password,
        }
        answer = _ask(child, order)
        yield Connection(answer["host"], answer["port"], _USER, password, database_name or DATABASE)
    finally:
        _stop(child)


def _spawn() -> subprocess.Popen[str]:
    # -P and this path: the working directory's modules must not stand in for ours.
    root = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH")) if part)
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "local_redshift.embedded"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": path},
    )


def _ask(child: subprocess.Popen[str], order: dict[str, str | None]) -> dict[str, Any]:
    """Hand the child its order, password included, where no process list shows it; wait until it listens."""
    if child.stdin is None or child.stdout is None:
        raise RedshiftError("the embedded warehouse has no pipes to talk through")
    child.stdin.write(json.dumps(order) + "\n")
    child.stdin.flush()
    line = child.stdout.readline()
    if not line:
        raise RedshiftError(f"the embedded warehouse could not start (exit code {child.wait()})")
    answer: dict[str, Any] = json.loads(line)
    if error := answer.get("error"):
        raise error_class(error.pop("sqlstate"))(**error)
    return answer


def _stop(child: subprocess.Popen[str]) -> None:
    with contextlib.suppress(OSError):
        child.communicate(timeout=_STOP_SECONDS)  # closes its standard input, which ends it
    if child.poll() is None:
        child.kill()
        child.wait()


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path.resolve())


def _serve() -> int:
    """The child: serve what the first line of standard input orders, until that input ends."""
    from local_redshift.engine import Engine
    from local_redshift.network.server import Server

    order = json.loads(sys.stdin.readline())
    try:
        engine = Engine(Path(order["database"]) if order["database"] else None)
    except RedshiftError as error:
        told = {"message": error.message, "detail": error.detail, "hint": error.hint, "sqlstate": error.sqlstate}
        print(json.dumps({"error": told}), flush=True)
        return 1
    try:
        s3_root = Path(order["s3_root"]) if order["s3_root"] else None
        name = order["database_name"]
        users = order["password"] if name is None else {order["user"]: order["password"]}
        server = Server(engine, users=users, database_name=name, s3_root=s3_root)
        server.start()
        try:
            host, port = server.address
            print(json.dumps({"host": host, "port": port}), flush=True)
            sys.stdin.read()
        finally:
            server.stop()
    finally:
        engine.close()
    return 0


if __name__ == "__main__":
    exit_code = _serve()
    sys.stdout.flush()
    # Everything is closed. DuckDB's bindings would go on to complain about what a cancelled query left behind.
    os._exit(exit_code)
