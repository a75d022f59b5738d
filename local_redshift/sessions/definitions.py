"""CREATE, DROP and ALTER: what needs a look at the tables, views and schemas that exist.

Keys are not enforced, but a REFERENCES needs its table, and a referenced table is not dropped from under it.
https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_TABLE.html
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from local_redshift.data_types import from_duckdb
from local_redshift.dialect.draft import fill
from local_redshift.dialect.tables import creation_steps
from local_redshift.errors import (
    DependentObjectsStillExist,
    DuplicateSchema,
    DuplicateTable,
    InvalidSchemaName,
    RedshiftError,
    SyntaxError_,
    UndefinedColumn,
    UndefinedTable,
    WrongObjectType,
)
from local_redshift.schema import (
    DATABASE,
    ENGINE_DATABASE,
    HIDDEN_SCHEMAS,
    TEMPORARY_SCHEMA,
    ColumnTraits,
    TableName,
    TableTraits,
    described,
    literal,
    quote,
    table_traits,
    to_comment,
)
from local_redshift.sessions.results import Shape

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

    from local_redshift.dialect.statements import (
        Comment,
        CreateSchema,
        CreateTable,
        CreateTableAs,
        DropSchema,
        DropTable,
        DropView,
    )
    from local_redshift.schema import Table

_COMMENTED_TABLES = """
SELECT schema_name, table_name, comment FROM duckdb_tables() WHERE database_name = 'dev' AND comment LIKE '{"redshift"%'
"""
_COMMENT = {
    kind: f"SELECT comment FROM duckdb_{kind.lower()}s() WHERE database_name = $database AND {where}"
    for kind, where in {
        "TABLE": "schema_name = $schema AND table_name = $name AND $column::VARCHAR IS NULL",
        "VIEW": "schema_name = $schema AND view_name = $name AND $column::VARCHAR IS NULL",
        "COLUMN": "schema_name = $schema AND table_name = $name AND column_name = $column",
    }.items()
}
_RESERVED_SCHEMAS = HIDDEN_SCHEMAS | {ENGINE_DATABASE}
_PERMANENT_SCHEMAS = HIDDEN_SCHEMAS | {"public", "pg_catalog", "information_schema"}


class Definitions:
    """Executes definitions on one session's connection."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        find: Callable[[TableName], Table | None],
        notice: Callable[[str], None],
    ) -> None:
        self._connection = connection
        self._find = find
        self._notice = notice

    def create_table(self, statement: CreateTable) -> None:
        """Raises DuplicateTable, or UndefinedTable for a REFERENCES to no table."""
        if self._skipped(statement):
            return
        for key in statement.references:
            if key.table != str(statement.table) and self._find(_table_name(key.table)) is None:
                raise UndefinedTable(f'relation "{_table_name(key.table).name}" does not exist')
        self.run_steps(statement.steps)

    def create_table_as(self, statement: CreateTableAs) -> None:
        """No constraint, default or identity is copied; the columns' types are those of the query.

        https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_AS.html
        """
        if self._skipped(statement):
            return
        shape = Shape.of(self._connection.sql(statement.sql))
        names = (*statement.names, *shape.names[len(statement.names) :])
        if len(names) > len(shape.names):
            raise SyntaxError_("CREATE TABLE AS specifies too many column names")
        sizes = statement.sizes if len(statement.sizes) == len(names) else (None,) * len(names)
        types = [size or from_duckdb(kind) for size, kind in zip(sizes, shape.types, strict=True)]
        draft = replace(statement.draft, columns=[])
        fill(draft, names, types)
        self.run_steps((*creation_steps(draft.table()), f"INSERT INTO {draft.name.sql} {statement.sql}"))

    def _skipped(self, statement: CreateTable | CreateTableAs) -> bool:
        """Whether IF NOT EXISTS leaves nothing to do. Raises DuplicateTable without it."""
        existing = self._find(statement.table)
        if existing is None or existing.temporary != statement.temporary:
            return False
        if not statement.if_not_exists:
            raise DuplicateTable(f'Relation "{statement.table.name}" already exists')
        self._notice(f'Relation "{statement.table.name}" already exists and will be skipped')
        return True

    def run_steps(self, steps: tuple[str, ...]) -> None:
        for step in steps:
            self._connection.execute(step)

    def drop_table(self, statement: DropTable) -> None:
        """Raises UndefinedTable, or DependentObjectsStillExist when another table refers to one of these."""
        found = [table for name in statement.tables if (table := self._existing(name, statement.if_exists))]
        dropped = {str(table.name) for table in found}
        for table in found:
            self._release_references(table, dropped, cascade=statement.cascade)
        for table in found:
            self._drop(table)

    def _existing(self, name: TableName, if_exists: bool) -> Table | None:
        table = self._find(name)
        if table is None:
            if self._exists("view", name.name):
                raise WrongObjectType(f'"{name.name}" is not a table', hint="Use DROP VIEW to remove a view.")
            if not if_exists:
                raise UndefinedTable(f'Table "{name.name}" does not exist')
            self._notice(f'Table "{name.name}" does not exist and will be skipped')
        return table

    def _release_references(self, table: Table, dropped: set[str], *, cascade: bool) -> None:
        for schema, name, comment in self._connection.execute(_COMMENTED_TABLES).fetchall():
            traits = table_traits(comment)
            kept = tuple(key for key in traits.foreign_keys if key.table != str(table.name))
            if f"{schema}.{name}" in dropped or kept == traits.foreign_keys:
                continue
            if not cascade:
                raise DependentObjectsStillExist(
                    f"cannot drop table {table.name.name} because other objects depend on it",
                    detail=f"constraint on table {name} depends on table {table.name.name}",
                    hint="Use DROP ... CASCADE to drop the dependent objects too.",
                )
            released = to_comment(replace(traits, foreign_keys=kept))
            self._connection.execute(f"COMMENT ON TABLE {TableName(name, schema).sql} IS {literal(released)}")

    def _drop(self, table: Table) -> None:
        self._connection.execute(f"DROP TABLE {table.name.sql}")
        for column in table.columns:
            if sequence := re.search(r"nextval\('(.+?)'\)", column.default or ""):
                self._connection.execute(f"DROP SEQUENCE IF EXISTS {sequence[1]}")

    def drop_view(self, statement: DropView) -> None:
        for view in statement.views:
            if statement.if_exists and not self._exists("view", view.name):
                self._notice(f'View "{view.name}" does not exist and will be skipped')
            else:
                self._connection.execute(f"DROP VIEW {view.sql}")

    def comment(self, statement: Comment) -> None:
        """COMMENT ON; raises UndefinedTable or UndefinedColumn for what is not there."""
        name = statement.name
        database, schema = ("temp", "main") if name.schema == TEMPORARY_SCHEMA else (DATABASE, name.schema)
        found = self._connection.execute(
            _COMMENT[statement.kind],
            {"database": database, "schema": schema, "name": name.name, "column": statement.column},
        ).fetchone()
        if found is None:
            raise _not_found(statement)
        empty: dict[str, ColumnTraits | TableTraits] = {"TABLE": TableTraits(), "COLUMN": ColumnTraits("")}
        column = f".{quote(statement.column)}" if statement.column else ""
        text = literal(described(found[0], empty.get(statement.kind), statement.text))
        self._connection.execute(f"COMMENT ON {statement.kind} {name.sql}{column} IS {text}")

    def create_schema(self, statement: CreateSchema) -> None:
        """Raises DuplicateSchema, InvalidSchemaName for a name that the local warehouse needs itself."""
        if statement.schema in _RESERVED_SCHEMAS or statement.schema.startswith("pg_"):
            raise InvalidSchemaName(
                f'unacceptable schema name "{statement.schema}"', detail="The name is reserved for the system's own."
            )
        if not self._exists("schema", statement.schema):
            self._connection.execute(f"CREATE SCHEMA {DATABASE}.{quote(statement.schema)}")
        elif statement.if_not_exists:
            self._notice(f'Schema "{statement.schema}" already exists and will be skipped')
        else:
            raise DuplicateSchema(f'Schema "{statement.schema}" already exists')

    def drop_schema(self, statement: DropSchema) -> None:
        """Raises InvalidSchemaName; DependentObjectsStillExist when it holds something and CASCADE was not said."""
        for schema in statement.schemas:
            if schema in _PERMANENT_SCHEMAS:
                raise RedshiftError(f"cannot drop schema {schema} because it is required by the database system")
            if self._exists("schema", schema):
                if statement.cascade:
                    self._empty(schema)
                cascade = " CASCADE" if statement.cascade else ""
                self._connection.execute(f"DROP SCHEMA {DATABASE}.{quote(schema)}{cascade}")
            elif statement.if_exists:
                self._notice(f'Schema "{schema}" does not exist and will be skipped')
            else:
                raise InvalidSchemaName(f'schema "{schema}" does not exist')

    def _empty(self, schema: str) -> None:
        """Drop the tables one by one: the engine drops no schema with rows that came in the same transaction."""
        found = self._connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = $database AND schema_name = $schema",
            {"database": DATABASE, "schema": schema},
        )
        for (name,) in found.fetchall():
            self._connection.execute(f"DROP TABLE {TableName(name, schema).sql}")

    def _exists(self, kind: Literal["view", "schema"], name: str) -> bool:
        found = self._connection.execute(
            f"SELECT 1 FROM duckdb_{kind}s() WHERE database_name IN ('{DATABASE}', 'temp') AND {kind}_name = $name",
            {"name": name},
        )
        return found.fetchone() is not None


def _not_found(statement: Comment) -> RedshiftError:
    if statement.kind == "COLUMN":
        return UndefinedColumn(f'column "{statement.column}" of relation "{statement.name.name}" does not exist')
    return UndefinedTable(f'relation "{statement.name}" does not exist')


def _table_name(text: str) -> TableName:
    schema, _, name = text.rpartition(".")
    return TableName(name, schema or None)
