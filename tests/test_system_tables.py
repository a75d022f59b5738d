"""stl_*, sys_*, svv_* and the catalogs: what they tell of tables and of loads, also after a rollback and a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg2
import pytest
from clients import ask, dsn

from local_redshift import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Connect
    from psycopg2.extensions import cursor as Cursor  # noqa: N812

ROLE = "IAM_ROLE 'arn:aws:iam::123456789012:role/reader'"


@pytest.fixture
def cursor(connect: Connect) -> Iterator[Cursor]:
    with connect(autocommit=True).cursor() as cursor:
        yield cursor


def one(cursor: Cursor, sql: str) -> tuple[object, ...]:
    cursor.execute(sql)
    found = cursor.fetchall()
    assert len(found) == 1, found
    row: tuple[object, ...] = found[0]
    return row


def broken_load(cursor: Cursor, s3_root: Path) -> None:
    """Two good objects, then one whose id is no number."""
    (s3_root / "bucket").mkdir()
    (s3_root / "bucket" / "a.json").write_text('{"id": 1}\n{"id": 2}\n{"id": "three", "title": "x"}')
    cursor.execute("CREATE TABLE songs (id INTEGER, title VARCHAR(20))")
    with pytest.raises(psycopg2.errors.InternalError_, match="Load into table 'songs' failed"):
        cursor.execute(f"COPY songs FROM 's3://bucket/a' {ROLE} JSON 'auto'")


def test_the_rejected_row_of_a_failed_load(cursor: Cursor, s3_root: Path) -> None:
    broken_load(cursor, s3_root)
    assert one(cursor, "SELECT count(*) FROM songs") == (0,)
    assert one(
        cursor,
        "SELECT trim(filename), line_number, trim(colname), trim(type), trim(raw_field_value), err_code, trim(raw_line)"
        " FROM stl_load_errors",
    ) == ("s3://bucket/a.json", 3, "id", "int4", "three", 1207, '{"id": "three", "title": "x"}')
    assert one(
        cursor, "SELECT file_name, line_number, column_name, error_code, error_message FROM sys_load_error_detail"
    ) == ("s3://bucket/a.json", 3, "id", 1207, "Invalid digit, Value 't', Pos 0, Type: Integer")


def test_the_rejected_row_survives_the_rollback_of_its_transaction(connect: Connect, s3_root: Path) -> None:
    connection = connect()
    with connection.cursor() as cursor:
        broken_load(cursor, s3_root)
        connection.rollback()
        assert one(cursor, "SELECT line_number FROM stl_load_errors") == (3,)


def test_a_load_is_seen_in_its_own_transaction_and_by_others_at_once(connect: Connect, s3_root: Path) -> None:
    (s3_root / "bucket").mkdir()
    (s3_root / "bucket" / "a.json").write_text('{"id": 1}\n{"id": "two"}')
    connection, other = connect(), connect(autocommit=True)
    counts = (
        "SELECT (SELECT count(*) FROM stl_load_errors), (SELECT count(*) FROM stl_load_commits), "
        "(SELECT count(*) FROM sys_load_history)"
    )
    with connection.cursor() as cursor, other.cursor() as outside:
        cursor.execute("CREATE TABLE songs (id INTEGER)")
        for loads in (1, 2):
            cursor.execute(f"COPY songs FROM 's3://bucket/a' {ROLE} JSON 'auto' MAXERROR 5")
            assert one(cursor, "SELECT line_number FROM stl_load_errors WHERE query = pg_last_copy_id()") == (2,)
            assert one(cursor, counts) == one(outside, counts) == (loads, loads, loads)
        connection.commit()
        assert one(cursor, counts) == one(outside, counts) == (2, 2, 2)
        cursor.execute(f"COPY songs FROM 's3://bucket/a' {ROLE} JSON 'auto' MAXERROR 5")
        connection.rollback()
        assert one(cursor, counts) == one(outside, counts) == (3, 3, 3)


def test_loads_are_found_by_the_last_copy_id(cursor: Cursor, s3_root: Path) -> None:
    assert one(cursor, "SELECT pg_last_copy_id(), pg_last_copy_count()") == (-1, 0)
    broken_load(cursor, s3_root)
    assert one(cursor, "SELECT count(*) FROM stl_load_errors WHERE query = pg_last_copy_id()") == (1,)
    failed = one(cursor, "SELECT pg_last_copy_id()")
    with pytest.raises(psycopg2.errors.InternalError_, match="The specified S3 prefix 'nothing' does not exist"):
        cursor.execute(f"COPY songs FROM 's3://bucket/nothing' {ROLE} JSON 'auto'")
    assert one(cursor, "SELECT pg_last_copy_id()") == failed
    (s3_root / "bucket" / "a.json").write_text('{"id": 1}\n{"id": 2}')
    cursor.execute(f"COPY songs FROM 's3://bucket/a' {ROLE} JSON 'auto'")
    assert one(cursor, "SELECT pg_last_copy_count()") == (2,)
    assert one(
        cursor,
        "SELECT status, trim(table_name), loaded_rows, source_file_count, error_count"
        " FROM sys_load_history WHERE query_id = pg_last_copy_id()",
    ) == ("completed", "songs", 2, 1, 0)
    assert one(
        cursor, "SELECT trim(filename), lines_scanned FROM stl_load_commits WHERE query = pg_last_copy_id()"
    ) == ("s3://bucket/a.json", 2)
    cursor.execute("SELECT status FROM sys_load_history ORDER BY query_id")
    assert cursor.fetchall() == [("aborted",), ("completed",)]


def test_the_journal_outlives_the_process(tmp_path: Path, s3_root: Path) -> None:
    for visit in range(2):
        with embedded.start(tmp_path / "kept.duckdb", s3_root) as parameters:
            connection = psycopg2.connect(dsn(parameters))
            connection.autocommit = True
            with connection.cursor() as cursor:
                if visit == 0:
                    broken_load(cursor, s3_root)
                else:
                    assert one(cursor, "SELECT err_code FROM stl_load_errors") == (1207,)
            connection.close()


def test_the_journal_itself_is_not_for_clients(cursor: Cursor) -> None:
    for sql in (
        "SELECT * FROM redshift_journal.loads",
        "DELETE FROM redshift_journal.load_errors",
        "CREATE TABLE redshift_journal.mine (a INTEGER)",
        "DROP TABLE dev.redshift_journal.loads",
    ):
        with pytest.raises(psycopg2.errors.InvalidSchemaName, match='schema "redshift_journal" does not exist'):
            cursor.execute(sql)


def test_the_engines_own_catalogs_are_not_for_clients(cursor: Cursor) -> None:
    for relation in ("sqlite_master", "duckdb_tables", "duckdb_settings", "pragma_database_list", "rs._tables"):
        with pytest.raises(psycopg2.errors.UndefinedTable):
            cursor.execute(f"SELECT * FROM {relation}")


def test_tables_are_described_as_they_were_declared(cursor: Cursor) -> None:
    cursor.execute(
        "CREATE TABLE plays (id BIGINT IDENTITY(0,1), at TIMESTAMP NOT NULL SORTKEY, user_id INTEGER DISTKEY,"
        " level CHAR(4) ENCODE bytedict, price NUMERIC(8,2), note TEXT)"
    )
    cursor.execute(
        'SELECT "column", type, encoding, distkey, sortkey, "notnull" FROM pg_table_def'
        " WHERE schemaname = 'public' AND tablename = 'plays'"
    )
    assert {row[0]: row[1:] for row in cursor.fetchall()} == {
        "id": ("bigint", "none", False, 0, True),
        "at": ("timestamp without time zone", "none", False, 1, True),
        "user_id": ("integer", "none", True, 0, False),
        "level": ("character(4)", "bytedict", False, 0, False),
        "price": ("numeric(8,2)", "none", False, 0, False),
        "note": ("character varying(256)", "none", False, 0, False),
    }
    assert one(
        cursor, 'SELECT "schema", diststyle, sortkey1, sortkey_num FROM svv_table_info WHERE "table" = \'plays\''
    ) == ("public", "KEY(user_id)", "at", 1)


def test_the_catalogs_are_open_to_a_transaction_that_began_before_they_were_made(connect: Connect) -> None:
    with connect().cursor() as cursor:
        cursor.execute("CREATE TABLE t (id INTEGER SORTKEY)")
        assert one(cursor, "SELECT COUNT(*) FROM t") == (0,)
        assert one(cursor, "SELECT \"column\", sortkey FROM pg_table_def WHERE tablename = 't'") == ("id", 1)


def test_the_information_schema(cursor: Cursor) -> None:
    cursor.execute("CREATE TABLE songs (title VARCHAR(40) NOT NULL, price NUMERIC(8,2))")
    cursor.execute("CREATE VIEW titles AS SELECT title FROM songs")
    cursor.execute(
        "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
    )
    assert cursor.fetchall() == [("songs", "BASE TABLE"), ("titles", "VIEW")]
    cursor.execute(
        "SELECT column_name, ordinal_position, is_nullable, data_type, character_maximum_length"
        " FROM information_schema.columns WHERE table_name = 'songs' ORDER BY 2"
    )
    assert cursor.fetchall() == [("title", 1, "NO", "character varying", 40), ("price", 2, "YES", "numeric", None)]


VIEW = "CREATE VIEW mine AS SELECT tablename FROM pg_table_def"


def test_a_view_over_the_catalogs_outlives_the_process(tmp_path: Path) -> None:
    for visit in range(2):
        with embedded.start(tmp_path / "kept.duckdb") as parameters:
            if visit == 0:
                ask(
                    dsn(parameters),
                    "CREATE TABLE songs (a INT)",
                    "CREATE VIEW mine AS SELECT tablename FROM pg_table_def",
                )
            assert ask(dsn(parameters), "SELECT * FROM mine") == [("songs",)]


def test_sessions_see_each_other_and_their_own_temporary_tables(connect: Connect) -> None:
    with connect(autocommit=True).cursor() as cursor, connect(autocommit=True).cursor() as other:
        cursor.execute("CREATE TEMP TABLE mine (a INT)")
        assert one(cursor, "SELECT count(*) FROM pg_class WHERE relname = 'mine'") == (1,)
        assert one(other, "SELECT count(*) FROM pg_class WHERE relname = 'mine'") == (0,)
        other.execute("SELECT pg_backend_pid()")
        (process,) = other.fetchone() or ()
        assert one(cursor, f"SELECT trim(user_name), trim(db_name) FROM stv_sessions WHERE process = {process}") == (
            "awsuser",
            "dev",
        )
