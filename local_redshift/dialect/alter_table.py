"""ALTER TABLE.

https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from local_redshift.dialect.append import append
from local_redshift.dialect.columns import ENCODINGS, read_type
from local_redshift.dialect.commands import default_privileges
from local_redshift.dialect.create_table import TableParser
from local_redshift.dialect.draft import draft_of
from local_redshift.dialect.statements import AlterTable
from local_redshift.dialect.tables import comment_steps, physical_traits, rebuild_steps, target_table
from local_redshift.dialect.tokens import TokenReader
from local_redshift.errors import DuplicateColumn, FeatureNotSupported, RedshiftError, UndefinedColumn
from local_redshift.schema import quote

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_redshift.dialect.statements import Catalog, Statement
    from local_redshift.schema import Column, Table, TableTraits


def alter(source: str, catalog: Catalog) -> Statement:
    """ALTER TABLE, and ALTER DEFAULT PRIVILEGES as GRANT is. Raises FeatureNotSupported for other objects."""
    reader = TokenReader(source)
    reader.expect("ALTER")
    if reader.accept("DEFAULT", "PRIVILEGES"):
        return default_privileges(reader, source)
    if not reader.accept("TABLE"):
        word = reader.take("word").word
        raise FeatureNotSupported(f"ALTER {word} is not supported by the local warehouse")
    start = reader.position
    table = target_table(reader.table_name(catalog.database), catalog, start)
    if reader.accept("APPEND"):
        return append(reader, catalog, table)
    for words, action in _ACTIONS.items():
        if reader.accept(*words.split()):
            steps = action(reader, catalog, table)
            reader.finish()
            return AlterTable(source=source, tag="ALTER TABLE", steps=steps, table=table.name)
    raise reader.error()


def _column(table: Table, name: str) -> Column:
    for column in table.columns:
        if column.name == name:
            return column
    raise UndefinedColumn(f'column "{name}" of relation "{table.name.name}" does not exist')


def _replaced(table: Table, name: str, new: Column) -> Table:
    return replace(table, columns=tuple(new if column.name == name else column for column in table.columns))


def _add(reader: TokenReader, catalog: Catalog, table: Table) -> tuple[str, ...]:
    """ADD [COLUMN] definition, ADD constraint."""
    parser = TableParser(reader, catalog, draft_of(table))
    words = ("CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN")
    if not reader.accept("COLUMN") and any(reader.peek(word) for word in words):
        parser.element()
        parser.settle_keys()
        return _declared(table, parser.draft.table())
    parser.column()
    new = parser.draft.table()
    added = new.columns[-1]
    if added.identity is not None:
        raise FeatureNotSupported("an IDENTITY column cannot be added to a table")
    if not added.nullable and added.default is None:
        raise RedshiftError("ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression")
    return rebuild_steps(table, new, {column.name: column.name for column in table.columns})


def _declared(old: Table, new: Table) -> tuple[str, ...]:
    if {*new.traits.primary_key} - {*old.traits.primary_key}:
        return rebuild_steps(old, new, {column.name: column.name for column in old.columns})
    return tuple(comment_steps(new))


def _drop(reader: TokenReader, _catalog: Catalog, table: Table) -> tuple[str, ...]:
    """DROP [COLUMN] name, DROP CONSTRAINT name: constraints have no names of their own here."""
    if reader.accept("CONSTRAINT"):
        raise FeatureNotSupported("ALTER TABLE DROP CONSTRAINT is not supported by the local warehouse")
    reader.accept("COLUMN")
    name = _column(table, reader.identifier()).name
    reader.accept_any("CASCADE", "RESTRICT")
    kept = tuple(column for column in table.columns if column.name != name)
    if not kept:
        raise RedshiftError(f'cannot drop the last column of table "{table.name.name}"')
    traits = replace(
        table.traits,
        primary_key=() if name in table.traits.primary_key else table.traits.primary_key,
        unique=tuple(names for names in table.traits.unique if name not in names),
        foreign_keys=tuple(key for key in table.traits.foreign_keys if name not in key.columns),
    )
    new = replace(table, columns=kept, traits=traits)
    return rebuild_steps(table, new, {column.name: column.name for column in kept})


def _rename(reader: TokenReader, _catalog: Catalog, table: Table) -> tuple[str, ...]:
    """RENAME TO name, RENAME [COLUMN] old TO new."""
    if reader.accept("TO"):
        return (f"ALTER TABLE {table.name.sql} RENAME TO {quote(reader.name())}",)
    reader.accept("COLUMN")
    old = _column(table, reader.identifier())
    reader.expect("TO")
    name = reader.name()
    if any(column.name == name for column in table.columns):
        raise DuplicateColumn(f'column "{name}" of relation "{table.name.name}" already exists')
    new = _replaced(table, old.name, replace(old, name=name))
    new = replace(new, traits=_renamed_keys(table, old.name, name))
    return rebuild_steps(table, new, {c.name: o.name for c, o in zip(new.columns, table.columns, strict=True)})


def _renamed_keys(table: Table, old: str, name: str) -> TableTraits:
    def renamed(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name if column == old else column for column in names)

    traits = table.traits
    return replace(
        traits,
        primary_key=renamed(traits.primary_key),
        unique=tuple(renamed(names) for names in traits.unique),
        foreign_keys=tuple(replace(key, columns=renamed(key.columns)) for key in traits.foreign_keys),
    )


def _alter_column(reader: TokenReader, _catalog: Catalog, table: Table) -> tuple[str, ...]:
    """ALTER COLUMN name TYPE varchar(n), ALTER COLUMN name ENCODE encoding."""
    old = _column(table, reader.identifier())
    if reader.accept("ENCODE"):
        return tuple(comment_steps(_replaced(table, old.name, _encoded(reader, old))))
    reader.expect("TYPE")
    declared = read_type(reader, f"{table.name.name}.{old.name}")
    if old.type.name != "character varying" or declared.name != "character varying":
        raise RedshiftError(f'cannot alter type of column "{old.name}": only the size of a VARCHAR column can change')
    new = replace(physical_traits(old, type=str(declared)), type=declared)
    return rebuild_steps(table, _replaced(table, old.name, new), {c.name: c.name for c in table.columns})


def _encoded(reader: TokenReader, column: Column) -> Column:
    word = reader.take("word").word
    if word not in ENCODINGS:
        raise RedshiftError(f'encoding type "{word.lower()}" does not exist')
    return physical_traits(column, encoding=None if word == "AUTO" else word.lower())


def _physical(reader: TokenReader, catalog: Catalog, table: Table) -> tuple[str, ...]:
    """ALTER DISTSTYLE, ALTER DISTKEY, ALTER [COMPOUND] SORTKEY, ALTER ENCODE AUTO: what the catalog shows."""
    parser = TableParser(reader, catalog, draft_of(table))
    if reader.accept("SORTKEY", "NONE"):
        columns = tuple(physical_traits(column, sortkey=0) for column in table.columns)
        return tuple(comment_steps(replace(table, columns=columns)))
    if reader.accept("DISTSTYLE", "KEY", "DISTKEY") or reader.accept("DISTKEY"):
        parser.draft.distkey = _column(table, reader.identifier()).name
        parser.draft.traits = replace(table.traits, diststyle="KEY")
    else:
        parser.draft.columns = [
            physical_traits(c, distkey=False) if reader.peek("DISTSTYLE") else c for c in table.columns
        ]
        parser.attributes()
        if reader.peek("("):
            parser.draft.sort_columns = reader.names_in_parentheses()
    parser.settle_keys()
    return tuple(comment_steps(parser.draft.table()))


def _owner(reader: TokenReader, _catalog: Catalog, _table: Table) -> tuple[str, ...]:
    reader.identifier()
    return ()


_ACTIONS: dict[str, Callable[[TokenReader, Catalog, Table], tuple[str, ...]]] = {
    "ADD": _add,
    "DROP": _drop,
    "RENAME": _rename,
    "ALTER COLUMN": _alter_column,
    "ALTER": _physical,
    "OWNER TO": _owner,
}
