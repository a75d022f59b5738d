"""A PostgreSQL server for one benchmark: in a temporary folder, on a socket of its own, gone at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEBIAN = "/usr/lib/postgresql/15/bin"  # Debian keeps initdb out of PATH
_USER = "yardstick"


class Missing(Exception):
    """There is no PostgreSQL on this machine, or nobody who may run it."""


@contextmanager
def running() -> Iterator[str]:
    """The conninfo of a new server with its default settings; raises Missing where none can be started."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    unprivileged = _unprivileged()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if unprivileged:
            shutil.chown(folder, unprivileged["user"], unprivileged["group"])
        data = str(folder / "data")
        # Only its own user can reach the socket's folder: trust lets nobody in who is not in already.
        _run([initdb, "-D", data, "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C"], unprivileged)
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder}"
        _run([pg_ctl, "-D", data, "-w", "-l", str(folder / "log"), "-o", settings, "start"], unprivileged)
        try:
            yield f"host={folder} user={_USER} dbname=postgres"
        finally:
            _run([pg_ctl, "-D", data, "-w", "-m", "fast", "stop"], unprivileged)


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path=_DEBIAN)
    if found is None:
        raise Missing(f"{name} is neither in PATH nor in {_DEBIAN}: install PostgreSQL 15")
    return found


def _unprivileged() -> dict[str, Any]:
    """Whom to become: PostgreSQL does not run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise Missing("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


def _run(arguments: list[str], unprivileged: dict[str, Any]) -> None:
    done = subprocess.run(  # noqa: S603
        arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False, cwd="/", **unprivileged
    )
    if done.returncode:
        raise RuntimeError(f"{Path(arguments[0]).name} failed:\n{done.stderr}")
