"""What changes the rows of tables: INSERT, UPDATE, DELETE and MERGE, COPY, TRUNCATE, ALTER TABLE APPEND.

A table that is written is locked until the transaction ends: others wait, as for Redshift's write lock.
https://docs.aws.amazon.com/redshift/latest/dg/c_write_readwrite.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_redshift.errors import ActiveTransaction, RedshiftError
from local_redshift.sessions.assignments import refuse_mismatch
from local_redshift.sessions.prepared import typed_parameters
from local_redshift.sessions.results import Result, Shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_redshift.copy import CopyContext
    from local_redshift.dialect.statements import AppendTable, Copy, Truncate, Write
    from local_redshift.sessions.session import Session


class Writes:
    """Carries out one session's writes."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    def write(self, statement: Write, values: Sequence[object] = (), oids: Sequence[int] = ()) -> Result:
        """INSERT, UPDATE, DELETE, MERGE; ``values`` and ``oids`` are the parameters' and their types'."""
        self._session.lock(statement.table)
        self._session.transaction.begin_implicit()
        if statement.assigned:
            refuse_mismatch(statement.assigned.columns, Shape.of(self._connection.sql(statement.assigned.query)).types)
        sql = typed_parameters(statement.sql, oids) if oids else statement.sql
        (count,) = self._connection.execute(sql, list(values)).fetchone() or (0,)
        return Result(f"INSERT 0 {count}" if statement.tag == "INSERT" else f"{statement.tag} {count}")

    def copy(self, statement: Copy) -> Result:
        from local_redshift.copy import LOAD_FAILED, copy_table
        from local_redshift.system_tables.journal import forget

        session = self._session
        session.transaction.begin_implicit()
        try:
            outcome = copy_table(statement.source, self._copy_context())
        except RedshiftError as error:
            if error.routine == LOAD_FAILED:  # what fails before the load begins is not the last COPY
                session.last_copy_id, session.last_copy_count = session.query_id, 0
            raise
        session.last_copy_id, session.last_copy_count = session.query_id, outcome.rows
        session.transaction.at_commit(forget(session.query_id))
        for text in outcome.notices:
            session.notify(text)
        return Result("COPY")

    def _copy_context(self) -> CopyContext:
        from local_redshift.copy import CopyContext

        session = self._session
        return CopyContext(
            connection=self._connection,
            find_table=session.table,
            lock_table=session.lock,
            s3_root=session.options.s3_root,
            journal=session.engine.journal,
            query_id=session.query_id,
            session_id=session.session_id,
            transaction_id=session.transaction.id,
            user=session.user,
            database=session.database,
            now=session.now,
            stop_if_cancelled=session.stop_if_cancelled,
        )

    def truncate(self, statement: Truncate) -> Result:
        """Commits what came before and itself; a block goes on in a new transaction.

        https://docs.aws.amazon.com/redshift/latest/dg/r_TRUNCATE.html
        """
        in_block = self._session.transaction.in_block
        self._session.transaction.commit()
        self._session.lock(statement.table)
        self._session.transaction.begin_implicit()
        self._connection.execute(f"TRUNCATE {statement.table.sql}")
        self._session.transaction.commit()
        if in_block:
            self._session.transaction.begin()
        return Result("TRUNCATE TABLE")

    def append(self, statement: AppendTable) -> Result:
        """Moves the rows and commits; raises ActiveTransaction in a block.

        https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE_APPEND.html
        """
        if self._session.transaction.in_block:
            raise ActiveTransaction("ALTER TABLE APPEND cannot run inside a transaction block")
        self._session.transaction.commit()
        for table in (statement.target, statement.emptied):
            self._session.lock(table)
        self._session.transaction.begin_implicit()
        for step in statement.steps:
            self._connection.execute(step)
        self._session.transaction.commit()
        return Result(statement.tag)
