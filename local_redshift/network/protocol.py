"""One client after start-up: messages in, statements run, results, notices and errors out.

https://www.postgresql.org/docs/current/protocol-flow.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_redshift.errors import (
    AdminShutdown,
    DuplicateCursor,
    DuplicateStatement,
    FeatureNotSupported,
    InvalidCursorName,
    InvalidStatementName,
    OutOfMemory,
    RedshiftError,
    StatementTooComplex,
    SyntaxError_,
)
from local_redshift.logs import LOGGER, line
from local_redshift.network.channel import Disconnected
from local_redshift.network.wire import backend, frontend

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_redshift.network.channel import Channel
    from local_redshift.sessions.prepared import Portal, Prepared
    from local_redshift.sessions.results import Result
    from local_redshift.sessions.session import Session

# https://docs.aws.amazon.com/redshift/latest/dg/c_redshift-sql.html
MAX_STATEMENT_BYTES = 16 << 20
_EXTENDED = frozenset((b"P", b"B", b"D", b"C", b"E", b"H"))
_ENDS_WITH_READY = frozenset((b"Q", b"F", b"S"))


class Conversation:
    """Speaks the protocol with one client on behalf of its session, until either side ends it.

    ``cancel`` and ``stop`` may be called by any thread, everything else only by the client's own.
    """

    def __init__(self, channel: Channel, session: Session) -> None:
        self.channel = channel
        self.session = session
        self.running = False  # a message of the client is being worked on
        self._stopping = False
        self._skipping = False  # an error in the extended protocol: nothing counts until Sync
        self._statements: dict[str, Prepared] = {}
        self._portals: dict[str, Portal] = {}
        self._handlers: dict[type, Callable[[Any], None]] = {
            frontend.Query: self._query,
            frontend.Parse: self._parse,
            frontend.Bind: self._bind,
            frontend.Describe: self._describe,
            frontend.Execute: self._execute,
            frontend.Close: self._close,
            frontend.Flush: self._flush,
            frontend.Sync: self._sync,
            frontend.FunctionCall: self._function_call,
            frontend.CopyMessage: self._copy_message,
        }

    def run(self) -> None:
        """Answer until the client leaves or ``stop`` is called.

        Raises Disconnected when the client is gone, FatalProtocolViolation when it talks rubbish,
        AdminShutdown when the server is stopping.
        """
        try:
            self._ready()
            while not self._stopping:
                kind, body = self.channel.read_message()
                if kind == frontend.TERMINATE:
                    return
                self._answer(kind, body)
        except Disconnected:
            if not self._stopping:
                raise
        raise AdminShutdown("terminating connection due to administrator command")

    def cancel(self) -> None:
        """Cancel the statement that runs now, if one does; never a later one."""
        if self.running:
            self.session.cancel()

    def stop(self) -> None:
        """Cancel what runs and read no more."""
        self._stopping = True
        self.channel.stop_reading()
        self.cancel()

    def _answer(self, kind: bytes, body: bytes) -> None:
        self.running = True
        try:
            self._work(kind, body)
        finally:
            self.running = False

    def _work(self, kind: bytes, body: bytes) -> None:
        if self._skipping and kind != b"S":
            return
        self._skipping = False
        try:
            message = frontend.decode(kind, body)
            self._handlers[type(message)](message)
        except (Disconnected, frontend.FatalProtocolViolation):
            raise
        except Exception as error:  # one statement's trouble is not the connection's
            self._fail(as_redshift_error(error))
            self._skipping = kind in _EXTENDED
        if kind in _ENDS_WITH_READY:
            self._ready()

    def _fail(self, error: RedshiftError) -> None:
        self.session.fail()
        self._tell_changes()
        self.channel.send(backend.error_response(error))
        self.channel.flush()  # a client that said Flush may wait for it before it says Sync

    def _ready(self) -> None:
        self._tell_changes()
        self.channel.send(backend.ready_for_query(self.session.transaction_status))
        self.channel.flush()

    def _tell_changes(self) -> None:
        for notice in self.session.drain_notices():
            report = backend.notice_response(notice.severity, notice.message, notice.sqlstate, notice.detail)
            self.channel.send(report)
        for name, value in self.session.drain_parameter_changes():
            self.channel.send(backend.parameter_status(name, value))

    # ------------------------------------------------------------ simple query

    def _query(self, message: frontend.Query) -> None:
        _check_size(message.sql)
        self._statements.pop("", None)
        self._drop_portal("")
        empty = True
        for result in self.session.execute(message.sql):
            empty = False
            if result.columns is not None:
                self.channel.send(backend.row_description(result.columns))
            self._send_result(result)
        if empty:
            self.channel.send(backend.EMPTY_QUERY_RESPONSE)

    def _send_result(self, result: Result) -> None:
        for chunk in result.chunks():
            self.channel.send(chunk)
        self._tell_changes()
        if result.suspended:
            self.channel.send(backend.PORTAL_SUSPENDED)
        elif result.tag:
            self.channel.send(backend.command_complete(result.tag))
        else:
            self.channel.send(backend.EMPTY_QUERY_RESPONSE)

    # ------------------------------------------------------------ extended query

    def _parse(self, message: frontend.Parse) -> None:
        _check_size(message.sql)
        if message.statement and message.statement in self._statements:
            raise DuplicateStatement(f'prepared statement "{message.statement}" already exists')
        self._statements.pop(message.statement, None)
        self._statements[message.statement] = self.session.prepare(message.sql, message.parameter_oids)
        self.channel.send(backend.PARSE_COMPLETE)

    def _bind(self, message: frontend.Bind) -> None:
        prepared = self._statement(message.statement)
        if message.portal and message.portal in self._portals:
            raise DuplicateCursor(f'cursor "{message.portal}" already exists')
        self._drop_portal(message.portal)
        portal = self.session.bind(prepared, message.values, message.formats, message.result_formats)
        self._portals[message.portal] = portal
        self.channel.send(backend.BIND_COMPLETE)

    def _describe(self, message: frontend.Describe) -> None:
        if message.target == "S":
            prepared = self._statement(message.name)
            self.channel.send(backend.parameter_description(prepared.parameter_oids))
            columns = prepared.columns
        else:
            columns = self._portal(message.name).columns
        self.channel.send(backend.NO_DATA if columns is None else backend.row_description(columns))

    def _execute(self, message: frontend.Execute) -> None:
        self._send_result(self.session.run(self._portal(message.portal), message.limit))

    def _close(self, message: frontend.Close) -> None:
        if message.target == "S":
            self._statements.pop(message.name, None)
        else:
            self._drop_portal(message.name)
        self.channel.send(backend.CLOSE_COMPLETE)

    def _flush(self, _: frontend.Flush) -> None:
        self.channel.flush()

    def _sync(self, _: frontend.Sync) -> None:
        self.session.sync()
        if self.session.transaction_status == "I":
            self._portals.clear()  # a portal lives as long as its transaction

    def _drop_portal(self, name: str) -> None:
        portal = self._portals.pop(name, None)
        if portal is not None:
            portal.close()

    def _statement(self, name: str) -> Prepared:
        try:
            return self._statements[name]
        except KeyError:
            shown = f'prepared statement "{name}"' if name else "unnamed prepared statement"
            raise InvalidStatementName(f"{shown} does not exist") from None

    def _portal(self, name: str) -> Portal:
        try:
            return self._portals[name]
        except KeyError:
            raise InvalidCursorName(f'portal "{name}" does not exist') from None

    # ------------------------------------------------------------ what Redshift does not do

    def _function_call(self, _: frontend.FunctionCall) -> None:
        raise FeatureNotSupported("the function call message is not supported: use SELECT")

    def _copy_message(self, _: frontend.CopyMessage) -> None:
        """Drop it: what a client sent on before it read that its COPY FROM STDIN is refused (0A000)."""


def as_redshift_error(error: Exception) -> RedshiftError:
    """What the client is told of ``error``; one that is not meant for users goes to the log in full."""
    if isinstance(error, RedshiftError):
        return error
    if isinstance(error, MemoryError):
        return OutOfMemory("out of memory")
    if isinstance(error, RecursionError):
        return StatementTooComplex("stack depth limit exceeded", hint="Nest the statement less deeply.")
    LOGGER.error(line("internal error", type=type(error).__name__), exc_info=error)
    return RedshiftError(f"internal error ({type(error).__name__})", detail="The server's log has the whole of it.")


def _check_size(sql: str) -> None:
    size = len(sql.encode()) if len(sql) * 4 > MAX_STATEMENT_BYTES else 0
    if size > MAX_STATEMENT_BYTES:
        raise SyntaxError_(
            f"Statement is too large. Statement Size: {size} bytes. Maximum Allowed: {MAX_STATEMENT_BYTES} bytes"
        )
