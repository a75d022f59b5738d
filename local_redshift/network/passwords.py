"""The password of ``python -m local_redshift``: never an argument, never printed, always a file of the user's own.

https://www.postgresql.org/docs/current/libpq-pgpass.html
"""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from local_redshift.errors import InvalidPassword
from local_redshift.logs import LOGGER, line
from local_redshift.temporary import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OTHERS = 0o077


def read_password(file: Path | None) -> str:
    """The one line of ``file``, or a new random password without one.

    Raises InvalidPassword where there is no such line.
    """
    if file is None:
        return secrets.token_urlsafe(24)
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise InvalidPassword(f"password file {file} cannot be read: {reason}") from None
    if len(lines) != 1 or not lines[0]:
        raise InvalidPassword(
            f"password file {file} has {len(lines)} lines", hint="Write the password into it, and nothing else."
        )
    if os.name == "posix" and file.stat().st_mode & _OTHERS:
        LOGGER.warning(line("others can read the password file: chmod 600 helps", file=file))
    return lines[0]


@contextmanager
def passfile(port: int, user: str, password: str) -> Iterator[Path]:
    """A password file for libpq (psql, psycopg2), in a folder that only this user can open; gone at the end."""
    with temporary_folder("password") as folder:
        path = folder / "pgpass"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"*:{port}:*:{_escape(user)}:{_escape(password)}\n")
        yield path


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace(":", "\\:")
