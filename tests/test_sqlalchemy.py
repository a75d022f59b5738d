"""SQLAlchemy's inspector and MetaData, with PostgreSQL's dialect and with sqlalchemy-redshift; pandas with both."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import sqlalchemy as sa
from clients import ask, dsn

from local_redshift import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

SETUP = """
CREATE TABLE artists (artist_id VARCHAR(18) PRIMARY KEY, name VARCHAR(100) NOT NULL, latitude NUMERIC(9,6));
CREATE SCHEMA music;
CREATE TABLE music.songs (song_id VARCHAR(18) NOT NULL SORTKEY,
    artist_id VARCHAR(18) DISTKEY REFERENCES artists (artist_id), year INT DEFAULT 2018, UNIQUE (song_id, artist_id));
CREATE VIEW names AS SELECT artist_id, name FROM artists;
COMMENT ON TABLE artists IS 'who plays';
COMMENT ON COLUMN artists.name IS 'as it is written';
"""
POSTGRESQL, REDSHIFT, CONNECTOR = "postgresql+psycopg2", "redshift+psycopg2", "redshift+redshift_connector"
# What sqlalchemy-redshift asks of a connection without being told otherwise: a certificate of Amazon's.
PLAIN_TEXT = {POSTGRESQL: {}, REDSHIFT: {"sslmode": "disable"}, CONNECTOR: {"ssl": False}}


@pytest.fixture(scope="module")
def warehouse() -> Iterator[embedded.Connection]:
    with embedded.start() as warehouse:
        ask(dsn(warehouse), SETUP)
        yield warehouse


@contextmanager
def engine_of(warehouse: embedded.Connection, driver: str) -> Iterator[sa.Engine]:
    url = sa.URL.create(driver, warehouse.user, warehouse.password, warehouse.host, warehouse.port, warehouse.database)
    engine = sa.create_engine(url, connect_args=PLAIN_TEXT[driver])
    try:
        yield engine
    finally:
        engine.dispose()


@pytest.fixture(params=[POSTGRESQL, REDSHIFT, CONNECTOR])
def engine(request: pytest.FixtureRequest, warehouse: embedded.Connection) -> Iterator[sa.Engine]:
    with engine_of(warehouse, request.param) as engine:
        yield engine


@pytest.fixture
def inspector(engine: sa.Engine) -> sa.Inspector:
    return sa.inspect(engine)


def test_schemas_tables_and_views(inspector: sa.Inspector) -> None:
    assert {"public", "music"} <= set(inspector.get_schema_names())
    assert not {"main", "rs", "redshift_journal", "pg_redshift"} & set(inspector.get_schema_names())
    assert "artists" in inspector.get_table_names()
    assert inspector.get_table_names("music") == ["songs"]
    assert inspector.get_view_names() == ["names"]
    assert inspector.get_view_definition("names").rstrip(";") == "SELECT artist_id, name FROM artists"
    assert inspector.has_table("artists")
    assert inspector.has_table("songs", schema="music")
    assert not inspector.has_table("songs")


def test_keys_and_comments(inspector: sa.Inspector) -> None:
    primary = inspector.get_pk_constraint("artists")
    assert (primary["name"], primary["constrained_columns"]) == ("artists_pkey", ["artist_id"])
    assert inspector.get_pk_constraint("songs", "music")["constrained_columns"] == []
    (foreign,) = inspector.get_foreign_keys("songs", "music")
    assert {key: foreign[key] for key in ("constrained_columns", "referred_table", "referred_columns")} == {
        "constrained_columns": ["artist_id"],
        "referred_table": "artists",
        "referred_columns": ["artist_id"],
    }
    (unique,) = inspector.get_unique_constraints("songs", "music")
    assert unique["column_names"] == ["song_id", "artist_id"]
    assert inspector.get_table_comment("artists") == {"text": "who plays"}
    assert inspector.get_check_constraints("artists") == []


def test_indexes_are_the_keys_to_postgresql(warehouse: embedded.Connection) -> None:
    with engine_of(warehouse, POSTGRESQL) as engine:
        (index,) = sa.inspect(engine).get_indexes("songs", "music")
        assert (index["unique"], index["column_names"]) == (True, ["song_id", "artist_id"])
    with engine_of(warehouse, REDSHIFT) as engine:
        assert sa.inspect(engine).get_indexes("songs", "music") == []


def test_columns(inspector: sa.Inspector) -> None:
    columns = inspector.get_columns("artists")
    assert [(c["name"], str(c["type"]), c["nullable"]) for c in columns] == [
        ("artist_id", "VARCHAR(18)", False),
        ("name", "VARCHAR(100)", False),
        ("latitude", "NUMERIC(9, 6)", True),
    ]
    assert inspector.get_columns("songs", "music")[2]["default"] == "2018"


def test_comments_of_columns_are_told_to_postgresql(warehouse: embedded.Connection) -> None:
    with engine_of(warehouse, POSTGRESQL) as engine:
        columns = sa.inspect(engine).get_columns("artists")
    assert [c["comment"] for c in columns] == [None, "as it is written", None]


def test_attributes_of_columns_are_told_to_sqlalchemy_redshift(warehouse: embedded.Connection) -> None:
    for driver in (REDSHIFT, CONNECTOR):
        with engine_of(warehouse, driver) as engine, engine.connect() as connection:
            columns = engine.dialect._get_redshift_columns(connection, "songs", "music")  # type: ignore[attr-defined]
            told = [(c.name, c.format_type, c.encode, c.distkey, c.sortkey, c.notnull, c.default) for c in columns]
        assert told == [
            ("song_id", "character varying(18)", "none", False, 1, True, None),
            ("artist_id", "character varying(18)", "none", True, 0, False, None),
            ("year", "integer", "none", False, 0, False, "2018"),
        ]


def test_table_options(warehouse: embedded.Connection) -> None:
    with engine_of(warehouse, REDSHIFT) as engine:
        options = sa.inspect(engine).get_table_options("songs", "music")
    assert options == {
        "redshift_diststyle": "KEY",
        "redshift_distkey": "artist_id",
        "redshift_sortkey": ("song_id",),
        "redshift_interleaved_sortkey": None,
    }


def test_everything_is_reflected(engine: sa.Engine) -> None:
    metadata = sa.MetaData()
    metadata.reflect(engine, schema="music", views=True)
    songs = metadata.tables["music.songs"]
    assert [column.name for column in songs.columns] == ["song_id", "artist_id", "year"]
    assert [key.target_fullname for key in songs.foreign_keys] == ["artists.artist_id"]
    assert [column.name for column in metadata.tables["artists"].primary_key] == ["artist_id"]


def test_tables_are_created_with_redshifts_attributes(warehouse: embedded.Connection) -> None:
    metadata = sa.MetaData()
    sa.Table(
        "plays", metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("user_id", sa.Integer, info={"encode": "zstd"}),
        sa.Column("at", sa.DateTime, nullable=False),
        redshift_diststyle="KEY", redshift_distkey="user_id", redshift_sortkey=["at", "id"],
    )  # fmt: skip
    with engine_of(warehouse, REDSHIFT) as engine:
        metadata.create_all(engine)
        metadata.create_all(engine)  # finds it
        options = sa.inspect(engine).get_table_options("plays")
        metadata.drop_all(engine)
        assert not sa.inspect(engine).has_table("plays")
    assert (options["redshift_distkey"], options["redshift_sortkey"]) == ("user_id", ("at", "id"))


@pytest.mark.parametrize("driver", [POSTGRESQL, REDSHIFT])
def test_pandas_writes_and_reads(warehouse: embedded.Connection, driver: str) -> None:
    name = f"frame_{driver.partition('+')[0]}"
    frame = pd.DataFrame({"id": [1, 2, 3], "title": ["a", "b'c", None], "rating": [1.5, 2.25, None]})
    with engine_of(warehouse, driver) as engine:
        frame.to_sql(name, engine, index=False, method="multi")
        frame.to_sql(name, engine, index=False, if_exists="append")
        read = pd.read_sql(f"SELECT id, title, rating FROM {name} ORDER BY id", engine)
    assert read["id"].tolist() == [1, 1, 2, 2, 3, 3]
    assert read["title"].tolist()[2:4] == ["b'c", "b'c"]
    assert read["rating"].sum() == 7.5


def test_pandas_reads_a_table_by_name(engine: sa.Engine) -> None:
    assert list(pd.read_sql_table("songs", engine, schema="music").columns) == ["song_id", "artist_id", "year"]
