"""A table while its definition is being read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from local_redshift.dialect.tables import physical_traits
from local_redshift.errors import DuplicateColumn, InvalidTableDefinition, UndefinedColumn
from local_redshift.schema import Column, ColumnTraits, Table, TableName, TableTraits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_redshift.data_types import RedshiftType


@dataclass
class Draft:
    """The table as read so far."""

    name: TableName
    temporary: bool
    columns: list[Column] = field(default_factory=list)
    traits: TableTraits = field(default_factory=TableTraits)
    sort_columns: tuple[str, ...] = ()
    interleaved: bool = False
    distkey: str | None = None

    def table(self) -> Table:
        return Table(self.name, 0, self.temporary, tuple(self.columns), self.traits)


def draft_of(table: Table) -> Draft:
    """A draft that starts from a table as it is, for ALTER TABLE."""
    sorted_columns = sorted(
        (column for column in table.columns if column.traits and column.traits.sortkey),
        key=lambda column: abs(column.traits.sortkey) if column.traits else 0,
    )
    return Draft(
        table.name,
        table.temporary,
        list(table.columns),
        table.traits,
        tuple(column.name for column in sorted_columns),
        any(column.traits and column.traits.sortkey < 0 for column in table.columns),
    )


def fill(draft: Draft, names: Sequence[str], types: Sequence[RedshiftType]) -> None:
    """Give the draft the columns of a query. Raises DuplicateColumn, UndefinedColumn for a key that is none of them."""
    for name, kind in zip(names, types, strict=True):
        if any(column.name == name for column in draft.columns):
            raise DuplicateColumn(f'column "{name}" specified more than once')
        draft.columns.append(Column(name, kind, traits=ColumnTraits(str(kind))))
    for key in (*draft.sort_columns, *filter(None, [draft.distkey])):
        if key not in names:
            raise UndefinedColumn(f'column "{key}" named in key does not exist')
    mark_keys(draft)


def mark_keys(draft: Draft) -> None:
    """Put distribution and sort order into the traits of the columns."""
    if draft.distkey:
        if draft.traits.diststyle not in {"AUTO", "KEY"}:
            raise InvalidTableDefinition(f"DISTSTYLE {draft.traits.diststyle} cannot be used with a DISTKEY")
        draft.traits = replace(draft.traits, diststyle="KEY")
        draft.columns = [physical_traits(column, distkey=column.name == draft.distkey) for column in draft.columns]
    elif draft.traits.diststyle == "KEY" and not any(c.traits and c.traits.distkey for c in draft.columns):
        raise InvalidTableDefinition("DISTSTYLE KEY needs a DISTKEY column")
    if draft.sort_columns:
        sign = -1 if draft.interleaved else 1
        places = {name: sign * (index + 1) for index, name in enumerate(draft.sort_columns)}
        draft.columns = [physical_traits(column, sortkey=places.get(column.name, 0)) for column in draft.columns]
