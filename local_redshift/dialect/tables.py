"""Tables: finding the one a statement writes to, and the DuckDB statements that make one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from local_redshift.errors import FeatureNotSupported, InvalidSchemaName, UndefinedTable
from local_redshift.schema import (
    TEMPORARY_SCHEMA,
    Column,
    ColumnTraits,
    Identity,
    Table,
    TableName,
    literal,
    quote,
    to_comment,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_redshift.dialect.statements import Catalog


def creation_schema(catalog: Catalog) -> str:
    """The schema of what is created without one: the first of the search path that exists."""
    if not catalog.search_path:
        raise InvalidSchemaName("no schema has been selected to create in")
    return catalog.search_path[0]


def create_clause(name: TableName, kind: str) -> str:
    """``CREATE TABLE "dev"."public"."t"``, ``CREATE TEMP SEQUENCE "temp"."main"."s"``."""
    temporary = "TEMP " if name.schema == TEMPORARY_SCHEMA else ""
    return f"CREATE {temporary}{kind} {name.sql}"


def target_table(name: TableName, catalog: Catalog, position: int) -> Table:
    """The table that a statement writes to. Raises UndefinedTable, FeatureNotSupported for system tables."""
    table = catalog.table(name)
    if table is not None:
        return table
    if catalog.system_relation(name) is not None:
        raise FeatureNotSupported(f"permission denied: {name} is a system table", position=position + 1)
    raise UndefinedTable(f'relation "{name}" does not exist', position=position + 1)


def creation_steps(table: Table) -> tuple[str, ...]:
    """Sequences, the table, and its declaration in comments. Keys are informational: DuckDB never hears of them."""
    steps: list[str] = []
    definitions: list[str] = []
    for column in table.columns:
        sequence = None
        if column.identity is not None and column.default is None:
            sequence = _sequence_name(table.name, column.name)
            steps.append(_create_sequence(create_clause(sequence, "SEQUENCE"), column.identity))
        definitions.append(_definition(table, column, sequence))
    steps.append(f"{create_clause(table.name, 'TABLE')} ({', '.join(definitions)})")
    return (*steps, *comment_steps(table))


def rebuild_steps(old: Table, new: Table, carried: dict[str, str]) -> tuple[str, ...]:
    """Replace ``old`` by ``new``, keeping the rows: DuckDB cannot alter a column that a CHECK speaks of.

    ``carried`` maps columns of ``new`` to the columns of ``old`` that fill them.
    """
    aside = replace(old.name, name=f"{old.name.name}__{uuid4().hex[:8]}")
    targets, sources = (", ".join(quote(name) for name in names) for names in (carried, carried.values()))
    create = creation_steps(new)
    return (
        f"ALTER TABLE {old.name.sql} RENAME TO {quote(aside.name)}",
        *create,
        f"INSERT INTO {new.name.sql} ({targets}) SELECT {sources} FROM {aside.sql}",
        f"DROP TABLE {aside.sql}",
    )


def comment_steps(table: Table) -> Iterator[str]:
    name = table.name.sql
    yield f"COMMENT ON TABLE {name} IS {literal(to_comment(table.traits))}"
    for column in table.columns:
        if column.traits is not None:
            yield f"COMMENT ON COLUMN {name}.{quote(column.name)} IS {literal(to_comment(column.traits))}"


def _definition(table: Table, column: Column, sequence: TableName | None) -> str:
    words = [quote(column.name), column.type.duckdb]
    default = f"nextval({literal(sequence.sql)})" if sequence else column.default
    if default is not None:
        words.append(f"DEFAULT {default}")
    if not column.nullable or column.name in table.traits.primary_key:
        words.append("NOT NULL")
    if column.type.length is not None:
        words.append(_length_check(column))
    return " ".join(words)


def _length_check(column: Column) -> str:
    """n counts bytes; blanks beyond it do not count.

    https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html
    """
    name, length = quote(column.name), column.type.length
    if column.type.name == "character":  # the other way round: engine_errors.py tells CHAR and VARCHAR by it
        return f"CHECK (CASE WHEN strlen({name}) > {length} THEN strlen(rtrim({name}, ' ')) <= {length} ELSE true END)"
    # CASE, since the engine would work out both sides of an OR for every row of a load.
    return f"CHECK (CASE WHEN strlen({name}) <= {length} THEN true ELSE strlen(rtrim({name}, ' ')) <= {length} END)"


def _sequence_name(table: TableName, column: str) -> TableName:
    """A name of its own for each table ever made, so that a rename or a DROP never meets another's sequence."""
    return replace(table, name=f"identity_{table.name}_{column}_{uuid4().hex[:8]}")


def _create_sequence(clause: str, identity: Identity) -> str:
    seed, step = identity.seed, identity.step
    bound = f"MINVALUE {min(seed, 1)}" if step > 0 else f"MAXVALUE {max(seed, -1)}"
    return f"{clause} START WITH {seed} INCREMENT BY {step} {bound}"


def physical_traits(column: Column, **changes: object) -> Column:
    """The column with other traits: ``physical_traits(column, sortkey=1)``."""
    traits = column.traits or ColumnTraits(str(column.type))
    return replace(column, traits=replace(traits, **changes))  # type: ignore[arg-type]
