"""The report as a file: whether it can be written there, writing it in one piece, showing it."""

from __future__ import annotations

import os
import webbrowser
from importlib.util import find_spec
from pathlib import Path

from warehouse import command
from warehouse.errors import WarehouseError

_PACKAGES = {"altair": "altair", "jinja2": "jinja2", "ua_parser": "ua-parser", "vl_convert": "vl-convert-python"}


def require_packages() -> None:
    """Raises WarehouseError where requirements.txt was installed before it had those that the page needs."""
    absent = [package for module, package in _PACKAGES.items() if find_spec(module) is None]
    if absent:
        raise WarehouseError(
            f"Not installed, and the report needs it: {', '.join(absent)}.",
            f"{command.python()} -m pip install -r {command.shown(command.ROOT / 'requirements.txt')}",
        )


def wrong(out: Path) -> str:
    """Why no page can be written there; empty where it can."""
    if str(out) == "-":
        return "the page is a file, name one"
    try:
        folder = _target(out).parent
        if out.is_dir():
            return f"that is a folder, name a file in it, such as {out / 'report.html'}"
        if out.exists() and not out.is_file():
            return "that is no ordinary file"
        if not folder.is_dir():
            return f"there is no folder {folder}"
        return "" if os.access(folder, os.W_OK | os.X_OK) else f"nothing can be written into the folder {folder}"
    except (OSError, ValueError) as error:
        return str(getattr(error, "strerror", "") or error)


def write(out: Path, page: str) -> None:
    """In one piece: whoever has the old page open never sees half of the new one. Raises WarehouseError."""
    target = _target(out)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        try:
            with part.open("x", encoding="utf-8") as file:
                file.write(page)
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise WarehouseError(f"The page cannot be written to {out}: {error.strerror}.") from None


def show(out: Path) -> bool:
    """Open it in the browser; whether there is one."""
    return webbrowser.open(address(out))


def address(out: Path) -> str:
    """For the browser's address bar."""
    return Path(os.path.abspath(out)).as_uri()  # noqa: PTH100 - resolve() would follow a link


def _target(out: Path) -> Path:
    """The file itself, where ``out`` is a link to it."""
    return Path(os.path.realpath(out))
