"""The database has one name, or in a warehouse that is led to by a script, whatever name each client gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg2
import pytest
from clients import ask, dsn
from standalone import run, started

from local_redshift import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Everything that tells the database's name or the user's.
TOLD = """
    SELECT current_database(), (SELECT MIN(table_catalog) FROM information_schema.tables),
        (SELECT MIN(catalog_name) FROM information_schema.schemata), (SELECT MIN(database) FROM svv_table_info),
        (SELECT MIN(table_catalog) FROM svv_columns)
"""
OWNERS = "SELECT current_user, (SELECT MIN(tableowner) FROM pg_tables WHERE tablename = 'songs')"


@pytest.fixture(scope="module")
def anything() -> Iterator[embedded.Connection]:
    with embedded.start(database_name=None) as parameters:
        yield parameters


SONGS = "CREATE TABLE IF NOT EXISTS songs (id INTEGER)"


@pytest.mark.parametrize(
    ("dbname", "name"), [("sparkify", "sparkify"), ("dev", "dev"), ("DWH", "dwh"), ("it's", "it's"), ('a"b c', 'a"b c')]
)
def test_any_name_is_the_sessions(anything: embedded.Connection, dbname: str, name: str) -> None:
    assert ask(dsn(anything, dbname=dbname), SONGS, TOLD) == [(name,) * 5]


@pytest.mark.parametrize("user", ["student", "awsuser", "O'Brien", 'a"b'])
def test_any_user_is_the_sessions(anything: embedded.Connection, user: str) -> None:
    assert ask(dsn(anything, user=user), SONGS, OWNERS) == [(user, user)]


def test_without_a_name_it_is_the_users(anything: embedded.Connection) -> None:
    assert ask(dsn(anything, user="student", dbname=""), "SELECT current_database()") == [("student",)]


def test_all_names_mean_the_same_tables(anything: embedded.Connection) -> None:
    ask(dsn(anything, dbname="one"), "CREATE TABLE one.public.shared AS SELECT 7 AS i", "SELECT 1")
    assert ask(
        dsn(anything, dbname="two"),
        "INSERT INTO two.public.shared VALUES (8)",
        "UPDATE two.public.shared SET i = 9 WHERE i = 8",
        "SELECT two.public.shared.i FROM two.public.shared ORDER BY 1",
    ) == [(7,), (9,)]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM dev.public.songs",
        "INSERT INTO dev.public.songs VALUES (1)",
        "CREATE TABLE dev.public.others (id INTEGER)",
        "DROP TABLE dev.public.songs",
        "COPY dev.public.songs FROM 's3://bucket/songs' IAM_ROLE 'arn:aws:iam::0:role/r' JSON 'auto'",
    ],
)
def test_another_database_cannot_be_reached(anything: embedded.Connection, statement: str) -> None:
    """Also not by the name that the engine uses within."""
    with pytest.raises(psycopg2.errors.FeatureNotSupported, match=r"cross-database references? .*dev\.public"):
        ask(dsn(anything, dbname="sparkify"), SONGS, statement)


def test_the_password_counts_whatever_the_name(anything: embedded.Connection) -> None:
    for user in ("awsuser", "student"):
        with pytest.raises(psycopg2.OperationalError, match=f'password authentication failed for user "{user}"'):
            psycopg2.connect(dsn(anything, user=user, password="wrong"))


def test_copy_knows_the_sessions_database(s3_root: Path) -> None:
    (s3_root / "bucket").mkdir()
    (s3_root / "bucket" / "songs.json").write_text('{"id": 7}')
    with embedded.start(s3_root=s3_root, database_name=None) as warehouse:
        copy = "COPY sparkify.public.songs FROM 's3://bucket/songs' IAM_ROLE 'arn:aws:iam::0:role/r' JSON 'auto'"
        assert ask(dsn(warehouse, dbname="sparkify"), SONGS, copy, "SELECT id FROM songs") == [(7,)]


def test_the_stand_alone_warehouse_takes_a_name(tmp_path: Path) -> None:
    with started("--dbname", "sparkify", "--database", tmp_path / "warehouse.duckdb") as warehouse:
        assert "database sparkify," in warehouse.said
        assert ask(warehouse.conninfo, SONGS, TOLD) == [("sparkify",) * 5]
        assert ask(warehouse.conninfo, "SELECT COUNT(*) FROM sparkify.public.songs") == [(0,)]
        for other in ("dev", "Sparkify"):
            with pytest.raises(psycopg2.OperationalError, match=f'database "{other}" does not exist'):
                warehouse.connect(dbname=other)
    with started("--database", tmp_path / "warehouse.duckdb") as warehouse:  # the file does not keep the name
        assert ask(warehouse.conninfo, "SELECT COUNT(*) FROM dev.public.songs") == [(0,)]


@pytest.mark.parametrize("name", ["", "Sparkify", "a\nb", "x" * 128])
def test_names_that_redshift_does_not_keep(name: str) -> None:
    done = run("--dbname", name)
    assert done.returncode == 2
    assert "a database name is 1 to 127 printable characters, in lower case" in done.stderr
