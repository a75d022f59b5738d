"""Carrying out translated statements: one small method for each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_redshift import plans
from local_redshift.assignments import refuse_mismatch
from local_redshift.cursors import StoredRows
from local_redshift.definitions import Definitions
from local_redshift.dialect import statements as kinds
from local_redshift.errors import (
    ActiveTransaction,
    DuplicateCursor,
    DuplicateStatement,
    InvalidCursorName,
    InvalidParameterValue,
    InvalidStatementName,
    ReadOnlyDatabase,
    RedshiftError,
    UndefinedTable,
)
from local_redshift.prepared import as_described, typed_parameters
from local_redshift.results import Result, Shape, encoding_query, fetch_rows
from local_redshift.schema import DATABASE, DEFAULT_SCHEMA, TEMPORARY_SCHEMA, literal, quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from local_redshift.prepared import Portal
    from local_redshift.schema import TableName
    from local_redshift.session import Session


# What a read-only transaction refuses, but for rows of temporary tables.
_WRITING = (
    kinds.Write,
    kinds.Copy,
    kinds.Truncate,
    kinds.Definition,
    kinds.CreateTableAs,
    kinds.DropTable,
    kinds.DropView,
    kinds.Comment,
    kinds.CreateSchema,
    kinds.DropSchema,
)


class Executor:
    """Runs the statements of one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection
        self._cursors: dict[str, StoredRows] = {}
        self._portals: list[StoredRows] = []
        self._time_zone = "UTC"  # as the engine was told
        self._search_path: tuple[str, ...] = (DEFAULT_SCHEMA,)  # as the engine was told
        self._definitions = Definitions(session.connection, session.table, session.notify)
        self.literal_values = False
        self._handlers: dict[type[kinds.Statement], Callable[[Any], Result]] = {
            kinds.Write: self._write,
            kinds.CreateTable: self._define(self._definitions.create_table),
            kinds.CreateTableAs: self._define(self._definitions.create_table_as),
            kinds.DropTable: self._drop_table,
            kinds.DropView: self._define(self._definitions.drop_view),
            kinds.CreateView: self._define(self._run_steps),
            kinds.Definition: self._define(self._run_steps),
            kinds.Comment: self._define(self._definitions.comment),
            kinds.CreateSchema: self._define(self._definitions.create_schema),
            kinds.DropSchema: self._define(self._definitions.drop_schema),
            kinds.AlterTable: self._alter_table,
            kinds.AppendTable: self._append,
            kinds.Truncate: self._truncate,
            kinds.Transaction: self._transaction,
            kinds.Setting: self._setting,
            kinds.Copy: self._copy,
            kinds.DeclareCursor: self._declare,
            kinds.FetchCursor: self._fetch,
            kinds.CloseCursor: self._close,
            kinds.Explain: self._explain,
            kinds.Prepare: self._prepare,
            kinds.Deallocate: self._deallocate,
            kinds.NoOperation: self._no_operation,
        }

    def run(self, statement: kinds.Statement, *, alone: bool) -> Result:
        """Run one statement; ``alone`` tells that it is the whole query string and needs no transaction of ours."""
        self._before(statement)
        if isinstance(statement, kinds.Query):
            self._configure(statement)
            if not alone:
                self._session.transaction.begin_implicit()
            return self._query(statement.sql, self.shape(statement))
        return self._handlers[type(statement)](statement)

    def run_portal(self, statement: kinds.Statement, portal: Portal, limit: int) -> Result:
        """Run a portal of the extended protocol, or go on with one that a limit had stopped."""
        self._before(statement)
        if isinstance(statement, kinds.Query):
            self._configure(statement)
            self._session.transaction.begin_implicit()
            return self._portal_rows(statement, portal, limit)
        if isinstance(statement, kinds.Write):
            return self._write(statement, portal.values, portal.prepared.parameter_oids)
        return self._handlers[type(statement)](statement)

    def shape(self, statement: kinds.Statement, describe: Callable[[str], str] = str) -> Shape | None:
        """The columns of what a statement returns, None for no rows; nothing is run."""
        self._apply_search_path()
        if isinstance(statement, kinds.Setting) and statement.action == "SHOW":
            return Shape.of(self._connection.sql(self._show_query(statement.name)))
        if isinstance(statement, kinds.FetchCursor):
            return self._cursor(statement.name).shape
        if isinstance(statement, kinds.Explain):
            return Shape((plans.COLUMN,), ("VARCHAR",))
        if not isinstance(statement, kinds.Query):
            return None
        return Shape.of(self._connection.sql(describe(statement.sql)))

    def _before(self, statement: kinds.Statement) -> None:
        self.literal_values = "values" in statement.source.lower() and "select" not in statement.source.lower()
        ends_block = isinstance(statement, kinds.Transaction) and statement.action != "BEGIN"
        if not ends_block:
            self._session.transaction.refuse_if_failed()
            self._refuse_if_read_only(statement)
            self.apply_settings()
            self._apply_search_path()

    def _refuse_if_read_only(self, statement: kinds.Statement) -> None:
        name = "transaction_read_only" if self._session.transaction.in_block else "default_transaction_read_only"
        if not isinstance(statement, _WRITING) or not self._session.settings.is_on(name):
            return
        if not isinstance(statement, kinds.Write) or statement.table.schema != TEMPORARY_SCHEMA:
            raise ReadOnlyDatabase("transaction is read-only")

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
        if shape is not None and portal.values:
            sql = as_described(sql, shape)
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
        if statement.assigned:
            refuse_mismatch(statement.assigned.columns, Shape.of(self._connection.sql(statement.assigned.query)).types)
        sql = typed_parameters(statement.sql, oids) if oids else statement.sql
        (count,) = self._connection.execute(sql, list(values)).fetchone() or (0,)
        return Result(f"INSERT 0 {count}" if statement.tag == "INSERT" else f"{statement.tag} {count}")

    def _copy(self, statement: kinds.Copy) -> Result:
        from local_redshift.copy import LOAD_FAILED, CopyContext, copy_table
        from local_redshift.system_tables.journal import forget

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
        session.transaction.at_commit(forget(session.query_id))
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
        self._session.transaction.commit()
        self._lock(statement.table)
        self._session.transaction.begin_implicit()
        self._connection.execute(f"TRUNCATE {statement.table.sql}")
        self._session.transaction.commit()
        if in_block:
            self._session.transaction.begin()
        return Result("TRUNCATE TABLE")

    def _append(self, statement: kinds.AppendTable) -> Result:
        if self._session.transaction.in_block:
            raise ActiveTransaction("ALTER TABLE APPEND cannot run inside a transaction block")
        self._session.transaction.commit()
        for table in (statement.target, statement.emptied):
            self._lock(table)
        self._session.transaction.begin_implicit()
        self._run_steps(statement)
        self._session.transaction.commit()
        return Result(statement.tag)

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
            if transaction.begin():
                self._session.settings.begin(statement.read_only)
            else:
                self._session.notify("there is already a transaction in progress", "WARNING")
            return Result("BEGIN")
        if not transaction.in_block:
            self._session.notify("there is no transaction in progress", "WARNING")
        if statement.action == "COMMIT":
            try:
                committed = transaction.commit()
            except Exception:
                self._roll_back()
                raise
            if committed:
                self._session.settings.commit()
                return Result("COMMIT")
        self._roll_back()
        return Result("ROLLBACK")

    def _roll_back(self) -> None:
        self._session.settings.roll_back()
        self._session.transaction.rollback()

    def _configure(self, statement: kinds.Query) -> None:
        for setting in statement.settings:
            self._setting(setting)

    def _setting(self, statement: kinds.Setting) -> Result:
        settings = self._session.settings
        if statement.action == "SHOW":
            sql = self._show_query(statement.name)
            result = self._query(sql, Shape.of(self._connection.sql(sql)))
            result.verb = "SHOW"
            return result
        before = settings.snapshot()
        if statement.action == "SET" and statement.value is not None:
            settings.set(statement.name, statement.value, local=statement.local)
        else:
            settings.reset(statement.name)
        try:
            self.apply_settings()
        except RedshiftError:
            settings.restore(before)
            raise
        if not self._session.transaction.in_block:
            settings.commit()
        return Result(statement.action)

    def apply_settings(self) -> None:
        """Tell the engine what it has to know, when it changed: at the start, by SET, or by the end of a transaction.

        Raises InvalidParameterValue for a time zone that there is not.
        """
        zone = self._session.settings["timezone"]
        if zone == self._time_zone:
            return
        try:
            self._connection.execute(f"SET TimeZone = {literal(zone)}")
        except Exception as error:
            raise InvalidParameterValue(f'invalid value for parameter "timezone": "{zone}"') from error
        self._time_zone = zone

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
            self.close_cursors()
        else:
            self._cursor(statement.name).close()
            del self._cursors[statement.name]
        return Result("CLOSE CURSOR")

    def _cursor(self, name: str) -> StoredRows:
        if name not in self._cursors:
            raise InvalidCursorName(f'cursor "{name}" does not exist')
        return self._cursors[name]

    def close_cursors(self) -> None:
        """What CLOSE ALL does, and the end of every transaction."""
        for rows in (*self._cursors.values(), *self._portals):
            rows.close()
        self._cursors.clear()
        self._portals.clear()

    # plans and prepared statements

    def _explain(self, statement: kinds.Explain) -> Result:
        (_, plan) = self._connection.execute(f"EXPLAIN (FORMAT json) {statement.sql}").fetchone() or ("", "[]")
        lines = ", ".join(f"({index}, {literal(line)})" for index, line in enumerate(plans.plan_lines(plan)))
        sql = f"SELECT line FROM (VALUES {lines}) AS plan(place, line) ORDER BY place"
        result = self._query(sql, self.shape(statement))
        result.verb = "EXPLAIN"
        return result

    def _prepare(self, statement: kinds.Prepare) -> Result:
        if statement.name in self._session.plans:
            raise DuplicateStatement(f'prepared statement "{statement.name}" already exists')
        self._session.plans[statement.name] = statement
        return Result("PREPARE")

    def _deallocate(self, statement: kinds.Deallocate) -> Result:
        if statement.name is None:
            self._session.plans.clear()
        elif self._session.plans.pop(statement.name, None) is None:
            raise InvalidStatementName(f'prepared statement "{statement.name}" does not exist')
        return Result(statement.tag)

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
