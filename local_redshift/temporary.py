"""Temporary folders of the user's own. What a killed process left behind goes when the next folder is made."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

try:
    import fcntl
except ImportError:  # Windows, where what a killed process left behind stays
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = "local-redshift-"
_YOUNG_SECONDS = 60.0  # a folder may not be locked yet


@contextmanager
def temporary_folder(purpose: str) -> Iterator[Path]:
    """A folder that only this user can open, gone at the end. Raises OSError."""
    _sweep()
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{purpose}-") as name:
        lock = _lock(Path(name))
        try:
            yield Path(name)
        finally:
            if lock is not None:
                os.close(lock)


def _sweep() -> None:
    """A lock ends with its process, also where process ids mean nothing: in containers that share a folder."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            if time.time() - folder.stat().st_mtime < _YOUNG_SECONDS:
                continue
            lock = _lock(folder)
        except OSError:  # somebody else's, or just gone
            continue
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _lock(folder: Path) -> int | None:
    """The descriptor that holds the folder's lock; None where another process holds it, or nothing can."""
    if fcntl is None:
        return None
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
