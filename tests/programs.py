"""Programs and files that some tests need beside Python: skipped where absent, but never in continuous integration."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest


def program(name: str) -> str:
    """The path of a program; without it the test is skipped, and fails when CI=true."""
    return shutil.which(name) or missing(f"the program {name} is not on this machine")


def file(path: str) -> str:
    """The same for a file that a package of the system brings."""
    return path if Path(path).exists() else missing(f"the file {path} is not on this machine")


def missing(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
