"""A configuration file read and put into its place again, in one step or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.command import shown
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

_NEW_MODE = 0o600  # a password may come into it


def read(file: Path) -> str:
    """Raises ConfigError, OSError."""
    try:
        return file.read_bytes().decode()
    except UnicodeDecodeError:
        raise ConfigError(f"{file} is not UTF-8 text.") from None


def write(file: Path, text: str, prove: Callable[[Path], None]) -> None:
    """Put ``text`` into the place of the file in one step, once ``prove`` has found it right in another file.

    A link stays a link; mode and, where we may, owner stay. Raises OSError; ConfigError as ``prove`` does.
    """
    target = file.resolve()
    check_writable(target)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(text.encode())
            _like(target, out.fileno())
            out.flush()
            os.fsync(out.fileno())
        prove(temporary)
        temporary.replace(target)
    except ConfigError as error:
        raise ConfigError(error.message.replace(name, shown(file))) from None
    finally:
        temporary.unlink(missing_ok=True)


def check_writable(target: Path) -> None:
    """A file that is read-only was meant to be, even where replacing it would work (and for root)."""
    if target.exists() and not (target.stat().st_mode & 0o222 and os.access(target, os.W_OK)):
        raise PermissionError(13, "it is read-only")


def _like(target: Path, descriptor: int) -> None:
    if not target.exists():
        os.fchmod(descriptor, _NEW_MODE)
        return
    old = target.stat()
    with suppress(PermissionError):
        os.fchown(descriptor, old.st_uid, old.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
