"""redshift_connector, Amazon's own driver: binary results, parameters in all styles, data frames, errors, TLS."""

from __future__ import annotations

import datetime as dt
import gc
import warnings
from contextlib import closing
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import redshift_connector
from certificates import Authority
from clients import ask, dsn
from redshift_connector.error import Error, ProgrammingError
from standalone import started

from local_redshift import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def warehouse() -> Iterator[embedded.Connection]:
    """One for all tests of this file; each works in tables of its own."""
    with embedded.start() as parameters:
        ask(dsn(parameters), "CREATE TABLE numbers AS SELECT i FROM generate_series(1, 10000) AS g(i)")
        yield parameters


def connected(warehouse: embedded.Connection, **options: Any) -> Any:
    wanted: dict[str, Any] = {"user": warehouse.user, "password": warehouse.password, "database": warehouse.database}
    return redshift_connector.connect(host=warehouse.host, port=warehouse.port, **{"ssl": False} | wanted | options)


@pytest.fixture
def cursor(warehouse: embedded.Connection) -> Iterator[Any]:
    with closing(connected(warehouse)) as connection, closing(connection.cursor()) as made:
        yield made


def rows(cursor: Any, statement: str, parameters: Any = None) -> list[list[Any]]:
    cursor.execute(statement, *([] if parameters is None else [parameters]))
    return list(cursor.fetchall())


UTC = dt.UTC
MOMENT = dt.datetime(2018, 11, 15, 0, 30, 26, 796000)

TYPES = [
    ("1::SMALLINT", 1),
    ("-2::INT", -2),
    ("9223372036854775807::BIGINT", 2**63 - 1),
    ("1.50::DECIMAL(10,2)", Decimal("1.50")),
    ("-0.001::DECIMAL(5,3)", Decimal("-0.001")),
    ("'12345678901234567890.12345'::DECIMAL(38,5)", Decimal("12345678901234567890.12345")),
    ("1.5::REAL", 1.5),
    ("0.1::FLOAT", 0.1),
    ("true", True),
    ("'é 坂本'::VARCHAR(20)", "é 坂本"),
    ("'abc'::CHAR(3)", "abc"),
    ("'2018-11-15'::DATE", dt.date(2018, 11, 15)),
    ("'2018-11-15 00:30:26.796'::TIMESTAMP", MOMENT),
    ("'2018-11-15 02:30:26.796+02'::TIMESTAMPTZ", MOMENT.replace(tzinfo=UTC)),
    ("'23:59:59.999999'::TIME", dt.time(23, 59, 59, 999999)),
    ("'12:00:01+02'::TIMETZ", dt.time(10, 0, 1, tzinfo=UTC)),
    ("INTERVAL '3 days 2 hours'", dt.timedelta(days=3, hours=2)),
    ("json_parse('[1,null]')", "[1,null]"),
    ("NULL::INT", None),
]


@pytest.mark.parametrize("protocol", [0, 2], ids=["text", "binary"])
def test_every_type_in_text_and_binary(warehouse: embedded.Connection, protocol: int) -> None:
    """INTERVALs come in binary alone: the driver knows no text of them."""
    wanted = [(sql, value) for sql, value in TYPES if protocol or "INTERVAL" not in sql]
    with closing(connected(warehouse, client_protocol_version=protocol)) as connection:
        (found,) = rows(connection.cursor(), f"SELECT {', '.join(sql for sql, _ in wanted)}")
    assert found == [value for _, value in wanted]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (5, "INT"),
        (-(2**40), "BIGINT"),
        ("it's é \\ %", "VARCHAR"),
        (1.25, "FLOAT"),
        (Decimal("1.50"), "DECIMAL(10,2)"),
        (True, "BOOL"),
        (None, "INT"),
        (dt.date(2018, 11, 15), "DATE"),
        (MOMENT, "TIMESTAMP"),
        (MOMENT.replace(tzinfo=UTC), "TIMESTAMPTZ"),
        (dt.time(1, 2, 3), "TIME"),
    ],
)
def test_parameters_go_and_come(cursor: Any, value: object, kind: str) -> None:
    assert rows(cursor, f"SELECT %s, %s::{kind}, %s IS NULL", (value, value, value)) == [[value, value, value is None]]
    cursor.execute(f"CREATE TEMP TABLE held (v {kind})")
    cursor.execute("INSERT INTO held VALUES (%s)", (value,))
    assert cursor.rowcount == 1
    assert rows(cursor, "SELECT v FROM held") == [[value]]
    if value is not None:
        assert rows(cursor, "SELECT COUNT(*) FROM held WHERE v = %s", (value,)) == [[1]]


def test_an_interval_as_a_parameter(cursor: Any) -> None:
    wanted = dt.timedelta(days=2, seconds=3)
    assert rows(cursor, "SELECT '2018-11-15'::TIMESTAMP + %s", (wanted,)) == [[dt.datetime(2018, 11, 17, 0, 0, 3)]]


def test_a_result_keeps_the_type_that_was_described(cursor: Any) -> None:
    """A NULL in the parameter's place would make this an INTEGER: the digits must not be lost."""
    assert rows(cursor, "SELECT %s + 1, %s * 2", (Decimal("1.5"), Decimal("0.25"))) == [
        [Decimal("2.5"), Decimal("0.5")]
    ]


@pytest.mark.parametrize(
    ("style", "statement", "parameters"),
    [
        ("format", "SELECT %s, %s", (1, "a")),
        ("qmark", "SELECT ?, ?", (1, "a")),
        ("numeric", "SELECT :1, :2", (1, "a")),
        ("named", "SELECT :one, :two", {"one": 1, "two": "a"}),
        ("pyformat", "SELECT %(one)s, %(two)s", {"one": 1, "two": "a"}),
    ],
)
def test_every_style_of_parameters(cursor: Any, style: str, statement: str, parameters: Any) -> None:
    cursor.paramstyle = style
    assert rows(cursor, statement, parameters) == [[1, "a"]]


def test_many_rows_and_many_statements(cursor: Any) -> None:
    cursor.execute("CREATE TEMP TABLE songs (id INT, title VARCHAR(20))")
    cursor.executemany("INSERT INTO songs VALUES (%s, %s)", [(i, f"title {i}") for i in range(50)])
    assert rows(cursor, "SELECT COUNT(*), MAX(title) FROM songs") == [[50, "title 9"]]
    for i in range(100):  # each a prepared statement that the driver keeps
        assert rows(cursor, f"SELECT {i} + %s", (i,)) == [[2 * i]]
    cursor.execute("SELECT i FROM numbers ORDER BY i")
    assert cursor.fetchone() == [1]
    assert cursor.fetchmany(2) == ([2], [3])
    assert len(cursor.fetchall()) == 9997
    assert [column[:2] for column in cursor.description] == [("i", 20)]


def test_data_frames_go_and_come(cursor: Any) -> None:
    frame = pd.DataFrame({"id": [1, 2, 3], "title": ["one", "two", "é"], "length": [1.5, 2.5, 3.5]})
    cursor.execute("CREATE TABLE framed (id INT, title VARCHAR(20), length FLOAT)")
    cursor.write_dataframe(frame, "framed")
    cursor.execute("SELECT * FROM framed ORDER BY id")
    pd.testing.assert_frame_equal(cursor.fetch_dataframe(), frame, check_dtype=False)
    cursor.execute("SELECT id FROM framed ORDER BY id")
    assert cursor.fetch_numpy_array().tolist() == [[1], [2], [3]]


def test_transactions(warehouse: embedded.Connection) -> None:
    with closing(connected(warehouse)) as connection:
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE kept (i INT)")
        connection.commit()
        cursor.execute("INSERT INTO kept VALUES (1)")
        connection.rollback()
        assert rows(cursor, "SELECT COUNT(*) FROM kept") == [[0]]
        with pytest.raises(ProgrammingError):
            cursor.execute("VACUUM kept")  # inside the driver's transaction
        connection.rollback()
        connection.autocommit = True
        cursor.execute("VACUUM kept")
        cursor.execute("INSERT INTO kept VALUES (2)")
    assert ask(dsn(warehouse), "SELECT i FROM kept") == [(2,)]


@pytest.mark.parametrize(
    ("statement", "code", "place"),
    [
        ("SELECT * FROM nowhere", "42P01", "15"),
        ("SELECT 1 / 0", "22012", None),
        ("SELECT 1; SELECT 2", "42601", None),
        ("COPY numbers FROM STDIN", "0A000", None),
        ("CALL nothing()", "0A000", None),
        ("PREPARE TRANSACTION 'a'", None, None),
    ],
)
def test_errors(cursor: Any, statement: str, code: str | None, place: str | None) -> None:
    with pytest.raises(ProgrammingError) as caught:
        cursor.execute(statement)
    (told,) = caught.value.args
    assert told["S"] == "ERROR"
    if code:
        assert told["C"] == code
    if place:
        assert told["P"] == place
    cursor.execute("ROLLBACK")
    assert rows(cursor, "SELECT 1") == [[1]]


def test_lists_are_refused_by_name(cursor: Any) -> None:
    with pytest.raises(ProgrammingError, match="binary parameters of the type with OID 1005 are not supported"):
        cursor.execute("SELECT %s", ([1, 2],))


def refusal(warehouse: embedded.Connection, **options: Any) -> str:
    """What the driver says when it cannot connect; it leaves its socket to the garbage collector then."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            connected(warehouse, **options).close()
        except Error as error:
            told = str(error.args)
        else:
            pytest.fail("it did connect")
        gc.collect()
    return told


@pytest.mark.parametrize(("options", "code"), [({"password": "wrong"}, "28P01"), ({"database": "other"}, "3D000")])
def test_a_wrong_password_and_a_wrong_database(
    warehouse: embedded.Connection, options: dict[str, str], code: str
) -> None:
    assert code in refusal(warehouse, **options)


# The driver makes its context the old way.
old_context = pytest.mark.filterwarnings("ignore:ssl.(SSLContext|PROTOCOL_TLS):DeprecationWarning")


@old_context
def test_the_driver_verifies_the_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority(tmp_path)
    pair = authority.sign()
    with started("--tls-certificate", pair.certificate, "--tls-key", pair.key) as server:
        address = embedded.Connection("localhost", server.port, "awsuser", server.password, "dev")
        assert "CERTIFICATE_VERIFY_FAILED" in refusal(address, ssl=True, sslmode="verify-ca")
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.bundle))
        for sslmode in ("verify-ca", "verify-full"):
            with closing(connected(address, ssl=True, sslmode=sslmode)) as connection:
                found = rows(connection.cursor(), "SELECT i FROM generate_series(1, 10000) AS g(i) ORDER BY i")
            assert found == [[i] for i in range(1, 10001)]


@old_context
def test_without_a_certificate_it_is_told(warehouse: embedded.Connection) -> None:
    assert "Server refuses SSL" in refusal(warehouse, ssl=True)
