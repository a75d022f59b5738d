"""What a translated statement is: the shapes that the session executes.

One class a kind of statement; the fields hold DuckDB SQL, never Redshift's. ``source`` is the statement as
the client wrote it, ``tag`` the word or words that CommandComplete starts with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from local_redshift.data_types import RedshiftType
    from local_redshift.dialect.draft import Draft
    from local_redshift.schema import Column, ForeignKey, Table, TableName
    from local_redshift.unload.statement import UnloadStatement


class Catalog(Protocol):
    """What a translation may ask the session."""

    @property
    def now(self) -> datetime: ...  # start of the statement, UTC, naive

    @property
    def user(self) -> str: ...

    @property
    def database(self) -> str: ...

    @property
    def search_path(self) -> tuple[str, ...]: ...

    @property
    def last_copy_id(self) -> int: ...

    @property
    def last_copy_count(self) -> int: ...

    @property
    def last_unload_id(self) -> int: ...

    @property
    def last_unload_count(self) -> int: ...

    @property
    def session_id(self) -> int: ...

    @property
    def query_id(self) -> int: ...

    def table(self, name: TableName) -> Table | None: ...

    def system_relation(self, name: TableName) -> str | None: ...

    def open_catalog(self) -> None: ...  # before a query on the catalogs is run

    def prepared(self, name: str) -> Prepare | None: ...


@dataclass(frozen=True, kw_only=True)
class Statement:
    source: str
    tag: str


@dataclass(frozen=True, kw_only=True)
class Query(Statement):
    """Returns rows; $1, $2 ... stay as they are, ``parameters`` is the highest of them.

    ``settings`` are what set_config() sets before it answers.
    """

    sql: str
    parameters: int = 0
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Write(Statement):
    """INSERT, UPDATE, DELETE or MERGE. The count to report is that of the last statement in ``sql``."""

    sql: str
    table: TableName
    parameters: int = 0
    assigned: Assigned | None = None


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """What INSERT ... SELECT selects, and the columns that take it; None for a bare literal, which has no type yet."""

    query: str
    columns: tuple[Column | None, ...]


@dataclass(frozen=True, kw_only=True)
class Definition(Statement):
    """DuckDB statements that are run in order, in one transaction."""

    steps: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CreateTable(Definition):
    """A temporary table's name has no schema."""

    table: TableName
    temporary: bool = False
    if_not_exists: bool = False
    references: tuple[ForeignKey, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CreateTableAs(Statement):
    """CREATE TABLE AS and SELECT INTO; ``draft`` has the keys, ``names`` are those listed before AS.

    ``sizes`` has CHAR(n) or VARCHAR(n) for each column where it is known; empty if none is.
    """

    sql: str
    draft: Draft
    table: TableName
    temporary: bool = False
    if_not_exists: bool = False
    names: tuple[str, ...] = ()
    sizes: tuple[RedshiftType | None, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DropTable(Statement):
    tables: tuple[TableName, ...]
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, kw_only=True)
class CreateView(Definition):
    view: TableName
    or_replace: bool = False


@dataclass(frozen=True, kw_only=True)
class DropView(Statement):
    views: tuple[TableName, ...]
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, kw_only=True)
class CreateSchema(Statement):
    schema: str
    if_not_exists: bool = False


@dataclass(frozen=True, kw_only=True)
class DropSchema(Statement):
    schemas: tuple[str, ...]
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, kw_only=True)
class AlterTable(Definition):
    table: TableName


@dataclass(frozen=True, kw_only=True)
class Comment(Statement):
    """COMMENT ON a table, a view or a ``column`` of one; ``text`` None takes the comment away."""

    kind: str
    name: TableName
    column: str | None
    text: str | None


@dataclass(frozen=True, kw_only=True)
class AppendTable(Definition):
    """ALTER TABLE APPEND: ``emptied`` loses its rows to ``target``."""

    target: TableName
    emptied: TableName


@dataclass(frozen=True, kw_only=True)
class Truncate(Statement):
    table: TableName


@dataclass(frozen=True, kw_only=True)
class Transaction(Statement):
    action: Literal["BEGIN", "COMMIT", "ROLLBACK"]
    read_only: bool | None = None  # as BEGIN says; None where it says nothing


@dataclass(frozen=True, kw_only=True)
class Setting(Statement):
    """SET, RESET (``value`` None) and SHOW of one setting; ``name`` is ``all`` for RESET ALL and SHOW ALL."""

    action: Literal["SET", "RESET", "SHOW"]
    name: str
    value: str | None = None
    local: bool = False


@dataclass(frozen=True, kw_only=True)
class Copy(Statement):
    """COPY: the copy package reads ``source`` itself."""


@dataclass(frozen=True, kw_only=True)
class Unload(Statement):
    """UNLOAD of the query ``sql``; ``sizes`` as in CreateTableAs."""

    statement: UnloadStatement
    sql: str
    sizes: tuple[RedshiftType | None, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DeclareCursor(Statement):
    name: str
    query: Query


@dataclass(frozen=True, kw_only=True)
class FetchCursor(Statement):
    """``count`` is None for ALL."""

    name: str
    count: int | None


@dataclass(frozen=True, kw_only=True)
class CloseCursor(Statement):
    """``name`` is None for ALL."""

    name: str | None


@dataclass(frozen=True, kw_only=True)
class Explain(Statement):
    """The plan of ``sql``, as lines of text."""

    sql: str


@dataclass(frozen=True, kw_only=True)
class Prepare(Statement):
    """``text`` is the prepared statement as the client wrote it, ``types`` those of its parameters."""

    name: str
    text: str
    types: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Deallocate(Statement):
    """``name`` is None for ALL."""

    name: str | None


@dataclass(frozen=True, kw_only=True)
class NoOperation(Statement):
    """Accepted because it changes nothing that can be seen here: VACUUM, ANALYZE, GRANT ..."""

    notice: str | None = None
    outside_transaction: bool = False
