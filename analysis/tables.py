"""An answer as a small table of plain values: for charts, for people and as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Value = str | int | float | None


@dataclass(frozen=True)
class Table:
    """Columns and rows; dates are ISO text, numbers int or float.

    >>> Table(("day", "plays"), ((date(2018, 11, 1), Decimal(2)),)).records
    [{'day': '2018-11-01', 'plays': 2}]
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    def __init__(self, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
        object.__setattr__(self, "columns", tuple(columns))
        object.__setattr__(self, "rows", tuple(tuple(map(_plain, row)) for row in rows))

    @classmethod
    def of(cls, records: Iterable[Mapping[str, Value]], columns: Iterable[str]) -> Table:
        """A table of the named columns of ``records``."""
        names = tuple(columns)
        return cls(names, ([record[name] for name in names] for record in records))

    @property
    def records(self) -> list[dict[str, Any]]:
        """The rows as dictionaries."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def column(self, name: str) -> list[Any]:
        """The values of one column."""
        place = self.columns.index(name)
        return [row[place] for row in self.rows]

    def total(self, name: str) -> Any:
        """The sum of one column, its NULLs left out."""
        return sum(value for value in self.column(name) if value is not None)

    @property
    def csv(self) -> str:
        """As RFC 4180 has it; NULL is an empty field.

        >>> Table(("song", "plays"), [("Hello, Goodbye", 3)]).csv.splitlines()
        ['song,plays', '"Hello, Goodbye",3']
        """
        text = io.StringIO()
        csv.writer(text).writerows((self.columns, *self.rows))
        return text.getvalue()


def _plain(value: Any) -> Value:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float):
        return value
    return str(value)
