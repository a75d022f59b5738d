"""dl.cfg after ``lake.py up`` and ``down``: the line of OUTPUT_DATA, which names the bucket that was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data_lake.settings import KEYS, place
from infrastructure.dwh_cfg import lines
from infrastructure.dwh_cfg.file import read, write
from infrastructure.plan import Change, Sign
from warehouse.command import shown
from warehouse.config_file import Reader
from warehouse.errors import ConfigError, WarehouseError

if TYPE_CHECKING:
    from pathlib import Path

    from infrastructure.emr.stack import LakeStack

OUTPUT = KEYS["output"]


def plan_filled(stack: LakeStack) -> list[Change]:
    """What writes OUTPUT_DATA where dl.cfg is there and tells none. Raises AwsFailed.

    ``apply`` raises WarehouseError where the file cannot be written: that holds the line.
    """
    file = stack.settings.file
    if stack.settings.output or not file.exists() or any(lines.values(read(file), OUTPUT)):
        return []
    line = f"OUTPUT_DATA = {stack.output}"
    return [Change(Sign.CHANGE, shown(file), (line,), lambda: _write(file, stack.output))]


def plan_blanked(stack: LakeStack) -> list[Change]:
    """What empties OUTPUT_DATA where it is in the bucket that goes. Raises as ``plan_filled`` does."""
    file = stack.settings.file
    if not file.exists() or stack.output not in lines.values(read(file), OUTPUT):
        return []
    return [Change(Sign.CHANGE, shown(file), ("OUTPUT_DATA emptied",), lambda: _write(file, "", stack.output))]


def _write(file: Path, new: str, old: str = "") -> None:
    """Once more from the file, which may have been edited since the plan."""
    try:
        text = read(file)
        text = lines.put(text, OUTPUT, new) if new else lines.blank(text, OUTPUT, lambda value: value == old)
        write(file, text, lambda written: _prove(written, new))
    except (OSError, ConfigError) as error:
        reason = error.message if isinstance(error, ConfigError) else (error.strerror or str(error))
        raise WarehouseError(
            f"{shown(file)} was left as it is: {reason.rstrip('.')}.", f"Write by hand:\nOUTPUT_DATA = {new}".rstrip()
        ) from None


def _prove(file: Path, new: str) -> None:
    """Read the file as the scripts do. Raises ConfigError where they would read something else than ``new``."""
    if new and place(Reader(file, KEYS, {}), "output", "") != new:
        raise ConfigError("OUTPUT_DATA would be read otherwise than written.")
