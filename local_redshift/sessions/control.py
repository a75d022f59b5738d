"""BEGIN, COMMIT and ROLLBACK; SET, RESET and SHOW; and what the engine has to be told of the settings.

https://docs.aws.amazon.com/redshift/latest/dg/r_BEGIN.html, https://docs.aws.amazon.com/redshift/latest/dg/r_SET.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_redshift.errors import InvalidParameterValue, RedshiftError
from local_redshift.schema import DATABASE, DEFAULT_SCHEMA, literal, quote
from local_redshift.sessions.results import Result, Shape, query_result

if TYPE_CHECKING:
    from local_redshift.dialect.statements import Setting, Transaction
    from local_redshift.sessions.session import Session


class Control:
    """Carries out what changes one session's transaction and settings, but no tables."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection
        self._time_zone = "UTC"  # as the engine was told
        self._search_path: tuple[str, ...] = (DEFAULT_SCHEMA,)  # as the engine was told

    def transaction(self, statement: Transaction) -> Result:
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

    def setting(self, statement: Setting) -> Result:
        settings = self._session.settings
        if statement.action == "SHOW":
            sql = self.show_query(statement.name)
            return query_result(self._connection, sql, Shape.of(self._connection.sql(sql)), verb="SHOW")
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

    def show_query(self, name: str) -> str:
        settings = self._session.settings
        if name == "all":
            rows = ", ".join(f"({literal(name)}, {literal(value)})" for name, value in settings.all())
            return f"SELECT name, setting FROM (VALUES {rows}) AS s(name, setting)"
        return f"SELECT {literal(settings[name])} AS {quote(name)}"

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

    def apply_search_path(self) -> None:
        """Tell the engine, when it changed: a schema may come and go, also by another session's hand."""
        path = self._session.search_path
        if path != self._search_path:
            named = [f"{DATABASE}.{quote(name)}" for name in path]
            self._connection.execute(f"SET search_path = {literal(','.join(named) or f'{DATABASE}.main')}")
            self._search_path = path
