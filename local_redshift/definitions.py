"""CREATE, DROP and ALTER: what needs a look at the tables, views and schemas that exist.

Keys are not enforced, but a REFERENCES needs its table, and a referenced table is not dropped from under it.
https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_TABLE.html
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from local_redshift.errors import (
    DependentObjectsStillExist,
    DuplicateSchema,
    DuplicateTable,
    InvalidSchemaName,
    RedshiftError,
    UndefinedTable,
)
from local_redshift.schema import (
    DATABASE,
    ENGINE_DATABASE,
    HIDDEN_SCHEMAS,
    TableName,
    literal,
    quote,
    table_traits,
    to_comment,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

    from local_redshift.dialect.statements import CreateSchema, CreateTable, DropSchema, DropTable, DropView
    from local_redshift.schema import Table

_COMMENTED_TABLES = """
SELECT schema_name, table_name, comment FROM duckdb_tables() WHERE database_name = 'dev' AND comment LIKE '{"redshift"%'
"""


_WIDE_COLUMNS = """
SELECT column_name FROM duckdb_columns()
WHERE table_name = $name AND database_name IN ('dev', 'temp') AND data_type IN ('HUGEINT', 'UBIGINT', 'UINTEGER')
"""
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
        existing = self._find(statement.table)
        if existing is not None and existing.temporary == statement.temporary:
            if not statement.if_not_exists:
                raise DuplicateTable(f'Relation "{statement.table.name}" already exists')
            self._notice(f'Relation "{statement.table.name}" already exists and will be skipped')
            return
        for key in statement.references:
            if key.table != str(statement.table) and self._find(_table_name(key.table)) is None:
                raise UndefinedTable(f'relation "{_table_name(key.table).name}" does not exist')
        self.run_steps(statement.steps)
        if statement.from_query:
            self._narrow_integers(statement.table)

    def run_steps(self, steps: tuple[str, ...]) -> None:
        for step in steps:
            self._connection.execute(step)

    def _narrow_integers(self, table: TableName) -> None:
        """The engine's sums are 128 bits wide; Redshift's are BIGINT."""
        for (column,) in self._connection.execute(_WIDE_COLUMNS, {"name": table.name}).fetchall():
            self._connection.execute(f"ALTER TABLE {table.sql} ALTER {quote(column)} TYPE BIGINT")

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
                cascade = " CASCADE" if statement.cascade else ""
                self._connection.execute(f"DROP SCHEMA {DATABASE}.{quote(schema)}{cascade}")
            elif statement.if_exists:
                self._notice(f'Schema "{schema}" does not exist and will be skipped')
            else:
                raise InvalidSchemaName(f'schema "{schema}" does not exist')

    def _exists(self, kind: Literal["view", "schema"], name: str) -> bool:
        found = self._connection.execute(
            f"SELECT 1 FROM duckdb_{kind}s() WHERE database_name IN ('{DATABASE}', 'temp') AND {kind}_name = $name",
            {"name": name},
        )
        return found.fetchone() is not None


def _table_name(text: str) -> TableName:
    schema, _, name = text.rpartition(".")
    return TableName(name, schema or None)
