"""The message loop, seen by a client that sends bytes, by psycopg2 and by redshift_connector."""

from __future__ import annotations

import datetime
import struct
from contextlib import closing
from decimal import Decimal
from typing import TYPE_CHECKING

import psycopg2
import pytest
import redshift_connector
from raw_client import (
    FLUSH,
    PROTOCOL_3_0,
    SYNC,
    RawClient,
    bind,
    close,
    describe,
    error,
    execute,
    fields,
    kinds,
    message,
    parse,
    query,
    rows,
    startup,
    string,
)

from local_redshift import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Connect


@pytest.fixture(scope="module")
def warehouse() -> Iterator[embedded.Connection]:
    """One for all tests of this file, since most of them need no more than a connection."""
    with embedded.start() as parameters:
        yield parameters


@pytest.fixture
def client(warehouse: embedded.Connection) -> Iterator[RawClient]:
    with RawClient.connected(warehouse) as connected:
        yield connected


# ---------------------------------------------------------------- start


def test_the_parameters_that_a_redshift_reports(client: RawClient) -> None:
    """Not standard_conforming_strings: with it psycopg2 would write E'' or lose backslashes."""
    assert client.parameters == {
        "server_version": "8.0.2",
        "client_encoding": "UNICODE",
        "server_encoding": "UNICODE",
        "DateStyle": "ISO, MDY",
        "TimeZone": "UTC",
        "integer_datetimes": "on",
        "session_authorization": "awsuser",
        "is_superuser": "on",
        "application_name": "",
    }


def test_psycopg2_sees_a_redshift(connect: Connect) -> None:
    connection = connect()
    assert connection.server_version == 80002
    assert connection.encoding == "UNICODE"
    assert connection.info.parameter_status("standard_conforming_strings") is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() == (connection.info.backend_pid,)


def test_settings_come_with_the_start(warehouse: embedded.Connection) -> None:
    options = r"-c query_group=nightly\ load --statement-timeout=5000 -cextra_float_digits=2"
    with RawClient.connected(warehouse, application_name="etl", options=options, driver_version="1") as client:
        assert client.parameters["application_name"] == "etl"
        for name, value in {
            "query_group": b"nightly load",
            "statement_timeout": b"5000",
            "extra_float_digits": b"2",
        }.items():
            assert rows(client.ask(query(f"SHOW {name}"))) == [[value]]


def test_a_newer_protocol_is_negotiated_down(warehouse: embedded.Connection) -> None:
    with RawClient(warehouse.host, warehouse.port) as client:
        wanted = {"user": warehouse.user, "database": warehouse.database, "_pq_.compression": "on"}
        client.send(startup(wanted, version=PROTOCOL_3_0 + 2))
        kind, body = client.receive()
        assert (kind, body) == (b"v", struct.pack("!ii", PROTOCOL_3_0, 1) + b"_pq_.compression\0")
        client.authenticate(warehouse.user, warehouse.password)
        assert kinds(client.until_ready()).endswith("KZ")


# ---------------------------------------------------------------- simple query


def test_several_statements_in_one_message(client: RawClient) -> None:
    replies = client.ask(
        query("SELECT 1 AS one; CREATE TEMP TABLE t (i INT); INSERT INTO t VALUES (1), (2); SELECT i FROM t")
    )
    assert kinds(replies) == "TDCCCTDCZ"
    assert [body for kind, body in replies if kind == b"C"] == [
        b"SELECT 1\0",
        b"CREATE TABLE\0",
        b"INSERT 0 2\0",
        b"SELECT 2\0",
    ]


@pytest.mark.parametrize("sql", ["", "  \n", ";", "-- nothing"])
def test_the_empty_query(client: RawClient, sql: str) -> None:
    assert kinds(client.ask(query(sql))) == "IZ"


def test_an_error_ends_the_message_and_undoes_it(client: RawClient) -> None:
    client.ask(query("CREATE TEMP TABLE t (i INT)"))
    replies = client.ask(query("INSERT INTO t VALUES (1); SELECT x FROM nowhere; INSERT INTO t VALUES (2)"))
    assert kinds(replies) == "CEZ"
    assert error(replies)["C"] == "42P01"
    assert replies[-1] == (b"Z", b"I")
    assert rows(client.ask(query("SELECT COUNT(*) FROM t"))) == [[b"0"]]


def test_the_transaction_status(client: RawClient) -> None:
    statuses = [
        client.ask(query(sql))[-1][1]
        for sql in ("BEGIN", "SELECT 1", "SELECT x FROM nowhere", "SELECT 1", "ROLLBACK", "SELECT 1")
    ]
    assert statuses == [b"T", b"T", b"E", b"E", b"I", b"I"]


def test_an_error_in_the_middle_of_a_result_comes_after_the_rows_before_it(client: RawClient) -> None:
    """Never a short result that looks complete."""
    replies = client.ask(query("SELECT 10 / (249990 - i) FROM generate_series(1, 250000) AS g(i)"))
    assert kinds(replies) == "TDEZ"
    assert [int(value or 0) for (value,) in rows(replies)[:2]] == [0, 0]
    assert error(replies)["C"] == "22012"
    assert client.ask(query("SELECT 1"))[-1] == (b"Z", b"I")


def test_notices_come_before_the_end_of_their_statement(client: RawClient) -> None:
    replies = client.ask(query("COMMIT; SELECT 1"))
    assert kinds(replies) == "NCTDCZ"
    assert fields(replies[0][1])["S"] == "WARNING"


def test_a_changed_setting_is_reported(client: RawClient) -> None:
    replies = client.ask(query("SET application_name TO 'nightly'"))
    assert replies[0] == (b"S", b"application_name\0nightly\0")
    assert kinds(client.ask(query("SET query_group TO 'x'"))) == "CZ"  # one that clients do not track


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (message(b"Q", b"SELECT 1"), "08P01"),  # no end of the string
        (message(b"Q", b"SELECT '\xff'\0"), "22021"),
        (message(b"F", struct.pack("!i", 1)), "0A000"),
        (query("SELECT '" + "x" * (16 << 20) + "'"), "42601"),
    ],
)
def test_what_cannot_be_run_is_an_error_and_nothing_more(client: RawClient, sent: bytes, code: str) -> None:
    replies = client.ask(sent)
    assert kinds(replies) == "EZ"
    assert error(replies)["C"] == code
    assert rows(client.ask(query("SELECT 1"))) == [[b"1"]]


def test_an_error_of_the_protocol_fails_the_transaction_as_well(client: RawClient) -> None:
    client.ask(query("BEGIN"))
    assert client.ask(message(b"Q", b"SELECT 1"))[-1] == (b"Z", b"E")


def test_the_size_of_a_statement_is_limited_in_redshifts_words(client: RawClient) -> None:
    replies = client.ask(query("SELECT '" + "x" * (16 << 20) + "'"))
    assert error(replies)["M"] == (
        "Statement is too large. Statement Size: 16777225 bytes. Maximum Allowed: 16777216 bytes"
    )


def test_a_deeply_nested_statement_is_an_error_and_nothing_more(client: RawClient) -> None:
    replies = client.ask(query("SELECT " + "(" * 5000 + "1" + ")" * 5000))
    assert error(replies)["M"] == "stack depth limit exceeded"
    assert rows(client.ask(query("SELECT 1"))) == [[b"1"]]


def test_copy_from_stdin_is_refused_and_what_was_sent_on_is_dropped(client: RawClient) -> None:
    client.ask(query("CREATE TEMP TABLE t (i INT)"))
    copying = query("COPY t FROM STDIN"), message(b"d", b"1\n"), message(b"c"), message(b"f", string("never mind"))
    replies = client.ask(*copying)
    assert (kinds(replies), error(replies)["C"]) == ("EZ", "0A000")
    assert rows(client.ask(query("SELECT COUNT(*) FROM t"))) == [[b"0"]]


# ---------------------------------------------------------------- extended query


def test_a_series_of_messages(client: RawClient) -> None:
    replies = client.ask(
        parse("SELECT $1 + 1 AS n", name="s", oids=(23,)),
        describe(b"S", "s"),
        bind(b"41", name="s"),
        describe(b"P"),
        execute(),
        SYNC,
    )
    assert kinds(replies) == "1tT2TDCZ"
    assert replies[1][1] == struct.pack("!hi", 1, 23)
    assert rows(replies) == [[b"42"]]
    assert rows(client.ask(bind(None, name="s"), execute(), SYNC)) == [[None]]


def test_binary_in_and_out(client: RawClient) -> None:
    replies = client.ask(
        parse("SELECT $1 AS n", oids=(23,)),
        bind(struct.pack("!i", -7), formats=(1,), result_formats=(1,)),
        describe(b"P"),
        execute(),
        SYNC,
    )
    assert replies[2][1].endswith(struct.pack("!h", 1))  # the row description tells the format
    assert rows(replies) == [[struct.pack("!i", -7)]]


def test_a_flush_brings_the_answers_before_sync(client: RawClient) -> None:
    client.send(parse("SELECT 1"), describe(b"S"), FLUSH)
    assert [client.receive()[0] for _ in range(3)] == [b"1", b"t", b"T"]
    assert kinds(client.ask(SYNC)) == "Z"


def test_a_statement_without_rows_has_no_description(client: RawClient) -> None:
    replies = client.ask(parse("CREATE TEMP TABLE t (i INT)"), describe(b"S"), bind(), execute(), SYNC)
    assert kinds(replies) == "1tn2CZ"


def test_the_empty_query_extended(client: RawClient) -> None:
    assert kinds(client.ask(parse(""), bind(), describe(b"P"), execute(), SYNC)) == "12nIZ"


def test_a_portal_gives_its_rows_in_portions(client: RawClient) -> None:
    client.ask(query("BEGIN"))
    series = parse("SELECT * FROM generate_series(1, 5) ORDER BY 1"), bind(portal="p"), execute("p", 2), SYNC
    first = client.ask(*series)
    assert (kinds(first), rows(first)) == ("12DsZ", [[b"1"], [b"2"]])
    between = client.ask(query("SELECT 0"))  # another statement does not disturb it
    assert rows(between) == [[b"0"]]
    second = client.ask(execute("p", 2), SYNC)
    assert (kinds(second), rows(second)) == ("DsZ", [[b"3"], [b"4"]])
    last = client.ask(execute("p", 2), SYNC)
    assert (kinds(last), rows(last)) == ("DCZ", [[b"5"]])


def test_a_portal_lives_as_long_as_its_transaction(client: RawClient) -> None:
    replies = client.ask(parse("SELECT 1"), bind(portal="p"), SYNC)
    assert kinds(replies) == "12Z"
    assert error(client.ask(execute("p"), SYNC))["C"] == "34000"


def test_after_an_error_everything_is_skipped_until_sync(client: RawClient) -> None:
    replies = client.ask(
        parse("SELECT x FROM nowhere"), bind(), execute(), parse("SELECT 1"), FLUSH, bind(), execute(), SYNC
    )
    assert kinds(replies) == "EZ"
    assert error(replies)["C"] == "42P01"
    assert rows(client.ask(parse("SELECT 1"), bind(), execute(), SYNC)) == [[b"1"]]


def test_a_series_is_one_transaction(client: RawClient) -> None:
    client.ask(query("CREATE TEMP TABLE t (i INT)"))
    insert = parse("INSERT INTO t VALUES (1)"), bind(), execute()
    replies = client.ask(*insert, parse("SELECT x FROM nowhere"), SYNC)
    assert kinds(replies) == "12CEZ"
    assert rows(client.ask(query("SELECT COUNT(*) FROM t"))) == [[b"0"]]
    client.ask(*insert, SYNC)
    assert rows(client.ask(query("SELECT COUNT(*) FROM t"))) == [[b"1"]]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (bind(name="absent"), "26000"),
        (describe(b"S", "absent"), "26000"),
        (describe(b"S"), "26000"),
        (describe(b"P", "absent"), "34000"),
        (execute("absent"), "34000"),
        (parse("SELECT 1; SELECT 2"), "42601"),
        (parse("SELECT 1", name="s") + parse("SELECT 2", name="s"), "42P05"),
        (parse("SELECT 1") + bind(portal="p") + bind(portal="p"), "42P03"),
        (parse("SELECT $1", oids=(23,)) + bind(), "08P01"),
        (message(b"B", b"\0\0\0\0\0\1\0\0\0\x09abc"), "08P01"),
        (message(b"D", b"X\0"), "08P01"),
    ],
)
def test_mistakes_in_a_series(client: RawClient, sent: bytes, code: str) -> None:
    replies = client.ask(sent, execute("x"), SYNC)
    assert error(replies)["C"] == code
    assert rows(client.ask(query("SELECT 1"))) == [[b"1"]]


def test_what_is_closed_is_gone_and_closing_nothing_is_no_error(client: RawClient) -> None:
    replies = client.ask(parse("SELECT 1", name="s"), close(b"S", "s"), close(b"S", "s"), close(b"P", "never"), SYNC)
    assert kinds(replies) == "1333Z"
    assert error(client.ask(bind(name="s"), SYNC))["C"] == "26000"


def test_a_simple_query_takes_the_place_of_the_unnamed_statement(client: RawClient) -> None:
    client.ask(parse("SELECT 1"), parse("SELECT 2", name="kept"), SYNC)
    client.ask(query("SELECT 3"))
    assert error(client.ask(bind(), SYNC))["C"] == "26000"
    assert rows(client.ask(bind(name="kept"), execute(), SYNC)) == [[b"2"]]


# ---------------------------------------------------------------- drivers


def test_psycopg2_gets_its_own_error_classes(connect: Connect) -> None:
    with connect().cursor() as cursor:
        with pytest.raises(psycopg2.errors.UndefinedTable) as caught:
            cursor.execute("SELECT x FROM nowhere")
        assert caught.value.diag.severity == "ERROR"
        assert caught.value.diag.severity_nonlocalized is None  # a server of 8.0 has no such field
        with pytest.raises(psycopg2.errors.InFailedSqlTransaction):
            cursor.execute("SELECT 1")


def test_psycopg2_reads_a_big_result(connect: Connect) -> None:
    with connect().cursor() as cursor:
        cursor.execute("SELECT i, i::VARCHAR AS shown FROM generate_series(1, 100000) AS g(i) ORDER BY i")
        fetched = cursor.fetchall()
    assert len(fetched) == 100_000
    assert fetched[-1] == (100_000, "100000")


def test_redshift_connector(warehouse: embedded.Connection) -> None:
    """md5, Describe before Bind, parameters and results in binary."""
    connection = redshift_connector.connect(
        host=warehouse.host,
        port=warehouse.port,
        user=warehouse.user,
        password=warehouse.password,
        database=warehouse.database,
        ssl=False,
    )
    with closing(connection), closing(connection.cursor()) as cursor:
        cursor.execute(
            "CREATE TEMP TABLE plays (id INT, song VARCHAR(20), length NUMERIC(10, 5), at TIMESTAMP, paid BOOLEAN)"
        )
        at = datetime.datetime(2018, 11, 3, 1, 2, 3, 796000)
        cursor.execute(
            "INSERT INTO plays VALUES (%s, %s, %s, %s, %s)", (1, "Hungry Eyes", Decimal("231.18322"), at, True)
        )
        cursor.execute("INSERT INTO plays (id,song,paid) VALUES (%s,%s,%s)", (2, "no blanks between", False))
        cursor.execute("SELECT count(*) FROM plays WHERE id IN (%s,%s) AND song LIKE %s", (1, 2, "no%"))
        assert cursor.fetchone() == [1]
        moment = at.replace(tzinfo=datetime.UTC)
        cursor.execute("SELECT %s::TIMESTAMPTZ, %s + INTERVAL '1 day'", (moment, at))
        assert cursor.fetchone() == [moment, at + datetime.timedelta(days=1)]
        cursor.execute("SELECT id, song, length, at, at::DATE, paid, NULL FROM plays WHERE id = %s", (1,))
        assert cursor.fetchall() == ([1, "Hungry Eyes", Decimal("231.18322"), at, at.date(), True, None],)
        with pytest.raises(redshift_connector.error.ProgrammingError, match="42P01"):
            cursor.execute("SELECT * FROM nowhere")
        connection.rollback()
        for number in range(20):
            cursor.execute("SELECT %s::INT", (number,))
            assert cursor.fetchone() == [number]


def test_an_error_is_sent_at_once_to_a_client_that_flushes(client: RawClient) -> None:
    """It waits for the answer before it says Sync."""
    client.send(parse("SELECT * FROM nowhere"), FLUSH)
    kind, body = client.receive()
    assert (kind, fields(body)["C"]) == (b"E", "42P01")
    assert kinds(client.ask(SYNC)) == "Z"


@pytest.mark.parametrize("oid", [0, 705])
@pytest.mark.parametrize(
    ("condition", "value"),
    [
        ("d = $1", b"2018-11-15"),
        ("d = $1", b"2018-11-15 +01"),  # as pgjdbc writes a date
        ("t < $1", b"2018-11-15 00:30:27+09"),  # a TIMESTAMP takes no notice of the zone
        ("z = $1", b"2018-11-15 01:30:26+01"),
        ("n = $1", b"1.5"),
        ("b = $1", b"t"),
    ],
)
def test_a_parameter_whose_type_is_not_told_becomes_what_it_meets(
    client: RawClient, oid: int, condition: str, value: bytes
) -> None:
    client.ask(
        query(
            "CREATE TEMP TABLE met AS SELECT '2018-11-15'::DATE d, '2018-11-15 00:30:26'::TIMESTAMP t,"
            " '2018-11-15 00:30:26+00'::TIMESTAMPTZ z, 1.5::DECIMAL(5,2) n, true b"
        )
    )
    asked = parse(f"SELECT COUNT(*) FROM met WHERE {condition}", oids=(oid,)), bind(value), execute(), SYNC
    assert rows(client.ask(*asked)) == [[b"1"]]


def test_a_search_path_counts_for_what_is_prepared_next(client: RawClient) -> None:
    client.ask(query("CREATE SCHEMA IF NOT EXISTS elsewhere; CREATE TABLE elsewhere.inside AS SELECT 7 AS i"))
    client.ask(parse("SET search_path TO elsewhere"), bind(), execute(), SYNC)
    assert rows(client.ask(parse("SELECT i FROM inside"), bind(), execute(), SYNC)) == [[b"7"]]
