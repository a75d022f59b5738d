"""The errors that the laptop Redshift tells its clients, each with its SQLSTATE.

RedshiftError                  XX000  whatever Redshift calls an internal error, failed loads included
├── SyntaxError_               42601  the statement does not parse
├── FeatureNotSupported        0A000  Redshift refuses it, or it is not built here: always named
├── UndefinedTable             42P01
├── UndefinedColumn            42703
├── UndefinedFunction          42883
├── UndefinedObject            42704
├── AmbiguousColumn            42702
├── GroupingError              42803
├── WindowingError             42P20
├── InvalidColumnReference     42P10
├── DatatypeMismatch           42804
├── WrongObjectType            42809
├── InvalidTableDefinition     42P16
├── DuplicateTable             42P07
├── DuplicateColumn            42701
├── DuplicateSchema            42P06
├── InvalidSchemaName          3F000
├── DependentObjectsStillExist 2BP01
├── InvalidCursorName          34000
├── DuplicateCursor            42P03
├── InvalidStatementName       26000
├── DuplicateStatement         42P05  a prepared statement of that name exists
├── InvalidCatalogName         3D000  no such database
├── StatementTooComplex        54001
├── DataError                  22000
│   ├── NumericValueOutOfRange 22003
│   ├── DivisionByZero         22012
│   ├── StringTruncation       22001
│   ├── InvalidDatetime        22007
│   ├── InvalidText            22P02
│   ├── InvalidPattern         2201B  a regular expression that is none
│   └── InvalidEncoding        22021  bytes that are not UTF-8
├── ActiveTransaction          25001  a statement that may not run inside a transaction
├── InFailedTransaction        25P02  an earlier statement failed: ROLLBACK first
├── InvalidPassword            28P01
├── InvalidAuthorization       28000
├── SerializationFailure       40001  another session changed the same rows: try again
├── DeadlockDetected           40P01
├── QueryCanceled              57014
├── AdminShutdown              57P01
├── TooManyConnections         53300
├── OutOfMemory                53200
├── DiskFull                   53100
├── ObjectInUse                55006  the database file is held by another process
├── ReadOnlyDatabase           25006
├── InvalidParameterValue      22023
└── ProtocolViolation          08P01
"""

from __future__ import annotations

from typing import ClassVar


class RedshiftError(Exception):
    """What an ErrorResponse carries: message, SQLSTATE and, where known, detail, hint and place.

    ``position`` counts characters of the statement from 1, as the wire protocol does.
    """

    sqlstate: ClassVar[str] = "XX000"

    def __init__(
        self,
        message: str,
        *,
        detail: str | None = None,
        hint: str | None = None,
        position: int | None = None,
        routine: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail
        self.hint = hint
        self.position = position
        self.routine = routine


class SyntaxError_(RedshiftError):  # noqa: N801 - psycopg2 calls it so too
    sqlstate = "42601"


class FeatureNotSupported(RedshiftError):
    sqlstate = "0A000"


class UndefinedTable(RedshiftError):
    sqlstate = "42P01"


class UndefinedColumn(RedshiftError):
    sqlstate = "42703"


class UndefinedFunction(RedshiftError):
    sqlstate = "42883"


class UndefinedObject(RedshiftError):
    sqlstate = "42704"


class AmbiguousColumn(RedshiftError):
    sqlstate = "42702"


class CannotCoerce(RedshiftError):
    sqlstate = "42846"


class UndefinedParameter(RedshiftError):
    sqlstate = "42P02"


class GroupingError(RedshiftError):
    sqlstate = "42803"


class WindowingError(RedshiftError):
    sqlstate = "42P20"


class InvalidColumnReference(RedshiftError):
    sqlstate = "42P10"


class DatatypeMismatch(RedshiftError):
    sqlstate = "42804"


class WrongObjectType(RedshiftError):
    sqlstate = "42809"


class InvalidTableDefinition(RedshiftError):
    sqlstate = "42P16"


class DuplicateTable(RedshiftError):
    sqlstate = "42P07"


class DuplicateColumn(RedshiftError):
    sqlstate = "42701"


class DuplicateSchema(RedshiftError):
    sqlstate = "42P06"


class InvalidSchemaName(RedshiftError):
    sqlstate = "3F000"


class DependentObjectsStillExist(RedshiftError):
    sqlstate = "2BP01"


class InvalidCursorName(RedshiftError):
    sqlstate = "34000"


class DuplicateCursor(RedshiftError):
    sqlstate = "42P03"


class InvalidStatementName(RedshiftError):
    sqlstate = "26000"


class DuplicateStatement(RedshiftError):
    sqlstate = "42P05"


class InvalidCatalogName(RedshiftError):
    sqlstate = "3D000"


class StatementTooComplex(RedshiftError):
    sqlstate = "54001"


class DataError(RedshiftError):
    sqlstate = "22000"


class NumericValueOutOfRange(DataError):
    sqlstate = "22003"


class DivisionByZero(DataError):
    sqlstate = "22012"


class StringTruncation(DataError):
    sqlstate = "22001"


class InvalidDatetime(DataError):
    sqlstate = "22007"


class InvalidText(DataError):
    sqlstate = "22P02"


class InvalidPattern(DataError):
    sqlstate = "2201B"


class InvalidEncoding(DataError):
    sqlstate = "22021"


class ActiveTransaction(RedshiftError):
    sqlstate = "25001"


class InFailedTransaction(RedshiftError):
    sqlstate = "25P02"


class InvalidPassword(RedshiftError):
    sqlstate = "28P01"


class InvalidAuthorization(RedshiftError):
    sqlstate = "28000"


class SerializationFailure(RedshiftError):
    sqlstate = "40001"


class DeadlockDetected(RedshiftError):
    sqlstate = "40P01"


class QueryCanceled(RedshiftError):
    sqlstate = "57014"


class AdminShutdown(RedshiftError):
    sqlstate = "57P01"


class TooManyConnections(RedshiftError):
    sqlstate = "53300"


class OutOfMemory(RedshiftError):
    sqlstate = "53200"


class DiskFull(RedshiftError):
    sqlstate = "53100"


class ObjectInUse(RedshiftError):
    sqlstate = "55006"


class ReadOnlyDatabase(RedshiftError):
    sqlstate = "25006"


class InvalidParameterValue(RedshiftError):
    sqlstate = "22023"


class ProtocolViolation(RedshiftError):
    sqlstate = "08P01"


def error_class(sqlstate: str) -> type[RedshiftError]:
    """The class with this SQLSTATE; RedshiftError for one that has none of its own."""
    waiting = [RedshiftError]
    while waiting:
        kind = waiting.pop()
        if kind.sqlstate == sqlstate:
            return kind
        waiting += kind.__subclasses__()
    return RedshiftError
