"""pandas: reading over psycopg2 and SQLAlchemy, whole or in pieces, and writing data frames."""

from __future__ import annotations

import datetime as dt
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pandas as pd
import psycopg2
import pytest
import sqlalchemy as sa
from clients import ask, dsn

from local_redshift import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

# pandas says so of every connection but SQLAlchemy's and SQLite's; reading works, and most scripts do it.
over_psycopg2 = pytest.mark.filterwarnings("ignore:pandas only supports SQLAlchemy connectable:UserWarning")

ALL_TYPES = """
    SELECT 1 AS i, 2.5::FLOAT AS f, 1.25::DECIMAL(10,2) AS d, 'é' AS s, true AS b, '2018-11-15'::DATE AS day,
        '2018-11-15 00:30:26.796'::TIMESTAMP AS at, '2018-11-15 01:30+01'::TIMESTAMPTZ AS tz, NULL::INT AS n
"""
SONGS = pd.DataFrame(
    {
        "id": range(1000),
        "title": [f"title {i} it's é %" for i in range(1000)],
        "length": [i / 3 for i in range(1000)],
        "day": [dt.date(2018, 11, 1 + i % 30) for i in range(1000)],
        "at": pd.Timestamp("2018-11-15 00:30:26.796"),
        "liked": [True, False] * 500,
        "artist": [None, "Björk"] * 500,
    }
)
PIECES = [(3000, 1), (3000, 3001), (3000, 6001), (1000, 9001)]


@pytest.fixture(scope="module")
def warehouse() -> Iterator[embedded.Connection]:
    with embedded.start() as parameters:
        yield parameters


@pytest.fixture(params=["redshift+psycopg2", "postgresql+psycopg2"])
def engine(request: pytest.FixtureRequest, warehouse: embedded.Connection) -> Iterator[sa.Engine]:
    """Through the dialect that is made for Redshift, and through the one that many scripts use."""
    with engine_for(request.param, warehouse) as made:
        yield made


@contextmanager
def engine_for(dialect: str, warehouse: embedded.Connection) -> Iterator[sa.Engine]:
    """An engine, and no table songs when it is done with."""
    url = sa.URL.create(
        dialect,
        username=warehouse.user,
        password=warehouse.password,
        host=warehouse.host,
        port=warehouse.port,
        database=warehouse.database,
    )
    made = sa.create_engine(url, connect_args={"sslmode": "prefer"})  # redshift's own default is verify-full
    yield made
    made.dispose()
    ask(dsn(warehouse), "DROP TABLE IF EXISTS songs")


@over_psycopg2
def test_reading_over_psycopg2(warehouse: embedded.Connection) -> None:
    with closing(psycopg2.connect(dsn(warehouse))) as connection:
        frame = pd.read_sql(ALL_TYPES, connection)
        assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
            "i": "int64",
            "f": "float64",
            "d": "float64",
            "s": "str",
            "b": "bool",
            "day": "object",
            "at": "datetime64[us]",
            "tz": "datetime64[us, UTC]",
            "n": "object",
        }
        assert frame.iloc[0].to_dict() == {
            "i": 1,
            "f": 2.5,
            "d": 1.25,
            "s": "é",
            "b": True,
            "day": dt.date(2018, 11, 15),
            "at": pd.Timestamp("2018-11-15 00:30:26.796"),
            "tz": pd.Timestamp("2018-11-15 00:30", tz="UTC"),
            "n": None,
        }
        named = pd.read_sql("SELECT %(a)s AS a, %(b)s::DATE AS b", connection, params={"a": 7, "b": "2018-11-15"})
        assert named.to_dict("records") == [{"a": 7, "b": dt.date(2018, 11, 15)}]
        parsed = pd.read_sql("SELECT '2018-11-15' AS day", connection, parse_dates=["day"], index_col="day")
        assert list(parsed.index) == [pd.Timestamp("2018-11-15")]
        pieces = pd.read_sql("SELECT i FROM generate_series(1, 10000) AS g(i) ORDER BY i", connection, chunksize=3000)
        assert [(len(piece), piece["i"].iloc[0]) for piece in pieces] == [
            (3000, 1),
            (3000, 3001),
            (3000, 6001),
            (1000, 9001),
        ]
        with pytest.raises(psycopg2.errors.UndefinedTable, match='relation "nowhere" does not exist'):
            pd.read_sql("SELECT * FROM nowhere", connection)


def test_a_frame_goes_and_comes(engine: sa.Engine) -> None:
    assert SONGS.to_sql("songs", engine, index=False, method="multi", chunksize=300) == 1000
    back = pd.read_sql("SELECT * FROM songs ORDER BY id", engine)
    pd.testing.assert_frame_equal(back, SONGS, check_dtype=False)
    one = pd.read_sql(sa.text("SELECT title FROM songs WHERE id = :id"), engine, params={"id": 7})
    assert one["title"].tolist() == ["title 7 it's é %"]


def test_what_to_do_with_a_table_that_is_there(engine: sa.Engine) -> None:
    few = SONGS[:3]
    few.to_sql("songs", engine, index=False)
    few.to_sql("songs", engine, index=False, if_exists="append")
    assert pd.read_sql("SELECT COUNT(*) AS n FROM songs", engine)["n"].tolist() == [6]
    with pytest.raises(ValueError, match="Table 'songs' already exists"):
        few.to_sql("songs", engine, index=False)


def test_a_table_is_replaced(warehouse: embedded.Connection) -> None:
    """Only through SQLAlchemy's own dialect: pandas reflects the table, and sqlalchemy-redshift 1.0.0 cannot do that
    with SQLAlchemy 2.1."""
    with engine_for("postgresql+psycopg2", warehouse) as engine:
        SONGS[:6].to_sql("songs", engine, index=False)
        few = SONGS[:3].drop(columns="artist")
        few.to_sql(
            "songs", engine, index=False, if_exists="replace", dtype={"id": sa.BigInteger, "title": sa.String(40)}
        )
        assert pd.read_sql("SELECT * FROM songs", engine).shape == (3, 6)
        assert pd.read_sql_table("songs", engine).dtypes["day"] == "datetime64[s]"


def test_an_index_becomes_a_column_and_no_index(engine: sa.Engine) -> None:
    """pandas would make an index on it, which Redshift does not have: it says so."""
    with pytest.raises(sa.exc.NotSupportedError, match='SQL command "CREATE INDEX" not supported on Redshift'):
        SONGS[:3].to_sql("songs", engine)
    SONGS[:3].reset_index().to_sql("songs", engine, index=False)
    assert pd.read_sql('SELECT "index" FROM songs ORDER BY 1', engine)["index"].tolist() == [0, 1, 2]


def test_a_failed_write_leaves_nothing(engine: sa.Engine) -> None:
    SONGS[:3].to_sql("songs", engine, index=False, dtype={"title": sa.String(20)})
    long = SONGS[:3].assign(title=["short", "short", "x" * 21])
    with pytest.raises(pd.errors.DatabaseError, match=r"value too long for type character varying\(20\)"):
        long.to_sql("songs", engine, index=False, if_exists="append")
    assert pd.read_sql("SELECT COUNT(*) AS n FROM songs", engine)["n"].tolist() == [3]


def test_reading_in_pieces_from_a_cursor_of_the_server(engine: sa.Engine) -> None:
    with engine.connect().execution_options(stream_results=True) as connection:
        pieces = pd.read_sql_query(
            sa.text("SELECT i FROM generate_series(1, 10000) AS g(i) ORDER BY i"), connection, chunksize=3000
        )
        assert [(len(piece), piece["i"].iloc[0]) for piece in pieces] == [
            (3000, 1),
            (3000, 3001),
            (3000, 6001),
            (1000, 9001),
        ]
