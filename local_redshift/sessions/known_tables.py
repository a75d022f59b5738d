"""What a session remembers of schemas and tables, so that not every statement asks the engine's catalog again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_redshift.schema import DATABASE, DEFAULT_SCHEMA, HIDDEN_SCHEMAS, describe_table

if TYPE_CHECKING:
    import duckdb

    from local_redshift.engine import Engine
    from local_redshift.schema import Table, TableName

_SCHEMAS = f"SELECT schema_name FROM duckdb_schemas() WHERE database_name = '{DATABASE}' AND NOT internal"
_OUT_OF_DATE = -1


class KnownTables:
    """Stands for as long as the engine's catalog version does."""

    def __init__(self, engine: Engine, connection: duckdb.DuckDBPyConnection) -> None:
        self._engine = engine
        self._connection = connection
        self._version = _OUT_OF_DATE
        self._changed_here = False
        self._seen_in_transaction = False
        self._schemas: frozenset[str] = frozenset()
        self._tables: dict[tuple[TableName, tuple[str, ...]], Table] = {}

    def search_path(self, setting: str, *, in_transaction: bool) -> tuple[str, ...]:
        """The schemas of the setting that exist; the engine's own never do."""
        self._refresh(in_transaction=in_transaction)
        names = (part.strip().strip("\"'") for part in setting.split(","))
        return tuple(name for name in names if name in self._schemas)

    def table(self, name: TableName, search_path: tuple[str, ...], *, in_transaction: bool) -> Table | None:
        if name.schema in HIDDEN_SCHEMAS:
            return None
        self._refresh(in_transaction=in_transaction)
        key = name, search_path
        if key not in self._tables and (found := describe_table(self._connection, *key)):
            self._tables[key] = found
        return self._tables.get(key)

    def changed(self) -> None:
        """Tables changed in this transaction: what any session remembers is out of date, now and at its end."""
        self._changed_here = True
        self._engine.catalog_changed()

    def transaction_ended(self) -> None:
        """What was seen in a transaction was as old as its start."""
        if self._seen_in_transaction:
            self._version = _OUT_OF_DATE
        if self._changed_here:
            self._changed_here = False
            self._engine.catalog_changed()

    def _refresh(self, *, in_transaction: bool) -> None:
        version = self._engine.catalog_version
        if self._version != version:
            rows = self._connection.execute(_SCHEMAS).fetchall()
            self._schemas = frozenset(name for (name,) in rows) - HIDDEN_SCHEMAS | {DEFAULT_SCHEMA}
            self._tables.clear()
            self._version, self._seen_in_transaction = version, in_transaction
