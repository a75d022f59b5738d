"""Carrying out translated statements: one small method for each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_redshift.cursors import StoredRows
from local_redshift.definitions import Definitions
from local_redshift.dialect import statements as kinds
from local_redshift.errors import (
    ActiveTransaction,
    DuplicateCursor,
    InvalidCursorName,
    InvalidParameterValue,
    RedshiftError,
    UndefinedTable,
)
from local_redshift.prepared import typed_parameters
from local_redshift.results import Result, Shape, encoding_query, fetch_rows
from local_redshift.schema import DATABASE, DEFAULT_SCHEMA, literal, quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from local_redshift.prepared import Portal
    from local_redshift.schema import TableName
    from local_redshift.session import Session


class Executor:
    """Runs the statements of one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection
        self._cursors: dict[str, StoredRows] = {}
        self._portals: list[StoredRows] = []
        self._settings_before: dict[str, str] = {}
        self._search_path: tuple[str, ...] = (DEFAULT_SCHEMA,)  # as the engine was told
        self._definitions = Definitions(session.connection, session.table, session.notify)
        self.literal_values = False
        self._handlers: dict[type[kinds.Statement], Callable[[Any], Result]] = {
            kinds.Write: self._write,
            kinds.CreateTable: self._define(self._definitions.create_table),
            kinds.DropTable: self._drop_table,
            kinds.DropView: self._define(self._definitions.drop_view),
            kinds.CreateView: self._define(self._run_steps),
            kinds.Definition: self._define(self._run_steps),
            kinds.CreateSchema: self._define(self._definitions.create_schema),
            kinds.DropSchema: self._define(self._definitions.drop_schema),
            kinds.AlterTable: self._alter_table,
            kinds.Truncate: self._truncate,
            kinds.Transaction: self._transaction,
            kinds.Setting: self._setting,
            kinds.Copy: self._copy,
            kinds.DeclareCursor: self._declare,
            kinds.FetchCursor: self._fetch,
            kinds.CloseCursor: self._close,
            kinds.NoOperation: self._no_operation,
        }

    def run(self, statement: kinds.Statement, *, alone: bool) -> Result:
        """Run one statement; ``alone`` tells that it is the whole query string and needs no transaction of ours."""
        self._before(statement)
        if isinstance(statement, kinds.Query):
            if not alone:
                self._session.transaction.begin_implicit()
            return self._query(statement.sql, self.shape(statement))
        return self._handlers[type(statement)](statement)

    def run_portal(self, statement: kinds.Statement, portal: Portal, limit: int) -> Result:
        """Run a portal of the extended protocol, or go on with one that a limit had stopped."""
        self._before(statement)
        if isinstance(statement, kinds.Query):
            self._session.transaction.begin_implicit()
            return self._portal_rows(statement, portal, limit)
        if isinstance(statement, kinds.Write):
            return self._write(statement, portal.values, portal.prepared.parameter_oids)
        return self._handlers[type(statement)](statement)

    def shape(self, statement: kinds.Statement, describe: Callable[[str], str] = str) -> Shape | None:
        """The columns of what a statement returns, None for no rows; nothing is run."""
        if isinstance(statement, kinds.Setting) and statement.action == "SHOW":
            return Shape.of(self._connection.sql(self._show_query(statement.name)))
        if isinstance(statement, kinds.FetchCursor):
            return self._cursor(statement.name).shape
        if not isinstance(statement, kinds.Query):
            return None
        return Shape.of(self._connection.sql(describe(statement.sql)))

    def _before(self, statement: kinds.Statement) -> None:
        self.literal_values = "values" in statement.source.lower() and "select" not in statement.source.lower()
        ends_block = isinstance(statement, kinds.Transaction) and statement.action != "BEGIN"
        if not ends_block:
            self._session.transaction.refuse_if_failed()
            self._apply_search_path()

    # rows

    def _query(
        self, sql: str, shape: Shape | None, values: Sequence[object] = (), formats: Sequence[int] = ()
    ) -> Result:
        if shape is None:
            raise RedshiftError("a query without columns cannot be run")
        self._connection.execute(encoding_query(sql, shape, formats), list(values))
        return Result("SELECT", shape.columns(formats), lambda: fetch_rows(self._connection))

    def _portal_rows(self, statement: kinds.Query, portal: Portal, limit: int) -> Result:
        shape, sql = portal.prepared.shape, typed_parameters(statement.sql, portal.prepared.parameter_oids)
        if portal.rows is None and limit == 0:
            if portal.done:
                return Result("SELECT", portal.columns, lambda: iter(()))
            portal.done = True
            return self._query(sql, shape, portal.values, portal.formats)
        if portal.rows is None:
            if shape is None:
                raise RedshiftError("a query without columns cannot be run")
            portal.rows = StoredRows(self._connection, sql, shape, portal.formats, portal.values)
            self._portals.append(portal.rows)
        return _suspending(_stored("SELECT", portal.rows, limit or None), portal.rows)

    # writing

    def _write(self, statement: kinds.Write, values: Sequence[object] = (), oids: Sequence[int] = ()) -> Result:
        self._lock(statement.table)
        self._session.transaction.begin_implicit()
        sql = typed_parameters(statement.sql, oids) if oids else statement.sql
        (count,) = self._connection.execute(sql, list(values)).fetchone() or (0,)
        return Result(f"INSERT 0 {count}" if statement.tag == "INSERT" else f"{statement.tag} {count}")

    def _copy(self, statement: kinds.Copy) -> Result:
        from local_redshift.copy import LOAD_FAILED, CopyContext, copy_table

        session = self._session
        session.transaction.begin_implicit()
        context = CopyContext(
            connection=self._connection,
            find_table=session.table,
            lock_table=self._lock,
            s3_root=session.options.s3_root,
            journal=session.engine.journal,
            query_id=session.query_id,
            session_id=session.session_id,
            transaction_id=session.transaction.id,
            user=session.user,
            database=session.database,
            now=session.now,
            cancelled=session.cancelled,
        )
        try:
            outcome = copy_table(statement.source, context)
        except RedshiftError as error:
            if error.routine == LOAD_FAILED:  # what fails before the load begins is not the last COPY
                session.last_copy_id, session.last_copy_count = session.query_id, 0
            raise
        session.last_copy_id, session.last_copy_count = session.query_id, outcome.rows
        for text in outcome.notices:
            session.notify(text)
        return Result("COPY")

    def _truncate(self, statement: kinds.Truncate) -> Result:
        """Commits what came before and itself; a block goes on in a new transaction.

        https://docs.aws.amazon.com/redshift/latest/dg/r_TRUNCATE.html
        """
        in_block = self._session.transaction.in_block
        table = self._session.table(statement.table)
        if table is None:
            raise UndefinedTable(f'relation "{statement.table.name}" does not exist')
        self._close_cursors()
        self._session.transaction.commit()
        self._lock(statement.table)
        self._session.transaction.begin_implicit()
        self._connection.execute(f"TRUNCATE {statement.table.sql}")
        self._session.transaction.commit()
        if in_block:
            self._session.transaction.begin()
        return Result("TRUNCATE TABLE")

    def _lock(self, table: TableName) -> None:
        # By bare name: two schemas' tables of one name may wait for each other, which does no harm.
        self._session.engine.locks.acquire(self._session.session_id, table.name, self._session.cancelled)

    # definitions

    def _define(self, carry_out: Callable[[Any], None]) -> Callable[[kinds.Statement], Result]:
        def run(statement: kinds.Statement) -> Result:
            self._session.transaction.begin_implicit()
            try:
                carry_out(statement)
            finally:
                self._session.has_defined()
            return Result(statement.tag)

        return run

    def _run_steps(self, statement: kinds.Definition) -> None:
        self._definitions.run_steps(statement.steps)

    def _drop_table(self, statement: kinds.DropTable) -> Result:
        for table in statement.tables:
            self._lock(table)
        return self._define(self._definitions.drop_table)(statement)

    def _alter_table(self, statement: kinds.AlterTable) -> Result:
        self._lock(statement.table)
        return self._define(self._run_steps)(statement)

    # transactions and settings

    def _transaction(self, statement: kinds.Transaction) -> Result:
        transaction = self._session.transaction
        if statement.action == "BEGIN":
            if not transaction.begin():
                self._session.notify("there is already a transaction in progress", "WARNING")
            self._settings_before = self._session.settings.snapshot()
            return Result("BEGIN")
        if not transaction.in_block:
            self._session.notify("there is no transaction in progress", "WARNING")
        if statement.action == "COMMIT":
            self._close_cursors()
            if transaction.commit():
                return Result("COMMIT")
        self._roll_back()
        return Result("ROLLBACK")

    def _roll_back(self) -> None:
        if self._session.transaction.in_block and self._settings_before:
            self._session.settings.restore(self._settings_before)
        self._session.transaction.rollback()
        self._cursors.clear()  # their tables went with the transaction
        self._portals.clear()

    def _setting(self, statement: kinds.Setting) -> Result:
        settings = self._session.settings
        if statement.action == "SHOW":
            sql = self._show_query(statement.name)
            result = self._query(sql, Shape.of(self._connection.sql(sql)))
            result.verb = "SHOW"
            return result
        if statement.action == "SET" and statement.value is not None:
            settings.set(statement.name, statement.value)
        else:
            settings.reset(statement.name)
        self._apply(statement.name)
        return Result(statement.action)

    def _apply(self, name: str) -> None:
        if name in {"timezone", "all"}:
            zone = self._session.settings["timezone"]
            try:
                self._connection.execute(f"SET TimeZone = {literal(zone)}")
            except Exception as error:
                raise InvalidParameterValue(f'invalid value for parameter "timezone": "{zone}"') from error

    def _apply_search_path(self) -> None:
        """Tell the engine, when it changed: a schema may come and go, also by another session's hand."""
        path = self._session.search_path
        if path != self._search_path:
            named = [f"{DATABASE}.{quote(name)}" for name in path]
            self._connection.execute(f"SET search_path = {literal(','.join(named) or f'{DATABASE}.main')}")
            self._search_path = path

    def _show_query(self, name: str) -> str:
        settings = self._session.settings
        if name == "all":
            rows = ", ".join(f"({literal(name)}, {literal(value)})" for name, value in settings.all())
            return f"SELECT name, setting FROM (VALUES {rows}) AS s(name, setting)"
        return f"SELECT {literal(settings[name])} AS {quote(name)}"

    # cursors

    def _declare(self, statement: kinds.DeclareCursor) -> Result:
        if not self._session.transaction.in_block:
            raise ActiveTransaction("DECLARE CURSOR may only be used in transaction blocks")
        if statement.name in self._cursors:
            raise DuplicateCursor(f'cursor "{statement.name}" already exists')
        shape = self.shape(statement.query)
        if shape is not None:
            self._cursors[statement.name] = StoredRows(self._connection, statement.query.sql, shape)
        return Result("DECLARE CURSOR")

    def _fetch(self, statement: kinds.FetchCursor) -> Result:
        return _stored("FETCH", self._cursor(statement.name), statement.count)

    def _close(self, statement: kinds.CloseCursor) -> Result:
        if statement.name is None:
            self._close_cursors()
        else:
            self._cursor(statement.name).close()
            del self._cursors[statement.name]
        return Result("CLOSE CURSOR")

    def _cursor(self, name: str) -> StoredRows:
        if name not in self._cursors:
            raise InvalidCursorName(f'cursor "{name}" does not exist')
        return self._cursors[name]

    def _close_cursors(self) -> None:
        if self._session.transaction.status != "E":
            for rows in (*self._cursors.values(), *self._portals):
                rows.close()
        self._cursors.clear()
        self._portals.clear()

    def _no_operation(self, statement: kinds.NoOperation) -> Result:
        if statement.outside_transaction and self._session.transaction.in_block:
            raise ActiveTransaction(f"{statement.tag} cannot run inside a transaction block")
        if statement.notice:
            self._session.notify(statement.notice)
        return Result(statement.tag)


def _stored(verb: str, rows: StoredRows, limit: int | None) -> Result:
    return Result(verb, rows.columns, lambda: rows.fetch(limit))


def _suspending(result: Result, rows: StoredRows) -> Result:
    """A portal tells, after its rows, whether there are more."""
    fetch = result.rows or (lambda: iter(()))

    def produce() -> Iterator[list[bytes]]:
        yield from fetch()
        result.suspended = not rows.exhausted

    result.rows = produce
    return result
