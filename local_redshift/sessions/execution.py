"""Carrying out translated statements: queries here, every other kind by whom the table of handlers names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_redshift.dialect import statements as kinds
from local_redshift.errors import (
    ActiveTransaction,
    DuplicateStatement,
    InvalidStatementName,
    ReadOnlyDatabase,
    RedshiftError,
)
from local_redshift.schema import TEMPORARY_SCHEMA, literal
from local_redshift.sessions import plans
from local_redshift.sessions.control import Control
from local_redshift.sessions.cursors import Cursors
from local_redshift.sessions.definitions import Definitions
from local_redshift.sessions.prepared import as_described, typed_parameters
from local_redshift.sessions.results import Result, Shape, query_result
from local_redshift.sessions.writes import Writes

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_redshift.sessions.prepared import Portal
    from local_redshift.sessions.session import Session

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
_PLAN = Shape((plans.COLUMN,), ("VARCHAR",))


class Executor:
    """Runs the statements of one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection
        self.control = Control(session)
        self.cursors = Cursors(session)
        self.literal_values = False
        self._writes = Writes(session)
        self._definitions = Definitions(session.connection, session.table, session.notify)
        self._handlers: dict[type[kinds.Statement], Callable[[Any], Result]] = {
            kinds.Write: self._writes.write,
            kinds.Copy: self._writes.copy,
            kinds.Unload: self._unload,
            kinds.Truncate: self._writes.truncate,
            kinds.AppendTable: self._writes.append,
            kinds.CreateTable: self._define(self._definitions.create_table),
            kinds.CreateTableAs: self._define(self._definitions.create_table_as),
            kinds.DropTable: self._drop_table,
            kinds.AlterTable: self._alter_table,
            kinds.CreateView: self._define(self._run_steps),
            kinds.DropView: self._define(self._definitions.drop_view),
            kinds.Definition: self._define(self._run_steps),
            kinds.Comment: self._define(self._definitions.comment),
            kinds.CreateSchema: self._define(self._definitions.create_schema),
            kinds.DropSchema: self._define(self._definitions.drop_schema),
            kinds.Transaction: self.control.transaction,
            kinds.Setting: self.control.setting,
            kinds.DeclareCursor: self.cursors.declare,
            kinds.FetchCursor: self.cursors.fetch,
            kinds.CloseCursor: self.cursors.close,
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
            return query_result(self._connection, statement.sql, self._described(statement.sql))
        return self._handlers[type(statement)](statement)

    def run_portal(self, statement: kinds.Statement, portal: Portal, limit: int) -> Result:
        """Run a portal of the extended protocol, or go on with one that a limit had stopped."""
        self._before(statement)
        if isinstance(statement, kinds.Query):
            self._configure(statement)
            self._session.transaction.begin_implicit()
            return self._portal_rows(statement, portal, limit)
        if isinstance(statement, kinds.Write):
            return self._writes.write(statement, portal.values, portal.prepared.parameter_oids)
        return self._handlers[type(statement)](statement)

    def shape(self, statement: kinds.Statement, describe: Callable[[str], str]) -> Shape | None:
        """The columns of what a statement returns, None for no rows; nothing is run.

        ``describe`` rewrites a query's SQL so that it can be told without its parameters' values.
        """
        match statement:
            case kinds.Query():
                return self._described(describe(statement.sql))
            case kinds.Setting(action="SHOW"):
                return self._described(self.control.show_query(statement.name))
            case kinds.FetchCursor():
                return self.cursors.shape(statement.name)
            case kinds.Explain():
                return _PLAN
        return None

    def _described(self, sql: str) -> Shape:
        self.control.apply_search_path()
        return Shape.of(self._connection.sql(sql))

    def _before(self, statement: kinds.Statement) -> None:
        self.literal_values = "values" in statement.source.lower() and "select" not in statement.source.lower()
        ends_block = isinstance(statement, kinds.Transaction) and statement.action != "BEGIN"
        if not ends_block:
            self._session.transaction.refuse_if_failed()
            self._refuse_if_read_only(statement)
            self.control.apply_settings()
            self.control.apply_search_path()

    def _refuse_if_read_only(self, statement: kinds.Statement) -> None:
        name = "transaction_read_only" if self._session.transaction.in_block else "default_transaction_read_only"
        if not isinstance(statement, _WRITING) or not self._session.settings.is_on(name):
            return
        if not isinstance(statement, kinds.Write) or statement.table.schema != TEMPORARY_SCHEMA:
            raise ReadOnlyDatabase("transaction is read-only")

    def _configure(self, statement: kinds.Query) -> None:
        for setting in statement.settings:
            self.control.setting(setting)

    def _portal_rows(self, statement: kinds.Query, portal: Portal, limit: int) -> Result:
        shape, sql = portal.prepared.shape, typed_parameters(statement.sql, portal.prepared.parameter_oids)
        if shape is None:
            raise RedshiftError("a query without columns cannot be run")
        if portal.values:
            sql = as_described(sql, shape)
        if portal.rows is None and limit == 0:
            if portal.done:
                return Result("SELECT", portal.columns, lambda: iter(()))
            portal.done = True
            return query_result(self._connection, sql, shape, portal.values, portal.formats)
        if portal.rows is None:
            portal.rows = self.cursors.store(sql, shape, portal.formats, portal.values)
        return portal.rows.suspending(limit or None)

    def _unload(self, statement: kinds.Unload) -> Result:
        from local_redshift.unload import UnloadContext, unload

        session = self._session
        session.transaction.begin_implicit()
        context = UnloadContext(self._connection, session.options.s3_root, session.stop_if_cancelled)
        count = unload(statement, context)
        session.last_unload_id, session.last_unload_count = session.query_id, count
        session.notify(f"UNLOAD completed, {count} record(s) unloaded successfully.")
        return Result("UNLOAD")

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
            self._session.lock(table)
        return self._define(self._definitions.drop_table)(statement)

    def _alter_table(self, statement: kinds.AlterTable) -> Result:
        self._session.lock(statement.table)
        return self._define(self._run_steps)(statement)

    # plans, prepared statements, and what has nothing to do here

    def _explain(self, statement: kinds.Explain) -> Result:
        (_, plan) = self._connection.execute(f"EXPLAIN (FORMAT json) {statement.sql}").fetchone() or ("", "[]")
        lines = ", ".join(f"({index}, {literal(line)})" for index, line in enumerate(plans.plan_lines(plan)))
        sql = f"SELECT line FROM (VALUES {lines}) AS plan(place, line) ORDER BY place"
        return query_result(self._connection, sql, _PLAN, verb="EXPLAIN")

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
