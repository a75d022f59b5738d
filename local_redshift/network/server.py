"""The listener: one thread for each client, cancel requests, a limit on connections, an orderly stop."""

from __future__ import annotations

import gc
import ipaddress
import itertools
import secrets
import selectors
import socket
import threading
import time
from typing import TYPE_CHECKING

from local_redshift.errors import InvalidCatalogName, RedshiftError, TooManyConnections
from local_redshift.logs import LOGGER, line
from local_redshift.network.auth import Accounts
from local_redshift.network.channel import Channel, Disconnected
from local_redshift.network.protocol import Conversation, as_redshift_error
from local_redshift.network.startup import CancelRequest, StartUp, authenticate, greet
from local_redshift.network.wire import backend
from local_redshift.schema import DATABASE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from local_redshift.engine import Engine
    from local_redshift.network.tls import Tls

# https://docs.aws.amazon.com/redshift/latest/mgmt/amazon-redshift-limits.html
MAX_CONNECTIONS = 500
# Who has not logged in yet; the next wait to be accepted. So a wrong password's delay limits guesses a second
# however many connections they come from, and no guesser takes the place of a session.
_MAX_STARTING = 100
_BACKLOG = 512
_STARTUP_SECONDS = 30.0
_WATCH_SECONDS = 1.0  # how soon a statement is cancelled whose client has gone
_FULL_SECONDS = 0.02
_STOP_SECONDS = 5.0
_FAREWELL_SECONDS = 2.0


class Server:
    """Serves ``engine`` on a loopback address; ``users`` maps names to passwords, or is one password for any name.

    ``database_name`` is what clients have to call the database; None lets each call it as it likes.
    With ``tls`` clients may ask for encryption; they need not.
    ``port`` 0 takes a free one; ``address`` tells which. Raises ValueError for an address that others can reach.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        users: Mapping[str, str] | str,
        database_name: str | None = DATABASE,
        s3_root: Path | None = None,
        tls: Tls | None = None,
        max_connections: int = MAX_CONNECTIONS,
        startup_seconds: float = _STARTUP_SECONDS,
    ) -> None:
        self._engine = engine
        self._wanted = _loopback(host, port)
        self._accounts = Accounts(users)
        self._database_name = database_name
        self._tls = tls
        self._s3_root = s3_root
        self._max_connections = max_connections
        self._startup_seconds = startup_seconds
        # Not from 1: the journal in a database file keeps the session ids of earlier runs.
        self._session_ids = itertools.count(1 + secrets.randbelow(1 << 30))
        self._guard = threading.Lock()
        self._clients: dict[threading.Thread, Channel] = {}
        self._conversations: dict[tuple[int, bytes], Conversation] = {}
        self._stopping = False

    @property
    def address(self) -> tuple[str, int]:
        host, port = self._listener.getsockname()[:2]
        return host, port

    def start(self) -> None:
        """Listen; raises OSError when the port is taken."""
        family, address = self._wanted
        self._listener = socket.create_server(address, family=family, backlog=_BACKLOG)
        self._listener.setblocking(False)
        self._wake, self._woken = socket.socketpair()
        self._acceptor = threading.Thread(target=self._accept, name="local_redshift listener", daemon=True)
        self._acceptor.start()
        LOGGER.info(line("listening", host=self.address[0], port=self.address[1]))

    def stop(self, patience: float = _STOP_SECONDS) -> None:
        """Refuse new clients, cancel what runs, tell the clients, and wait until their transactions are undone."""
        self._stopping = True
        self._wake.close()
        self._acceptor.join()
        self._listener.close()
        self._woken.close()
        with self._guard:
            channels = dict(self._clients)
        for conversation in self._talking():  # first, so that they know why nothing more can be read
            conversation.stop()
        for channel in channels.values():
            channel.stop_reading()
        deadline = time.monotonic() + patience
        for thread, channel in channels.items():
            self._await(thread, deadline)
            channel.abort()  # it neither reads nor leaves
            self._await(thread, time.monotonic() + 1.0)
            if thread.is_alive():
                LOGGER.warning(line("a statement could not be stopped", thread=thread.name))
        gc.collect()  # sessions are cycles, and DuckDB complains at exit of cursors that nobody freed
        LOGGER.info("stopped")

    def _await(self, thread: threading.Thread, deadline: float) -> None:
        while thread.is_alive() and time.monotonic() < deadline:
            # Again and again: a session may have been just before its statement at the first time.
            for conversation in self._talking():
                conversation.stop()
            thread.join(0.05)

    def _talking(self) -> list[Conversation]:
        with self._guard:
            return list(self._conversations.values())

    # ------------------------------------------------------------ the listener's thread

    def _accept(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while not self._stopping:
                try:
                    if selector.select(_WATCH_SECONDS):
                        self._welcome()
                    self._cancel_abandoned()
                except Exception:
                    LOGGER.exception("the listener goes on after an error")
                    time.sleep(0.1)  # out of file descriptors, most likely: a little later there may be one

    def _welcome(self) -> None:
        if len(self._clients) - len(self._conversations) >= _MAX_STARTING:
            time.sleep(_FULL_SECONDS)
            return
        try:
            connection, _ = self._listener.accept()
        except BlockingIOError:
            return  # the client left before its turn, or stop() was called
        connection.setblocking(True)
        channel = Channel(connection)
        thread = threading.Thread(target=self._serve, args=(channel,), name="local_redshift client", daemon=True)
        with self._guard:
            thread.start()
            self._clients[thread] = channel

    def _cancel_abandoned(self) -> None:
        for conversation in self._talking():
            if conversation.running and conversation.channel.vanished():
                LOGGER.info("the client of a running statement is gone: cancelled")
                conversation.cancel()

    # ------------------------------------------------------------ a client's thread

    def _serve(self, channel: Channel) -> None:
        channel.set_deadline(self._startup_seconds)
        try:
            wish = greet(channel, self._tls)
            if isinstance(wish, CancelRequest):
                self._cancel(wish)
            else:
                self._converse(channel, wish)
        except Disconnected as gone:
            LOGGER.info(line("connection lost", reason=gone))
        except Exception as error:
            _farewell(channel, as_redshift_error(error))
        finally:
            channel.close()
            with self._guard:
                del self._clients[threading.current_thread()]

    def _converse(self, channel: Channel, start_up: StartUp) -> None:
        from local_redshift.sessions.session import Session, SessionOptions  # heavy, with all that it imports

        authenticate(channel, start_up, self._accounts, self._tls)
        database = self._database(start_up.database)
        key = next(self._session_ids), secrets.token_bytes(4)
        options = SessionOptions(
            user=start_up.user, database=database, s3_root=self._s3_root, startup=start_up.settings
        )
        session = Session(self._engine, options, key[0])
        try:
            self._admit(key, Conversation(channel, session))
            for name, value in session.parameters.items():
                channel.send(backend.parameter_status(name, value))
            channel.send(backend.backend_key_data(*key))
            LOGGER.info(line("session started", session=key[0], user=start_up.user))
            channel.set_deadline(None)
            self._conversations[key].run()
        finally:
            with self._guard:
                self._conversations.pop(key, None)
            session.close()
            LOGGER.info(line("session ended", session=key[0]))

    def _database(self, wanted: str) -> str:
        """What the session calls its database: in lower case, as unquoted names are."""
        if self._database_name is None:
            return wanted.lower()
        if wanted != self._database_name:
            raise InvalidCatalogName(
                f'database "{wanted}" does not exist', hint=f"This warehouse has one database: {self._database_name}."
            )
        return wanted

    def _admit(self, key: tuple[int, bytes], conversation: Conversation) -> None:
        with self._guard:
            if len(self._conversations) >= self._max_connections:
                raise TooManyConnections(f'connection limit "{self._max_connections}" exceeded for non-bootstrap users')
            self._conversations[key] = conversation

    def _cancel(self, request: CancelRequest) -> None:
        """Only its own client knows the key of a session; nothing is answered, whether it fits or not."""
        with self._guard:
            conversation = self._conversations.get((request.process, request.secret))
        if conversation is None:
            LOGGER.warning(line("cancel request with a wrong key", session=request.process))
        else:
            conversation.cancel()


def _farewell(channel: Channel, error: RedshiftError) -> None:
    channel.set_deadline(_FAREWELL_SECONDS)
    try:
        channel.send(backend.error_response(error, "FATAL"))
        channel.flush()
    except Disconnected:
        LOGGER.info(line("connection lost", reason=error.message))


def _loopback(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int]]:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    if not ipaddress.ip_address(address[0]).is_loopback:
        raise ValueError(f"{host} is not a loopback address: the warehouse is for this machine alone")
    return family, (str(address[0]), port)
