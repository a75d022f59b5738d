"""Where the answers come from: the cluster or the laptop's warehouse of dwh.cfg, or the lake of dl.cfg."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.contents import NothingToReport
from data_lake import settings as lake_settings
from warehouse import command, config
from warehouse.config_file import Reader
from warehouse.credentials import with_password
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analysis.contents import Contents
    from warehouse.connection import Warehouse

_DL_CFG = (
    "Name a dl.cfg, as data_lake/dl.cfg.example shows, or leave --config out: then the lake is dl.cfg's, else lake/."
)
_WAREHOUSE = {"CLUSTER", "DWH"}  # sections
_LOST = "create_tables.py makes all tables anew: what the others hold is lost until etl.py has loaded it again."


@dataclass(frozen=True)
class Source:
    """An open warehouse, its name for people, and the configuration that led to it."""

    warehouse: Warehouse
    name: str
    file: Path | None
    lake: bool = False

    def remedy(self, tables: Iterable[str], contents: Contents) -> str:
        """What fills those of ``tables`` that are empty or absent; empty where there are none."""
        wanted = [table for table in tables if table not in contents.refused]
        absent = contents.absent(wanted)
        if not wanted:
            return ""
        if self.lake:
            if absent:
                return f"A lake keeps the star schema alone: ask a warehouse. {fill(None, 'analysis/report.py')}"
            return f"Make it anew: {fill(self.file, 'data_lake/etl.py')} --replace"
        if not absent:
            return f"Fill it: {fill(self.file, 'etl.py')}"
        lost = f"\n{_LOST}" if any(contents.rows.values()) else ""
        return f"Make and fill it: {fill(self.file, 'create_tables.py', 'etl.py')}{lost}"


@contextmanager
def opened(file: Path | None, *, lake: bool) -> Iterator[Source]:
    """The configured warehouse, or the lake: where it is asked for, and where ``file`` is a dl.cfg.

    Raises ConfigError, ConnectionFailed, and NothingToReport where there is no lake, or no warehouse on the laptop yet.
    """
    with (_lake if _means_lake(file, lake) else _warehouse)(file) as source:
        yield source


def _means_lake(file: Path | None, asked: bool) -> bool:
    """Raises ConfigError where the file is none for what is asked."""
    if file is None:
        return asked
    reader = Reader(file, lake_settings.KEYS, {})
    told = "LAKE" in reader.sections or any(reader.find(key) for key in ("input", "output"))
    if asked and not told and _WAREHOUSE & reader.sections.keys():
        raise ConfigError(f"{file} is a warehouse's configuration: it says nothing about a lake.", _DL_CFG)
    if not asked and not told and not {*_WAREHOUSE, "LOCAL"} & reader.sections.keys():
        raise ConfigError(
            f"{file} says neither which warehouse to ask, in [CLUSTER] or [LOCAL], nor which lake, in [LAKE].",
            "If it is a lake's, add --lake: the lake is then in lake/, where OUTPUT_DATA does not say otherwise.",
        )
    return asked or (told and not _WAREHOUSE & reader.sections.keys())


@contextmanager
def _warehouse(file: Path | None) -> Iterator[Source]:
    from warehouse.connection import connect

    settings = with_password(config.use(file, loads=False))
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
    from data_lake.lake import NoLake

    settings = lake_settings.load(file)
    place = settings.output if settings.output.startswith("s3://") else Path(settings.output).name
    try:
        with as_warehouse.connect(settings) as warehouse:
            yield Source(warehouse, f"the lake in {place}", file, lake=True)
    except NoLake as error:
        raise NothingToReport(error.message, f"Make it: {fill(file, 'data_lake/etl.py')}") from None


def _name(settings: config.Settings) -> str:
    """The folders of a machine are nobody's business who reads the page."""
    if settings.on_laptop:
        return f"the laptop's warehouse in {settings.local_database.name}"
    return f"{settings.host}, database {settings.database}"


def fill(file: Path | None, *scripts: str) -> str:
    """The commands to type, for the same configuration."""
    return " && ".join(command.again(str(command.ROOT / script), file) for script in scripts)
