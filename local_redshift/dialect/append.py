"""ALTER TABLE target APPEND FROM source: the rows of one table move to another, which is committed at once.

https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE_APPEND.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_redshift.dialect.statements import AppendTable
from local_redshift.dialect.tables import target_table
from local_redshift.errors import InvalidTableDefinition
from local_redshift.schema import quote

if TYPE_CHECKING:
    from local_redshift.dialect.statements import Catalog
    from local_redshift.dialect.tokens import TokenReader
    from local_redshift.schema import Column, Table


def append(reader: TokenReader, catalog: Catalog, target: Table) -> AppendTable:
    """Reads on from the word APPEND. Raises InvalidTableDefinition for tables that do not go together."""
    reader.expect("FROM")
    start = reader.position
    source = target_table(reader.table_name(catalog.database), catalog, start)
    option = reader.accept_any("IGNOREEXTRA", "FILLTARGET")
    reader.finish()
    _check_tables(source, target)
    columns = _moved(source, target, option)
    names = ", ".join(quote(column) for column in columns)
    return AppendTable(
        source=reader.source,
        tag="ALTER TABLE APPEND",
        target=target.name,
        emptied=source.name,
        steps=(
            f"INSERT INTO {target.name.sql} ({names}) SELECT {names} FROM {source.name.sql}",
            f"DELETE FROM {source.name.sql}",
        ),
    )


def _check_tables(source: Table, target: Table) -> None:
    if source.name == target.name:
        raise InvalidTableDefinition("ALTER TABLE APPEND: the source and the target must be different tables")
    for table in (source, target):
        if table.temporary:
            raise InvalidTableDefinition(f'ALTER TABLE APPEND: "{table.name.name}" is a temporary table')
    if source.traits.diststyle != target.traits.diststyle:
        raise InvalidTableDefinition("ALTER TABLE APPEND: the tables must have the same distribution style")


def _moved(source: Table, target: Table, option: str | None) -> list[str]:
    """The columns that both tables have, and that can take the other's values."""
    given = {column.name: column for column in source.columns if not _always(column)}
    held = {column.name: column for column in target.columns if not _always(column)}
    extra = [column.name for column in source.columns if column.name not in held]
    missing = [column.name for column in target.columns if column.name not in given]
    if extra and option != "IGNOREEXTRA":
        raise InvalidTableDefinition(
            f'ALTER TABLE APPEND: the target has no column "{extra[0]}"', hint="IGNOREEXTRA leaves it out."
        )
    if missing and option != "FILLTARGET":
        raise InvalidTableDefinition(
            f'ALTER TABLE APPEND: the source has no column "{missing[0]}"',
            hint="FILLTARGET fills it with its default or NULL.",
        )
    moved = [name for name in held if name in given]
    for name in moved:
        if _attributes(given[name]) != _attributes(held[name]):
            raise InvalidTableDefinition(f'ALTER TABLE APPEND: column "{name}" has other attributes in the source')
    return moved


def _always(column: Column) -> bool:
    return column.identity is not None and column.identity.always


def _attributes(column: Column) -> tuple[object, ...]:
    traits = column.traits
    physical = (traits.encoding, traits.distkey, traits.sortkey) if traits else (None, False, 0)
    return (str(column.type), column.nullable, *physical)
