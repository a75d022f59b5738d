"""psql and its backslash commands, each run as a user would: what they print of tables, keys, views and the server."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import psycopg2
import pytest
from clients import ask, dsn
from programs import program

from local_redshift import embedded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Psql = Callable[[str], str]

SETUP = """
CREATE TABLE artists (artist_id VARCHAR(18) PRIMARY KEY, name VARCHAR(100) NOT NULL, price NUMERIC(8,2) DEFAULT 9.99);
CREATE SCHEMA music;
CREATE TABLE music.songs (song_id VARCHAR(18) UNIQUE, artist_id VARCHAR(18) REFERENCES artists (artist_id), year INT);
CREATE VIEW names AS SELECT artist_id, name FROM artists;
COMMENT ON TABLE artists IS 'who plays';
COMMENT ON COLUMN artists.name IS 'as it is written';
"""


@pytest.fixture(scope="module")
def warehouse() -> Iterator[embedded.Connection]:
    with embedded.start() as warehouse:
        ask(dsn(warehouse), SETUP)
        yield warehouse


@pytest.fixture
def psql(warehouse: embedded.Connection) -> Psql:
    """Runs one command; gives what is printed, fields separated by ``|``. An error fails the test."""

    def run(command: str) -> str:
        ended = _run(warehouse, command)
        assert (ended.returncode, ended.stderr) == (0, ""), ended.stderr
        return ended.stdout

    return run


def _run(warehouse: embedded.Connection, command: str) -> subprocess.CompletedProcess[str]:
    place = ["-h", warehouse.host, "-p", str(warehouse.port), "-U", warehouse.user, "-d", warehouse.database]
    return subprocess.run(
        [program("psql"), "--no-psqlrc", "--no-align", "--set=ON_ERROR_STOP=1", *place, "-c", command],
        env={**os.environ, "PGPASSWORD": warehouse.password, "PAGER": "cat"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# What a command prints somewhere in its lines.
PRINTED = {
    r"\d": ["public|artists|table|awsuser", "public|names|view|awsuser"],
    r"\dt": ["public|artists|table|awsuser", "(1 row)"],
    r"\dt+": ["public|artists|table|awsuser|permanent||who plays"],
    r"\dt music.*": ["music|songs|table|awsuser"],
    r"\dv": ["public|names|view|awsuser"],
    r"\di": ["public|artists_pkey|index|awsuser|artists"],
    r"\dn": ["music|awsuser", "public|rdsdb", "(2 rows)"],
    r"\dn+": ["music|awsuser||"],
    r"\l": ["dev|awsuser|UNICODE"],
    r"\l+": ["dev|awsuser|UNICODE|C|C||libc||"],
    r"\du": ["awsuser|Superuser, Create role, Create DB|{}"],
    r"\dp": ["public|artists|table||"],
    r"\df": ["(0 rows)"],
    r"\dT": ["(0 rows)"],
    r"\dTS int8": ["pg_catalog|bigint|"],
    r"\dd": ["(0 rows)"],
    r"\db": ["pg_default|rdsdb|"],
    r"\dx": ["(0 rows)"],
    r"\d artists": [
        'Table "public.artists"',
        "artist_id|character varying(18)||not null|",
        "price|numeric(8,2)|||9.99",
        '"artists_pkey" PRIMARY KEY, btree (artist_id)',
        'TABLE "music.songs" CONSTRAINT "songs_artist_id_fkey" FOREIGN KEY (artist_id) REFERENCES artists(artist_id)',
    ],
    r"\d+ artists": ["name|character varying(100)||not null||extended||as it is written"],
    r"\d music.songs": [
        '"songs_song_id_key" UNIQUE CONSTRAINT, btree (song_id)',
        '"songs_artist_id_fkey" FOREIGN KEY (artist_id) REFERENCES artists(artist_id)',
    ],
    r"\d names": ['View "public.names"', "name|character varying"],
    r"\d+ names": ["SELECT artist_id, name FROM artists;"],
    r"\sv names": ["CREATE OR REPLACE VIEW public.names AS"],
    r"\d pg_class": ["relnamespace|oid|"],
    r"\conninfo": ['You are connected to database "dev" as user "awsuser"'],
    r"\x": ["Expanded display is on."],
    r"\timing": ["Timing is on."],
    r"\encoding": ["UTF8"],
    "SELECT name FROM artists": ["(0 rows)"],
}


@pytest.mark.parametrize("command", PRINTED)
def test_command(psql: Psql, command: str) -> None:
    lines = [line.strip() for line in psql(command).splitlines()]
    for expected in PRINTED[command]:
        assert any(line.startswith(expected) for line in lines), lines


QUIET = (r"\dE", r"\dm", r"\ds", r"\det", r"\des", r"\deu", r"\dew", r"\dC", r"\do", r"\dF", r"\dFd", r"\dFp", r"\dFt",
         r"\dl", r"\ddp", r"\drds", r"\dO", r"\dL", r"\dc", r"\dD", r"\da", r"\dg+", r"\z", r"\dconfig")  # fmt: skip


def test_commands_about_what_there_is_nothing_of(warehouse: embedded.Connection) -> None:
    for command in QUIET:
        ended = _run(warehouse, command)
        assert "ERROR" not in ended.stderr, (command, ended.stderr)


def test_a_table_that_does_not_exist(warehouse: embedded.Connection) -> None:
    assert 'Did not find any relation named "nothing".' in _run(warehouse, r"\d nothing").stderr


def test_copy_from_the_client_is_refused_as_on_redshift(warehouse: embedded.Connection) -> None:
    ended = _run(warehouse, r"\copy artists from /dev/null")
    assert ended.returncode != 0
    assert "COPY FROM STDIN and COPY TO STDOUT are not supported on Redshift" in ended.stderr


def test_inside_a_transaction_that_began_before_anyone_asked_for_catalogs() -> None:
    with embedded.start() as fresh:
        conninfo = dsn(fresh)
        connection = psycopg2.connect(conninfo)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE early (a INT)")
            cursor.execute("SELECT initcap('x'), count(*) FROM early")
            cursor.execute("SELECT relname FROM pg_class WHERE relname = 'early'")
            assert cursor.fetchall() == [("early",)]
        connection.close()
        assert ask(conninfo, "SELECT count(*) FROM pg_class WHERE relname = 'early'") == [(0,)]
