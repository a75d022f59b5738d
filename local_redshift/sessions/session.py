"""One client's session: statements in, results out, and the state between them."""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import duckdb

from local_redshift import engine_errors
from local_redshift.dialect import placed_statements, translate
from local_redshift.errors import RedshiftError, SyntaxError_
from local_redshift.schema import literal
from local_redshift.sessions.execution import Executor
from local_redshift.sessions.interruption import Interruption
from local_redshift.sessions.known_tables import KnownTables
from local_redshift.sessions.prepared import Portal, Prepared, describing_query, read_parameters
from local_redshift.sessions.results import Result
from local_redshift.sessions.settings import REPORTED, Settings
from local_redshift.sessions.transactions import TransactionState
from local_redshift.system_tables.catalog import CATALOG, session_variables
from local_redshift.system_tables.unanswered import log_if_catalog_query

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from local_redshift.dialect.statements import Prepare
    from local_redshift.engine import Engine
    from local_redshift.schema import Table, TableName
    from local_redshift.sessions.transactions import Status

_query_ids = itertools.count(100)
# What rs.database_name() and rs.user_name() give the system views.
_INTRODUCTION = "SET VARIABLE database_name = {database}; SET VARIABLE user_name = {user}"


@dataclass(frozen=True)
class SessionOptions:
    """What a client and its server agreed on at the start."""

    user: str
    database: str = "dev"
    s3_root: Path | None = None
    startup: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Notice:
    message: str
    severity: str = "INFO"
    sqlstate: str = "00000"
    detail: str | None = None


class Session:
    """Used by one thread, but for ``cancel``, which any thread may call."""

    def __init__(self, engine: Engine, options: SessionOptions, session_id: int) -> None:
        self.engine = engine
        self.options = options
        self.session_id = session_id
        self.settings = Settings(options.user)
        self.connection = engine.cursor()
        self.connection.execute(_INTRODUCTION.format(database=literal(options.database), user=literal(options.user)))
        self.transaction = TransactionState(self.connection, self._transaction_ended)
        self.query_id = 0
        self._catalog_opened_for = -1
        self.last_copy_id = -1
        self.last_copy_count = 0
        self.last_unload_id = -1
        self.last_unload_count = 0
        self.now = datetime.now(UTC).replace(tzinfo=None)
        self.plans: dict[str, Prepare] = {}
        self._notices: list[Notice] = []
        self._known = KnownTables(engine, self.connection)
        self._executor = Executor(self)
        self._interruption = Interruption(self.connection)
        for name, value in options.startup.items():
            self.settings.set(name, value)
        self._executor.control.apply_settings()
        self._reported = self.parameters
        self.started = self.now
        engine.sessions[session_id] = self

    # what the protocol asks

    @property
    def transaction_status(self) -> Status:
        return self.transaction.status

    @property
    def parameters(self) -> dict[str, str]:
        return {reported: self.settings[name] for name, reported in REPORTED.items()} | {"integer_datetimes": "on"}

    def drain_notices(self) -> list[Notice]:
        notices, self._notices = self._notices, []
        return notices

    def drain_parameter_changes(self) -> list[tuple[str, str]]:
        now = self.parameters
        changed = [(name, value) for name, value in now.items() if self._reported[name] != value]
        self._reported = now
        return changed

    # what a translation asks (dialect.Catalog)

    @property
    def user(self) -> str:
        return self.options.user

    @property
    def database(self) -> str:
        return self.options.database

    @property
    def search_path(self) -> tuple[str, ...]:
        setting = self.settings["search_path"].replace("$user", self.user)
        return self._known.search_path(setting, in_transaction=self.transaction.is_open)

    def table(self, name: TableName) -> Table | None:
        return self._known.table(name, self.search_path, in_transaction=self.transaction.is_open)

    def has_defined(self) -> None:
        self._known.changed()

    def lock(self, table: TableName) -> None:
        """Keep others from writing the table until this transaction ends; wait where another session does so.

        By bare name: two schemas' tables of one name may wait for each other, which does no harm.
        """
        self.engine.locks.acquire(self.session_id, table.name, self.stop_if_cancelled)

    def _transaction_ended(self) -> None:
        self._known.transaction_ended()
        self._executor.cursors.close_all()
        self.engine.locks.release(self.session_id)

    def system_relation(self, name: TableName) -> str | None:
        known = f"information_schema_{name.name}" if name.schema == "information_schema" else name.name
        if name.schema not in {None, "pg_catalog", "information_schema"}:
            return None
        if known in self.engine.system_relations:
            return f"rs.{known}"
        if known not in self.engine.catalog.names:
            if self.engine.catalog.made and self.table(name) is None:
                self.open_catalog()  # a view, maybe one over the catalogs
            return None
        self.open_catalog()
        return f"{CATALOG}.{known}"

    def open_catalog(self) -> None:
        """Have the catalogs made, and tell their views what they are to know of this session, once a statement."""
        if self._catalog_opened_for == self.query_id or self.transaction.status == "E":
            return
        self.engine.catalog.make()
        for name, value in session_variables(self).items():
            self.connection.execute(f"SET VARIABLE {name} = {value}")
        self._catalog_opened_for = self.query_id

    def prepared(self, name: str) -> Prepare | None:
        return self.plans.get(name)

    # simple query protocol

    def execute(self, sql: str) -> Iterator[Result]:
        """Every statement of ``sql`` in turn, in one transaction where the client opened none.

        Each result's rows are to be consumed before the next result is asked for.
        Raises RedshiftError; what the failed statement's transaction did is then undone.
        """
        with self._statement():
            sources = placed_statements(sql)
        if not sources:
            yield Result("")
        for index, (offset, source) in enumerate(sources):
            yield self._run_source(source, offset, alone=len(sources) == 1, last=index == len(sources) - 1)

    def _run_source(self, source: str, offset: int, *, alone: bool, last: bool) -> Result:
        with self._statement(source, offset):
            statement = translate(source, self)
            result = self._executor.run(statement, alone=alone)
            if result.columns is None:
                self._finish(last)
                return result
        return result.guarded(lambda: self._statement(source, offset), lambda: self._finish(last))

    def _finish(self, last: bool) -> None:
        if last:
            self.transaction.end_implicit()

    # extended query protocol

    def prepare(self, sql: str, parameter_oids: Sequence[int] = ()) -> Prepared:
        """Parse one statement and tell its columns without running it."""
        with self._statement():
            sources = placed_statements(sql)
            if len(sources) > 1:
                raise SyntaxError_("cannot insert multiple commands into a prepared statement")
        if not sources:
            return Prepared(None)
        offset, source = sources[0]
        with self._statement(source, offset):
            statement = translate(source, self)
            count = getattr(statement, "parameters", 0)
            oids = (*parameter_oids, *[0] * count)[: max(count, len(parameter_oids))]
            return Prepared(statement, oids, self._executor.shape(statement, lambda sql: describing_query(sql, oids)))

    def bind(
        self,
        prepared: Prepared,
        values: Sequence[bytes | None],
        formats: Sequence[int],
        result_formats: Sequence[int],
    ) -> Portal:
        """Give a prepared statement its parameters' values."""
        with self._statement():
            read = read_parameters(prepared.parameter_oids, values, formats)
        return Portal(prepared, read, tuple(result_formats))

    def run(self, portal: Portal, limit: int = 0) -> Result:
        """Run a portal, or go on with it; ``limit`` rows at most, 0 for all."""
        statement = portal.prepared.statement
        if statement is None:
            return Result("")
        with self._statement(statement.source):
            result = self._executor.run_portal(statement, portal, limit)
        return result.guarded(self._statement, lambda: None) if result.columns is not None else result

    def sync(self) -> None:
        """The end of a series of extended messages: what it did without BEGIN is committed."""
        with self._statement():
            self.transaction.end_implicit()

    def fail(self) -> None:
        """The protocol sent an error: the transaction cannot go on."""
        self.transaction.fail()

    # statements, cancelling, the end

    @contextmanager
    def _statement(self, source: str = "", offset: int = 0) -> Iterator[None]:
        """Around everything the engine does for a statement: cancelling, time limit, errors in Redshift's words.

        ``source`` stands ``offset`` characters into the client's query string: errors tell their place in that.
        """
        self.query_id = next(_query_ids)
        self.now = datetime.now(UTC).replace(tzinfo=None)
        with self._interruption.possible(int(self.settings["statement_timeout"])):
            try:
                yield
            except RedshiftError as error:
                self.transaction.fail()
                _place(error, source, offset)
                log_if_catalog_query(source, error)
                raise
            except duckdb.Error as error:
                self.transaction.fail()
                told = engine_errors.from_duckdb(error, self.query_id, literal_values=self._executor.literal_values)
                _place(told, source, offset)
                log_if_catalog_query(source, told)
                raise told from error
            except BaseException:
                self.transaction.fail()
                raise

    def cancel(self) -> None:
        """Stop the statement that is running now, if any; never a later one. Does not wait for its end."""
        self._interruption.cancel()

    def stop_if_cancelled(self) -> None:
        self._interruption.stop_if_cancelled()

    def notify(self, message: str, severity: str = "INFO") -> None:
        self._notices.append(Notice(message, severity))

    def close(self) -> None:
        """Roll back what is open and let go of every lock."""
        self._interruption.close()
        try:
            self.transaction.rollback()
        finally:
            self.engine.locks.release(self.session_id)
            self.engine.sessions.pop(self.session_id, None)
            self.connection.close()


def _place(error: RedshiftError, source: str, offset: int) -> None:
    if source:
        from local_redshift.dialect.places import place  # the parser: not for statements that succeed

        place(error, source, offset)
