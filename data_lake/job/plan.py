"""What is to be read, how it is checked, and which SELECTs fill which table: all of it data, packed as JSON."""

from __future__ import annotations

import json
import pkgutil
from dataclasses import asdict, dataclass
from typing import Any

PACKED = "plan.json"  # beside this module, in the zip that goes to EMR


@dataclass(frozen=True)
class Column:
    """A column of a staging table: the JSON key that fills it, its type in Spark, and what COPY checks of it.

    ``size`` is the longest text in bytes of UTF-8, 0 where there is no limit.
    """

    name: str
    key: str
    type: str
    size: int = 0
    required: bool = False


@dataclass(frozen=True)
class Source:
    """A staging table, and the folder or zip archive below the input that fills it; the first name that is there."""

    table: str
    what: str
    folders: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        return self.folders[0]


@dataclass(frozen=True)
class Table:
    """A table of the lake: columns (name -> type) in order, and the SELECT over staging that fills it.

    ``key`` names its rows. ``partitions`` are the columns that make folders; those that the SELECT does not give are
    taken out of ``start_time``. ``grows`` says that a run touches only the partitions it has rows for; the others are
    rewritten whole.
    """

    name: str
    columns: dict[str, str]
    select: str
    key: tuple[str, ...]
    partitions: tuple[str, ...] = ()
    grows: bool = False


@dataclass(frozen=True)
class Plan:
    """``recall`` gives rows for staging_songs: songs that today's events name and only the lake knows."""

    sources: tuple[Source, ...]
    tables: tuple[Table, ...]
    recall: str

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1)

    def table(self, name: str) -> Table:
        return next(table for table in self.tables if table.name == name)


def packed() -> Plan | None:
    """The plan that was packed with the job; None where the job was not packed."""
    try:
        text = pkgutil.get_data(__package__, PACKED)
    except FileNotFoundError:
        return None
    return None if text is None else read(json.loads(text))


def read(told: dict[str, Any]) -> Plan:
    """The plan from what ``to_json`` wrote."""
    return Plan(
        tuple(
            Source(one["table"], one["what"], tuple(one["folders"]), tuple(Column(**each) for each in one["columns"]))
            for one in told["sources"]
        ),
        tuple(
            Table(**{**one, "key": tuple(one["key"]), "partitions": tuple(one["partitions"])}) for one in told["tables"]
        ),
        told["recall"],
    )
