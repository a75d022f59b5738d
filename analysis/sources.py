"""Where the answers come from: the cluster or the laptop's warehouse of dwh.cfg, or the lake of dl.cfg."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.asking import NothingToReport
from warehouse import command, config, config_file
from warehouse.credentials import with_password

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from warehouse.connection import Warehouse


@dataclass(frozen=True)
class Source:
    """An open warehouse, its name for people, and the configuration that led to it."""

    warehouse: Warehouse
    name: str
    file: Path | None
    lake: bool = False

    def remedy(self, tables: Iterable[str], rows: Mapping[str, int]) -> str:
        """What fills these tables; ``rows`` has no number of those that are not there."""
        if self.lake:
            return "A lake keeps the star schema alone: ask a warehouse that was loaded from the same files."
        scripts = ["etl.py"] if all(table in rows for table in tables) else ["create_tables.py", "etl.py"]
        return f"Fill it: {fill(self.file, *scripts)}"


@contextmanager
def opened(file: Path | None, *, lake: bool) -> Iterator[Source]:
    """The configured warehouse; a file with a section [LAKE] means the lake too.

    Raises ConfigError, ConnectionFailed, NoLake, and NothingToReport where the laptop has no warehouse yet.
    """
    if lake or (file is not None and "LAKE" in config_file.read(file)):
        with _lake(file) as source:
            yield source
        return
    from warehouse.connection import connect

    settings = with_password(config.use(file))
    if settings.on_laptop and not settings.local_database.exists():
        # To connect would make the file, and a question should leave nothing behind.
        raise NothingToReport(
            f"There is no warehouse in {command.shown(settings.local_database)} yet.",
            f"Make and fill it: {fill(file, 'create_tables.py', 'etl.py')}",
        )
    with connect(settings) as warehouse:
        yield Source(warehouse, _name(settings), file)


@contextmanager
def _lake(file: Path | None) -> Iterator[Source]:
    from data_lake import as_warehouse
    from data_lake import settings as lake_settings

    settings = lake_settings.load(file)
    with as_warehouse.connect(settings) as warehouse:
        yield Source(warehouse, f"the lake in {settings.output}", file, lake=True)


def _name(settings: config.Settings) -> str:
    if settings.on_laptop:
        return f"the laptop's warehouse in {settings.local_database.name}"
    return f"{settings.host}, database {settings.database}"


def fill(file: Path | None, *scripts: str) -> str:
    """The commands to type, for the same configuration."""
    return " && ".join(command.again(f"../{script}", file) for script in scripts)
