"""Statements run in order, in one transaction, each timed and counted; or nothing of it happened."""

from __future__ import annotations

import re
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from warehouse import load_errors
from warehouse.errors import ConnectionLost, Interrupted, LoadFailed, StatementFailed, WarehouseError
from warehouse.redaction import redact
from warehouse.remedies import STATEMENTS, remedy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager

    from warehouse.connection import Warehouse
    from warehouse.statements import Statement

_ONLY_ASKED = "A SELECT changes nothing: run it again."
_UNCERTAIN = (
    "Within the transaction nothing is kept, but a COMMIT under way may have arrived: look at "
    "SELECT * FROM sys_load_history ORDER BY start_time DESC before you run it again."
)


class Outcome(NamedTuple):
    """What became of a statement; ``rows`` is None where rows are not its business."""

    statement: Statement
    rows: int | None
    seconds: float
    warnings: tuple[str, ...] = ()


class Answer(NamedTuple):
    """What a SELECT gave: the names of its columns, and its rows."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class Progress(Protocol):
    """Who is told while the statements run."""

    def running(self, statement: Statement) -> AbstractContextManager[object]: ...
    def done(self, outcome: Outcome) -> None: ...


class Silent:
    """Progress that nobody need see."""

    def running(self, statement: Statement) -> AbstractContextManager[object]:  # noqa: ARG002
        return nullcontext()

    def done(self, outcome: Outcome) -> None: ...


def run(warehouse: Warehouse, statements: Sequence[Statement], progress: Progress) -> list[Outcome]:
    """Run all statements in one transaction and commit it; on any failure roll back.

    Statements that commit by themselves (TRUNCATE, an END in the text) end one transaction and start the next.
    Raises StatementFailed, LoadFailed, ConnectionLost, Interrupted.
    """
    outcomes: list[Outcome] = []
    current = "the start"
    try:
        for statement in statements:
            current = statement.label
            with progress.running(statement):
                outcome = _execute(warehouse, statement)
            outcomes.append(outcome)
            progress.done(outcome)
        current = "COMMIT"
        warehouse.connection.commit()
    except psycopg2.Error as error:
        raise _failure(warehouse, current, error) from None
    except KeyboardInterrupt:
        _roll_back(warehouse)
        raise _interrupted(current) from None
    return outcomes


def count_rows(warehouse: Warehouse, tables: Iterable[str]) -> dict[str, int]:
    """How many rows each table holds; without those that are no more. Raises as ``run`` does."""
    counts = {}
    for table in tables:
        quoted = ".".join(f'"{part}"' for part in table.split("."))
        try:
            with warehouse.connection.cursor() as cursor:
                counts[table] = _scalar(cursor, f"SELECT COUNT(*) FROM {quoted}")
        except psycopg2.errors.UndefinedTable:
            pass
        except psycopg2.Error as error:
            raise _failure(warehouse, "SELECT COUNT(*)", error) from None
        finally:
            _roll_back(warehouse)
    return counts


def ask(warehouse: Warehouse, selects: Iterable[Statement], progress: Progress) -> list[Answer]:
    """The answers to all SELECTs, of one moment: one transaction. From then on the connection can write nothing.

    Raises as ``run`` does.
    """
    answers: list[Answer] = []
    current = "BEGIN"
    try:
        warehouse.connection.set_session(readonly=True)
        for select in selects:
            current = select.label
            started = time.perf_counter()
            with progress.running(select), warehouse.connection.cursor() as cursor:
                cursor.execute(select.sql)
                answers.append(Answer(tuple(column.name for column in cursor.description or ()), cursor.fetchall()))
            if warehouse.ctrl_c.pressed:
                raise KeyboardInterrupt  # the statement was done before the cancel request came
            progress.done(Outcome(select, None, time.perf_counter() - started))
        _roll_back(warehouse)
    except psycopg2.Error as error:
        raise _failure(warehouse, current, error) from None
    except KeyboardInterrupt:
        _roll_back(warehouse)
        raise _interrupted(current) from None
    return answers


def _execute(warehouse: Warehouse, statement: Statement) -> Outcome:
    connection = warehouse.connection
    connection.notices.clear()
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(statement.sql)
        rows = cursor.rowcount if statement.counts_rows and cursor.rowcount >= 0 else None
        if statement.verb == "COPY":
            rows = _scalar(cursor, "SELECT pg_last_copy_count()")  # rowcount means nothing after a COPY
    if connection.info.transaction_status == TRANSACTION_STATUS_IDLE:
        # psycopg2 believes that its transaction is still open and would send no BEGIN: each further statement
        # would then be committed by itself.
        connection.commit()
    if warehouse.ctrl_c.pressed:
        raise KeyboardInterrupt  # the statement was done before the cancel request came
    return Outcome(statement, rows, time.perf_counter() - started, _warnings(connection.notices))


def _scalar(cursor: psycopg2.extensions.cursor, query: str) -> int:
    cursor.execute(query)
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def _warnings(notices: Iterable[str]) -> tuple[str, ...]:
    """Rows that MAXERROR let a COPY skip; other notices are noise."""
    return tuple(" ".join(notice.split()) for notice in notices if "could not be loaded" in notice)


def _roll_back(warehouse: Warehouse) -> None:
    if not warehouse.connection.closed:
        warehouse.connection.rollback()


def _failure(warehouse: Warehouse, current: str, error: psycopg2.Error) -> WarehouseError:
    """Roll back, then say what happened."""
    connection = warehouse.connection
    text = redact(_message(error), warehouse.settings.password)
    try:
        _roll_back(warehouse)
    except psycopg2.Error:
        connection.close()
    if connection.closed:
        hint = _ONLY_ASKED if current.startswith("SELECT ") else _UNCERTAIN
        return ConnectionLost(f"The connection was lost during {current}: {text}", hint)
    if warehouse.ctrl_c.pressed:
        return _interrupted(current)
    if current.startswith("COPY "):
        return _failed_load(warehouse, current, text)
    return StatementFailed(f"{current} failed: {text}", _hint(warehouse, text))


def _failed_load(warehouse: Warehouse, current: str, text: str) -> LoadFailed:
    if not re.search(r"stl_load_errors|sys_load_error_detail", text):
        return LoadFailed(f"{current} failed: {text}", _hint(warehouse, text))
    errors, hint = load_errors.explain(warehouse.connection)
    what = redact(errors, warehouse.settings.password) or text
    return LoadFailed(f"{current} failed:\n{what}", hint)


def _hint(warehouse: Warehouse, text: str) -> str:
    hint = remedy(STATEMENTS, text)
    root = warehouse.settings.s3_root
    if "[S3]" in hint and warehouse.settings.on_laptop and root:
        hint += f" On the laptop s3://bucket/key is {root}/bucket/key ([LOCAL] S3_ROOT)."
    return hint


def _message(error: psycopg2.Error) -> str:
    """The server's message, detail and hint; where there is none of the server, what the driver says."""
    told = error.diag.message_primary
    if not told:
        return " ".join(str(error).split())
    detail = error.diag.message_detail or ""
    # Compute nodes send a block of fields between lines of dashes; its context is the part for people.
    block = re.search(r"context:[ \t]*(.*)", detail)
    parts = (told, block[1] if block else detail, error.diag.message_hint or "")
    return " ".join(_sentence(part) for part in parts if part.strip())


def _sentence(text: str) -> str:
    line = " ".join(text.split())
    return line if line.endswith((".", "!", "?")) else f"{line}."


def _interrupted(current: str) -> Interrupted:
    return Interrupted(f"Interrupted: {current} was cancelled and the transaction rolled back.")
