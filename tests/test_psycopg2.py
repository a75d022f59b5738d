"""psycopg2: connections and their options, transactions, types both ways, errors; and what Redshift refuses it."""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import time
import uuid
from contextlib import closing
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import psycopg2
import pytest
from clients import SLOW, ask, dsn, opened
from psycopg2 import errors, extensions, extras, sql

from local_redshift import embedded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg2.extensions import connection as Connection  # noqa: N812


@pytest.fixture(scope="module")
def warehouse() -> Iterator[embedded.Connection]:
    """One for all tests of this file; each works in tables of its own."""
    with embedded.start() as parameters:
        yield parameters


@pytest.fixture
def connection(warehouse: embedded.Connection) -> Iterator[Connection]:
    yield from opened(warehouse)


def rows(connection: Connection, statement: Any, parameters: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


# ---------------------------------------------------------------- connecting


def test_what_the_server_says_of_itself(connection: Connection) -> None:
    assert connection.server_version == 80002
    assert connection.protocol_version == 3
    assert {
        name: connection.get_parameter_status(name) for name in ("server_version", "client_encoding", "DateStyle")
    } == {
        "server_version": "8.0.2",
        "client_encoding": "UNICODE",
        "DateStyle": "ISO, MDY",
    }
    assert connection.get_parameter_status("standard_conforming_strings") is None  # Redshift has none
    assert connection.info.backend_pid == rows(connection, "SELECT pg_backend_pid()")[0][0]
    assert (connection.info.dbname, connection.info.user) == ("dev", "awsuser")


@pytest.mark.parametrize(
    ("options", "name", "value"),
    [
        ({"options": "-c search_path=one,two"}, "search_path", "one,two"),
        ({"options": r"-c search_path=one,\ two -c statement_timeout=5000"}, "statement_timeout", "5000"),
        ({"options": "--query_group=night"}, "query_group", "night"),
        ({"options": "-c timezone=America/New_York"}, "timezone", "America/New_York"),
        ({"application_name": "a loader"}, "application_name", "a loader"),
        ({"fallback_application_name": "psql"}, "application_name", "psql"),
        ({"client_encoding": "utf8"}, "client_encoding", "UTF8"),
        (
            {"keepalives": 1, "keepalives_idle": 200, "keepalives_count": 6, "connect_timeout": 10},
            "query_group",
            "unset",
        ),
        ({"target_session_attrs": "any", "gssencmode": "prefer"}, "query_group", "unset"),
    ],
)
def test_options_of_a_connection(
    warehouse: embedded.Connection, options: dict[str, Any], name: str, value: str
) -> None:
    assert ask(dsn(warehouse, **options), f"SHOW {name}") == [(value,)]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("-c nonsense=1", 'unrecognized configuration parameter "nonsense"'),
        ("-c timezone=Nowhere", 'invalid value for parameter "timezone": "Nowhere"'),
        ("-c client_encoding=latin1", 'invalid value for parameter "client_encoding": "latin1"'),
        ("-c server_version=16", 'parameter "server_version" cannot be changed'),
        ("--nonsense", "invalid command-line argument for server process: --nonsense"),
    ],
)
def test_wrong_options_are_named(warehouse: embedded.Connection, options: str, said: str) -> None:
    with pytest.raises(psycopg2.OperationalError) as caught:
        psycopg2.connect(dsn(warehouse, options=options))
    assert f"FATAL:  {said}" in str(caught.value)


def test_the_time_zone_of_a_connection_counts(warehouse: embedded.Connection) -> None:
    with closing(psycopg2.connect(dsn(warehouse, options="-c timezone=America/New_York"))) as connection:
        assert connection.get_parameter_status("TimeZone") == "America/New_York"
        ((moment,),) = rows(connection, "SELECT '2018-11-15 12:00'::timestamptz")
        assert (moment.isoformat(), moment.utcoffset()) == ("2018-11-15T12:00:00-05:00", dt.timedelta(hours=-5))
        rows(connection, "SET timezone TO 'UTC'; SELECT 1")
        connection.rollback()  # and with the transaction goes the setting, in the engine too
        assert rows(connection, "SELECT '2018-11-15 12:00'::timestamptz")[0][0] == moment


@pytest.mark.parametrize("encoding", ["UTF8", "utf-8", "UNICODE", "SQL_ASCII"])
def test_encodings(connection: Connection, encoding: str) -> None:
    connection.set_client_encoding(encoding)
    assert rows(connection, "SELECT 'abc', %s", ("abc",)) == [("abc", "abc")]


@pytest.mark.parametrize("encoding", ["LATIN1", "WIN1252", "EUC_JP"])
def test_other_encodings_are_refused(connection: Connection, encoding: str) -> None:
    with pytest.raises(errors.InvalidParameterValue, match="Use UTF8"):
        connection.set_client_encoding(encoding)
    assert rows(connection, "SELECT 'é'") == [("é",)]


def test_reset_and_notices(connection: Connection) -> None:
    connection.autocommit = True
    rows(connection, "SET query_group TO 'x'; SELECT 1")
    connection.reset()
    assert rows(connection, "SHOW query_group") == [("unset",)]
    del connection.notices[:]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS no_such_table")
    assert connection.notices == ['INFO:  Table "no_such_table" does not exist and will be skipped\n']


# ---------------------------------------------------------------- transactions


def test_with_connection_commits_or_rolls_back(connection: Connection) -> None:
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (i INT)")
        cursor.execute("INSERT INTO kept VALUES (1)")
    with pytest.raises(errors.DivisionByZero), connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO kept VALUES (2); DROP TABLE kept; SELECT 1 / 0")
    assert not connection.closed
    assert rows(connection, "SELECT i FROM kept") == [(1,)]


@pytest.mark.parametrize(
    "level",
    [
        extensions.ISOLATION_LEVEL_READ_UNCOMMITTED,
        extensions.ISOLATION_LEVEL_READ_COMMITTED,
        extensions.ISOLATION_LEVEL_REPEATABLE_READ,
        extensions.ISOLATION_LEVEL_SERIALIZABLE,
    ],
)
def test_isolation_levels_are_accepted(connection: Connection, level: int) -> None:
    connection.set_isolation_level(level)
    assert rows(connection, "SELECT 1") == [(1,)]
    assert connection.info.transaction_status == extensions.TRANSACTION_STATUS_INTRANS


@pytest.mark.parametrize("autocommit", [True, False])
def test_a_read_only_session_reads_only(connection: Connection, autocommit: bool) -> None:
    connection.autocommit = True
    name = f"read_only_{autocommit}".lower()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {name} (i INT)")
        cursor.execute(f"CREATE TEMP TABLE {name}_temporary (i INT)")
        connection.set_session(readonly=True, autocommit=autocommit, isolation_level="SERIALIZABLE")
        for statement in (
            f"INSERT INTO {name} VALUES (1)",
            f"UPDATE {name} SET i = 2",
            f"DELETE FROM {name}",
            f"TRUNCATE {name}",
            f"DROP TABLE {name}",
            f"ALTER TABLE {name} ADD COLUMN j INT",
            "CREATE TABLE other (i INT)",
            "CREATE SCHEMA other",
            "CREATE VIEW other AS SELECT 1 AS i",
            f"COPY {name} FROM 's3://bucket/key' IAM_ROLE 'arn:aws:iam::0:role/r' JSON 'auto'",
        ):
            with pytest.raises(errors.ReadOnlySqlTransaction, match=r"^transaction is read-only$"):
                cursor.execute(statement)
            connection.rollback()
        cursor.execute(f"SELECT COUNT(*) FROM {name}")
        assert cursor.fetchall() == [(0,)]
        cursor.execute(f"INSERT INTO {name}_temporary VALUES (1)")  # rows of one's own may come and go
        connection.rollback()
        connection.set_session(readonly=False)
        cursor.execute(f"INSERT INTO {name} VALUES (1)")
        assert cursor.rowcount == 1
    connection.rollback()


def test_deferrable_is_too_new(connection: Connection) -> None:
    with pytest.raises(psycopg2.ProgrammingError, match=r"only available from PostgreSQL 9\.1"):
        connection.set_session(deferrable=True)


def test_set_local_ends_with_the_transaction(connection: Connection) -> None:
    with connection, connection.cursor() as cursor:
        cursor.execute("SET LOCAL query_group TO 'night'; SHOW query_group")
        assert cursor.fetchall() == [("night",)]
        cursor.execute("SET statement_timeout TO 60000")
    assert rows(connection, "SHOW query_group") == [("unset",)]
    assert rows(connection, "SHOW statement_timeout") == [("60000",)]


def test_an_error_blocks_the_transaction_until_its_end(connection: Connection) -> None:
    with pytest.raises(errors.DivisionByZero):
        rows(connection, "SELECT 1 / 0")
    assert connection.info.transaction_status == extensions.TRANSACTION_STATUS_INERROR
    with pytest.raises(errors.InFailedSqlTransaction):
        rows(connection, "SELECT 1")
    connection.rollback()
    assert rows(connection, "SELECT 1") == [(1,)]


# ---------------------------------------------------------------- types

DAY = dt.date(2018, 11, 15)
MOMENT = dt.datetime(2018, 11, 15, 0, 30, 26, 796000)
IN_ROME = MOMENT.replace(tzinfo=dt.timezone(dt.timedelta(hours=1)))


@pytest.mark.parametrize(
    ("value", "cast", "back"),
    [
        (None, "INT", None),
        (True, "BOOL", True),
        (-32767, "SMALLINT", -32767),
        (2**63 - 1, "BIGINT", 2**63 - 1),
        (1.5, "REAL", 1.5),
        (0.1, "DOUBLE PRECISION", 0.1),
        (math.inf, "DOUBLE PRECISION", math.inf),
        (Decimal("12345678901234567890.12345"), "DECIMAL(30,5)", Decimal("12345678901234567890.12345")),
        (Decimal("-0.10"), "DECIMAL(5,2)", Decimal("-0.10")),
        ("it's a \\ and a %", "VARCHAR", "it's a \\ and a %"),
        ("Björk 坂本 \U0001f3b5\n\t", "VARCHAR(100)", "Björk 坂本 \U0001f3b5\n\t"),
        ("", "VARCHAR", ""),
        (DAY, "DATE", DAY),
        (dt.date(9999, 12, 31), "DATE", dt.date(9999, 12, 31)),
        (MOMENT, "TIMESTAMP", MOMENT),
        (IN_ROME, "TIMESTAMPTZ", IN_ROME),
        (dt.time(23, 59, 59, 999999), "TIME", dt.time(23, 59, 59, 999999)),
        (dt.timedelta(days=3, seconds=7), "INTERVAL", dt.timedelta(days=3, seconds=7)),
    ],
)
def test_values_go_and_come(connection: Connection, value: object, cast: str, back: object) -> None:
    for statement in ("SELECT %s", f"SELECT %s::{cast}"):
        assert rows(connection, statement, (value,)) == [(back if "::" in statement else _untyped(back),)]


def _untyped(value: object) -> object:
    """What a bare parameter is: a number with a point is a NUMERIC, everything else as it was."""
    return Decimal(str(value)) if isinstance(value, float) and math.isfinite(value) else value


def test_lists_of_values(connection: Connection) -> None:
    assert rows(connection, "SELECT 'b' IN %s, %(s)s IS NULL".replace("%(s)s", "%s"), (("a", "b"), None)) == [
        (True, True)
    ]
    with pytest.raises(errors.FeatureNotSupported, match="ARRAY"):
        rows(connection, "SELECT %s", ([1, 2],))


def test_json_and_super(connection: Connection) -> None:
    document = {"a": [1, "é'"], "b": None}
    assert rows(connection, "SELECT %s", (extras.Json(document),)) == [('{"a": [1, "\\u00e9\'"], "b": null}',)]
    ((text,),) = rows(connection, "SELECT json_parse(%s)", (extras.Json(document),))
    assert json.loads(text) == document


def test_a_uuid_is_a_string(connection: Connection) -> None:
    extras.register_uuid(conn_or_curs=connection)  # type: ignore[no-untyped-call]
    own = uuid.UUID("44e1cbe6-aff4-484e-8815-37b628ed0a2a")
    assert rows(connection, "SELECT %s", (str(own),)) == [(str(own),)]
    with pytest.raises(errors.UndefinedObject, match='type "uuid" does not exist'):
        rows(connection, "SELECT %s", (own,))


def test_description(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1::SMALLINT a, 2::INT b, 3::BIGINT c, 1.5::DECIMAL(10,2) d, 1::REAL e, 1::FLOAT f, 'x'::VARCHAR g,"
            " true h, CURRENT_DATE i, GETDATE() j, SYSDATE::TIMESTAMPTZ k, '01:02'::TIME l"
        )
        assert cursor.description is not None
        told = [(c.name, c.type_code, c.internal_size, c.precision, c.scale) for c in cursor.description]
    assert told == [
        ("a", 21, 2, None, None),
        ("b", 23, 4, None, None),
        ("c", 20, 8, None, None),
        ("d", 1700, 10, 10, 2),
        ("e", 700, 4, None, None),
        ("f", 701, 8, None, None),
        ("g", 1043, -1, None, None),
        ("h", 16, 1, None, None),
        ("i", 1082, 4, None, None),
        ("j", 1114, 8, None, None),
        ("k", 1184, 8, None, None),
        ("l", 1083, 8, None, None),
    ]


def test_the_type_objects_of_the_db_api_compare(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1, 'x', GETDATE(), 1.5")
        assert cursor.description is not None
        kinds = [column.type_code for column in cursor.description]
    assert kinds == [psycopg2.NUMBER, psycopg2.STRING, psycopg2.DATETIME, psycopg2.NUMBER]


def test_mogrify_and_composition(connection: Connection) -> None:
    with connection.cursor() as cursor:
        assert (
            cursor.mogrify("SELECT %s, %(a)s".replace("%(a)s", "%s"), ("a'\\b", DAY))
            == rb"SELECT 'a''\\b', '2018-11-15'::date"
        )
        cursor.execute('CREATE TABLE "composed of parts" ("select" INT, b VARCHAR(20))')
        names = ["select", "b"]
        cursor.execute(
            sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                sql.Identifier("public", "composed of parts"),
                sql.SQL(", ").join(map(sql.Identifier, names)),
                sql.SQL(", ").join(sql.Placeholder(name) for name in names),
            ),
            {"select": 7, "b": "it's"},
        )
        cursor.execute(
            sql.SQL("SELECT b FROM {table} WHERE {column} = {value}").format(
                table=sql.Identifier("composed of parts"), column=sql.Identifier("select"), value=sql.Literal(7)
            )
        )
        assert cursor.fetchall() == [("it's",)]


def test_status_and_counts(connection: Connection) -> None:
    with connection.cursor() as cursor:
        for statement, status, count in (
            ("CREATE TABLE counted (i INT)", "CREATE TABLE", -1),
            ("INSERT INTO counted VALUES (1), (2), (3)", "INSERT 0 3", 3),
            ("UPDATE counted SET i = 0 WHERE i > 1", "UPDATE 2", 2),
            ("SELECT * FROM counted", "SELECT", 3),
            ("DELETE FROM counted", "DELETE 3", 3),
            ("SELECT 1; SELECT 2 WHERE FALSE", "SELECT", 0),
        ):
            cursor.execute(statement)
            assert ((cursor.statusmessage or "").startswith(status), cursor.rowcount) == (True, count), statement
        with pytest.raises(psycopg2.ProgrammingError, match="can't execute an empty query"):
            cursor.execute("")


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("statement", "kind", "message", "place"),
    [
        ("SELECT * FROM nowhere", errors.UndefinedTable, 'relation "nowhere" does not exist', 15),
        ("SELECT 1 FORM t", errors.SyntaxError, 'syntax error at or near "t"', 15),
        ("SELECT no_such(1)", errors.UndefinedFunction, "no_such", 8),
        ("SELECT 'x'::INT", errors.InvalidTextRepresentation, "invalid input syntax", None),
        ("SELECT 'x'::DATE", errors.InvalidDatetimeFormat, "date", None),
        ("SELECT 40000::SMALLINT", errors.NumericValueOutOfRange, "out of range", None),
        ("SELECT 1 / 0", errors.DivisionByZero, "ivi", None),
        ("SELECT 9223372036854775808", errors.NumericValueOutOfRange, "bigint out of range", None),
        ("LISTEN a_channel", errors.FeatureNotSupported, 'SQL command "LISTEN" not supported', None),
    ],
)
def test_errors_and_where_they_are(
    connection: Connection, statement: str, kind: type[psycopg2.Error], message: str, place: int | None
) -> None:
    with pytest.raises(kind) as caught:
        rows(connection, statement)
    told = caught.value.diag
    assert told.severity == "ERROR"
    assert told.sqlstate == caught.value.pgcode
    assert message in (told.message_primary or "")
    if place:
        assert told.statement_position == str(place)
    assert (told.schema_name, told.constraint_name) == (None, None)


def test_a_failed_copy_is_an_internal_error(connection: Connection) -> None:
    rows(connection, "CREATE TABLE copied (i INT); SELECT 1")
    with pytest.raises(errors.InternalError_) as caught:
        rows(connection, "COPY copied FROM 's3://no-such-bucket-here/x' IAM_ROLE 'arn:aws:iam::0:role/r' JSON 'auto'")
    assert caught.value.pgcode == "XX000"


# ---------------------------------------------------------------- what Redshift does not have


@pytest.mark.parametrize(
    "copy",
    [
        lambda cursor: cursor.copy_expert("COPY t FROM STDIN WITH CSV", io.StringIO("1\n" * 100_000)),
        lambda cursor: cursor.copy_expert("COPY (SELECT 1) TO STDOUT", io.StringIO()),
        lambda cursor: cursor.copy_from(io.StringIO("1\n"), "t"),
        lambda cursor: cursor.copy_to(io.StringIO(), "t"),
    ],
)
def test_copying_through_the_connection_is_refused(connection: Connection, copy: Callable[[Any], None]) -> None:
    with connection.cursor() as cursor:
        with pytest.raises(errors.FeatureNotSupported, match=r"COPY FROM STDIN and COPY TO STDOUT are not supported"):
            copy(cursor)
        connection.rollback()
        cursor.execute("SELECT 1")
        assert cursor.fetchall() == [(1,)]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("NOTIFY a_channel", errors.FeatureNotSupported),
        ("UNLISTEN *", errors.FeatureNotSupported),
        ("SELECT pg_notify('a', 'b')", errors.UndefinedFunction),
        ("SELECT lo_create(0)", errors.UndefinedFunction),
        ("SELECT pg_advisory_lock(1)", errors.UndefinedFunction),
        ("SAVEPOINT a", errors.FeatureNotSupported),
        ("PREPARE TRANSACTION 'a'", psycopg2.Error),
        ("COMMIT PREPARED 'a'", errors.FeatureNotSupported),
        ("CREATE EXTENSION hstore", errors.FeatureNotSupported),
        ("CREATE TYPE card AS (a INT)", errors.FeatureNotSupported),
        ("SET SESSION AUTHORIZATION somebody", errors.FeatureNotSupported),
        ("INSERT INTO returning_table VALUES (1) RETURNING i", errors.SyntaxError),
        ("SELECT '{1}'::INT[]", errors.FeatureNotSupported),
        ("SELECT '{}'::JSONB", errors.UndefinedObject),
    ],
)
def test_statements_of_newer_postgres_are_refused(
    connection: Connection, statement: str, kind: type[psycopg2.Error]
) -> None:
    rows(connection, "CREATE TABLE returning_table (i INT); SELECT 1")
    with pytest.raises(kind):
        rows(connection, statement)


def test_two_phase_commit_is_refused(connection: Connection) -> None:
    with pytest.raises(psycopg2.NotSupportedError, match="two-phase transactions not supported"):
        connection.tpc_begin(connection.xid(1, "global", "branch"))
    with pytest.raises(psycopg2.NotSupportedError):
        connection.tpc_recover()


def test_large_objects_are_refused(connection: Connection) -> None:
    with pytest.raises(psycopg2.OperationalError):
        connection.lobject()


def test_procedures_are_refused(connection: Connection) -> None:
    with connection.cursor() as cursor:
        with pytest.raises(errors.UndefinedFunction, match="no_such_procedure"):
            cursor.callproc("no_such_procedure", (1,))
        connection.rollback()
        with pytest.raises(errors.FeatureNotSupported):
            cursor.execute("CALL no_such_procedure(1)")


def test_types_that_are_looked_up_in_the_catalog(connection: Connection) -> None:
    with pytest.raises(psycopg2.ProgrammingError, match="hstore type not found in the database"):
        extras.register_hstore(connection)
    connection.rollback()
    with pytest.raises(errors.FeatureNotSupported, match="SAVEPOINT"):  # with which it would look a second time
        extras.register_composite("card", connection)
    connection.rollback()
    with pytest.raises(psycopg2.ProgrammingError, match="range types not available"):
        extras.register_range("numrange", "NumericRange", connection)


def test_a_statement_timeout_cancels(warehouse: embedded.Connection) -> None:
    began = time.monotonic()
    with (
        closing(psycopg2.connect(dsn(warehouse, options="-c statement_timeout=300"))) as connection,
        pytest.raises(errors.QueryCanceled),
    ):
        rows(connection, SLOW)
    assert time.monotonic() - began < 20
