"""What a client's session keeps: transactions, cursors, notices, settings, locks; seen through psycopg2."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import psycopg2
import psycopg2.errors
import pytest
from psycopg2 import extensions

if TYPE_CHECKING:
    from conftest import Connect
    from psycopg2.extensions import connection as Connection  # noqa: N812


@pytest.fixture
def session(connect: Connect) -> Connection:
    connection = connect()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE plays (id INTEGER, title VARCHAR(10))")
        cursor.execute("INSERT INTO plays VALUES (1, 'one'), (2, 'two')")
    connection.commit()
    return connection


def rows(connection: Connection, sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def run(connection: Connection, sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.statusmessage or ""


# transactions


def test_what_is_not_committed_is_rolled_back(session: Connection) -> None:
    run(session, "CREATE TABLE gone (a INTEGER)")
    run(session, "DELETE FROM plays")
    session.rollback()
    assert rows(session, "SELECT count(*) FROM plays") == [(2,)]
    with pytest.raises(psycopg2.errors.UndefinedTable, match='relation "gone" does not exist'):
        rows(session, "SELECT * FROM gone")


def test_a_failed_statement_aborts_its_block_until_rollback(session: Connection) -> None:
    with pytest.raises(psycopg2.errors.UndefinedColumn):
        rows(session, "SELECT nonsense FROM plays")
    assert session.info.transaction_status == extensions.TRANSACTION_STATUS_INERROR
    with pytest.raises(psycopg2.errors.InFailedSqlTransaction, match="current transaction is aborted"):
        rows(session, "SELECT 1")
    session.rollback()
    assert rows(session, "SELECT 1") == [(1,)]


def test_committing_a_failed_block_rolls_it_back(session: Connection) -> None:
    run(session, "DELETE FROM plays")
    with pytest.raises(psycopg2.errors.SyntaxError):
        run(session, "SELEC 1")
    session.commit()
    assert rows(session, "SELECT count(*) FROM plays") == [(2,)]


def test_statements_of_one_string_stand_or_fall_together(connect: Connect, session: Connection) -> None:
    other = connect(autocommit=True)
    with pytest.raises(psycopg2.errors.DivisionByZero):
        run(other, "INSERT INTO plays VALUES (3, 'three'); SELECT 1 / 0")
    assert rows(other, "SELECT count(*) FROM plays") == [(2,)]
    assert run(other, "INSERT INTO plays VALUES (3, 'three'); DELETE FROM plays WHERE id = 1") == "DELETE 1"
    assert rows(other, "SELECT id FROM plays ORDER BY id") == [(2,), (3,)]


def test_truncate_commits_what_came_before(session: Connection) -> None:
    run(session, "CREATE TABLE kept (a INTEGER)")
    run(session, "TRUNCATE plays")
    session.rollback()
    assert rows(session, "SELECT count(*) FROM plays") == [(0,)]
    assert rows(session, "SELECT count(*) FROM kept") == [(0,)]


def test_after_truncate_the_block_goes_on_in_a_new_transaction(session: Connection) -> None:
    run(session, "TRUNCATE plays")
    run(session, "INSERT INTO plays VALUES (9, 'nine')")
    session.rollback()
    assert rows(session, "SELECT count(*) FROM plays") == [(0,)]


def test_vacuum_does_not_run_in_a_transaction(connect: Connect, session: Connection) -> None:
    with pytest.raises(psycopg2.errors.ActiveSqlTransaction, match="VACUUM cannot run inside a transaction block"):
        run(session, "VACUUM plays")
    assert run(connect(autocommit=True), "VACUUM plays") == "VACUUM"


def test_savepoints_are_refused(session: Connection) -> None:
    with pytest.raises(psycopg2.Error) as caught:
        run(session, "SAVEPOINT one")
    assert caught.value.pgcode in {"0A000", "42601"}


# sessions side by side


def test_a_second_writer_waits_for_the_first(connect: Connect, session: Connection) -> None:
    run(session, "INSERT INTO plays VALUES (3, 'first')")
    second = connect(autocommit=True)
    finished: list[float] = []

    def write() -> None:
        run(second, "INSERT INTO plays VALUES (4, 'second')")
        finished.append(time.monotonic())

    writer = threading.Thread(target=write)
    writer.start()
    writer.join(0.6)
    assert writer.is_alive()
    committed = time.monotonic()
    session.commit()
    writer.join(10)
    assert finished[0] >= committed
    assert rows(session, "SELECT count(*) FROM plays") == [(4,)]


def test_readers_do_not_wait_and_see_what_is_committed(connect: Connect, session: Connection) -> None:
    run(session, "DELETE FROM plays")
    assert rows(connect(), "SELECT count(*) FROM plays") == [(2,)]


def test_changing_the_same_rows_is_a_serialization_failure(connect: Connect, session: Connection) -> None:
    other = connect()
    rows(other, "SELECT * FROM plays")  # its snapshot
    run(session, "UPDATE plays SET title = 'mine' WHERE id = 1")
    session.commit()
    with pytest.raises(psycopg2.errors.SerializationFailure, match="1023") as caught:
        run(other, "UPDATE plays SET title = 'theirs' WHERE id = 1")
    assert "Serializable isolation violation on table" in (caught.value.diag.message_detail or "")


def test_two_writers_that_wait_for_each_other_are_told(connect: Connect, session: Connection) -> None:
    other = connect()
    run(session, "CREATE TABLE songs (id INTEGER)")
    session.commit()
    run(session, "INSERT INTO plays VALUES (5, 'five')")
    run(other, "INSERT INTO songs VALUES (1)")
    waiting = threading.Thread(target=run, args=(session, "INSERT INTO songs VALUES (2)"))
    waiting.start()
    time.sleep(0.3)
    with pytest.raises(psycopg2.errors.DeadlockDetected):
        run(other, "INSERT INTO plays VALUES (6, 'six')")
    waiting.join(10)
    assert not waiting.is_alive()


def test_a_client_that_leaves_lets_go_of_its_locks(connect: Connect, session: Connection) -> None:
    leaver = connect()
    run(leaver, "INSERT INTO plays VALUES (7, 'seven')")
    leaver.close()
    assert run(session, "INSERT INTO plays VALUES (8, 'eight')") == "INSERT 0 1"
    session.commit()
    assert rows(session, "SELECT count(*) FROM plays") == [(3,)]


# cursors


def test_a_named_cursor_reads_in_pieces_while_others_run(session: Connection) -> None:
    run(session, "INSERT INTO plays SELECT a.id * 10 + b.id, 'x' FROM plays a, plays b")  # not committed
    with session.cursor("pages") as pages:
        pages.itersize = 2
        pages.execute("SELECT id FROM plays ORDER BY id")
        seen = [pages.fetchone()]
        assert rows(session, "SELECT count(*) FROM plays") == [(6,)]
        seen += pages.fetchmany(3)
        seen += pages.fetchall()
    assert seen == [(1,), (2,), (11,), (12,), (21,), (22,)]


def test_cursors_need_a_transaction_and_end_with_it(connect: Connect, session: Connection) -> None:
    with pytest.raises(psycopg2.Error, match="may only be used in transaction blocks"):
        run(connect(autocommit=True), "DECLARE pages CURSOR FOR SELECT 1")
    run(session, "DECLARE pages CURSOR FOR SELECT 1")
    with pytest.raises(psycopg2.errors.DuplicateCursor):
        run(session, "DECLARE pages CURSOR FOR SELECT 2")
    session.rollback()
    with pytest.raises(psycopg2.errors.InvalidCursorName, match='cursor "pages" does not exist'):
        rows(session, "FETCH ALL FROM pages")


# notices and settings


def test_notices_are_of_severity_info(session: Connection) -> None:
    run(session, "DROP TABLE IF EXISTS nothing")
    assert session.notices == ['INFO:  Table "nothing" does not exist and will be skipped\n']


def test_settings_are_shown_and_undone_with_their_transaction(session: Connection) -> None:
    run(session, "SET query_group TO 'etl'")
    assert rows(session, "SHOW query_group") == [("etl",)]
    session.rollback()
    assert rows(session, "SHOW query_group") == [("unset",)]
    with pytest.raises(psycopg2.errors.UndefinedObject, match='unrecognized configuration parameter "threads"'):
        run(session, "SET threads TO 1")


def test_the_search_path_leads_to_other_schemas(session: Connection) -> None:
    run(session, "CREATE SCHEMA archive")
    run(session, "CREATE TABLE archive.plays (year INTEGER)")
    assert rows(session, "SELECT * FROM archive.plays") == []
    run(session, "SET search_path TO archive, public")
    run(session, "INSERT INTO plays VALUES (2018)")
    assert rows(session, "SELECT year FROM archive.plays") == [(2018,)]
    run(session, "RESET search_path")
    assert rows(session, "SELECT count(*) FROM plays") == [(2,)]


def test_a_schema_of_the_search_path_may_come_and_go(connect: Connect, session: Connection) -> None:
    run(session, "SET search_path TO later, public")
    session.commit()
    assert rows(session, "SELECT current_schema()") == [("public",)]
    session.commit()
    other = connect(autocommit=True)
    run(other, "CREATE SCHEMA later; CREATE TABLE later.t AS SELECT 7 AS a")
    assert rows(session, "SELECT a FROM t") == [(7,)]
    session.commit()
    run(other, "DROP SCHEMA later CASCADE")
    run(session, "CREATE TABLE t AS SELECT 8 AS a")
    assert rows(session, "SELECT a FROM public.t") == [(8,)]


def test_what_a_transaction_saw_is_not_remembered_after_it(connect: Connect, session: Connection) -> None:
    other = connect(autocommit=True)
    assert rows(session, "SELECT count(*) FROM plays") == [(2,)]
    run(other, "ALTER TABLE plays ADD COLUMN level VARCHAR(4) DEFAULT 'free'; CREATE SCHEMA later")
    assert rows(session, "SELECT * FROM plays WHERE id = 1") == [(1, "one")]
    with pytest.raises(psycopg2.errors.SerializationFailure, match="1023"):
        run(session, "INSERT INTO plays VALUES (3, 'three')")
    session.rollback()
    run(session, "INSERT INTO plays VALUES (3, 'three', 'paid')")
    run(session, "SET search_path TO later")
    assert rows(session, "SELECT current_schema()") == [("later",)]


@pytest.mark.parametrize("path", ["redshift_journal", "main", "nowhere", "information_schema", "'$user'"])
def test_nothing_is_made_or_found_where_no_schema_is(session: Connection, path: str) -> None:
    run(session, f"SET search_path TO {path}")
    session.commit()
    assert rows(session, "SELECT current_schema()") == [(None,)]
    with pytest.raises(psycopg2.errors.InvalidSchemaName, match="no schema has been selected to create in"):
        run(session, "CREATE TABLE t (a INTEGER)")
    session.rollback()
    with pytest.raises(psycopg2.errors.UndefinedTable):
        run(session, "SELECT * FROM load_errors")


def test_the_time_zone_is_the_sessions(session: Connection) -> None:
    run(session, "SET timezone TO 'America/New_York'")
    assert rows(session, "SELECT CAST(TIMESTAMPTZ '2018-11-01 12:00:00+00' AS VARCHAR)") == [
        ("2018-11-01 08:00:00-04",)
    ]


def test_a_statement_that_takes_too_long_is_cancelled(session: Connection) -> None:
    run(session, "CREATE TABLE many AS SELECT a.id FROM plays a, plays b, plays c, plays d, plays e, plays f, plays g")
    run(session, "SET statement_timeout TO 200")
    with pytest.raises(psycopg2.errors.QueryCanceled, match="canceled on user's request"):
        rows(
            session,
            "SELECT count(*) FROM many a, many b, many c, many d, many e WHERE a.id * b.id + c.id * d.id = e.id",
        )


# definitions


def test_referenced_tables_come_first_and_go_last(session: Connection) -> None:
    run(session, "CREATE TABLE artists (artist_id INTEGER PRIMARY KEY)")
    with pytest.raises(psycopg2.errors.UndefinedTable, match='relation "labels" does not exist'):
        run(session, "CREATE TABLE songs (id INTEGER REFERENCES labels (id))")
    session.rollback()
    run(session, "CREATE TABLE artists (artist_id INTEGER PRIMARY KEY)")
    run(session, "CREATE TABLE songs (artist_id INTEGER REFERENCES artists (artist_id))")
    session.commit()
    with pytest.raises(psycopg2.errors.DependentObjectsStillExist, match="cannot drop table artists"):
        run(session, "DROP TABLE artists")
    session.rollback()
    run(session, "DROP TABLE artists, songs")
    run(session, "CREATE TABLE artists (artist_id INTEGER PRIMARY KEY)")


def test_keys_are_not_enforced_but_not_null_is(session: Connection) -> None:
    run(session, "CREATE TABLE users (user_id INTEGER PRIMARY KEY, name VARCHAR(5) UNIQUE)")
    run(session, "INSERT INTO users VALUES (1, 'a'), (1, 'a')")
    with pytest.raises(psycopg2.errors.InternalError_, match="Cannot insert a NULL value into column user_id"):
        run(session, "INSERT INTO users VALUES (NULL, 'b')")


def test_a_value_too_long_names_the_length(session: Connection) -> None:
    with pytest.raises(
        psycopg2.errors.StringDataRightTruncation, match=r"value too long for type character varying\(10\)"
    ):
        run(session, "INSERT INTO plays VALUES (3, 'abcdefghijk')")
    session.rollback()
    with pytest.raises(psycopg2.errors.InternalError_, match="Value too long for character type") as caught:
        run(session, "INSERT INTO plays SELECT id, 'abcdefghijk' FROM plays")
    assert "Value too long for type character varying(10)" in (caught.value.diag.message_detail or "")


def test_sums_of_integers_are_bigint_also_in_tables_made_from_them(session: Connection) -> None:
    run(session, "CREATE TABLE totals AS SELECT sum(id) AS total FROM plays")
    found = rows(session, "SELECT type FROM pg_table_def WHERE tablename = 'totals'")
    assert found == [("bigint",)]
    assert rows(session, "SELECT total FROM totals") == [(3,)]
