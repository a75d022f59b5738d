"""The lake's folders and files, as those find them who query it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import duckdb
import pytest
from lake_spark import SOCKETS, TABLES, Lake

from data_lake.job import tables
from warehouse.config import SAMPLE_DATA

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["lake_fixtures"]
pytestmark = SOCKETS
MONTHS = {"year=2018/month=11", "year=2018/month=12"}


def folders(lake: Lake, table: str) -> list[str]:
    return [name.rpartition("/")[0] for name in lake.files(table)]


def test_songs_lie_by_year_and_plays_and_time_by_month(sample_lake: Lake) -> None:
    years = {f"year={year}" for (year,) in sample_lake.query("SELECT DISTINCT year FROM songs")}
    assert len(years) > 20
    assert {table: set(folders(sample_lake, table)) for table in TABLES} == {
        "artists": {""},
        "songs": years,
        "songplays": MONTHS,
        "users": {""},
        "time": MONTHS,
    }


@pytest.mark.parametrize("table", TABLES)
def test_a_partition_is_one_file(sample_lake: Lake, table: str) -> None:
    assert len(set(folders(sample_lake, table))) == len(folders(sample_lake, table))


def test_there_is_nothing_else(sample_lake: Lake) -> None:
    """Neither checksums and marks, nor what the run worked with; _lake.json says which columns there are."""
    others = [
        name for name in sample_lake.files() if not re.fullmatch(r"\w+/([\w=]+/)*part-\d{5}\.snappy\.parquet", name)
    ]
    assert others == ["_lake.json"]
    assert sorted(path.name for path in sample_lake.folder.iterdir()) == sorted([*TABLES, "_lake.json"])


# Without the columns that are folders' names.
SCHEMAS = {
    "artists": {
        "artist_id": "VARCHAR",
        "name": "VARCHAR",
        "location": "VARCHAR",
        "latitude": "DOUBLE",
        "longitude": "DOUBLE",
    },
    "songs": {"song_id": "VARCHAR", "title": "VARCHAR", "artist_id": "VARCHAR", "duration": "DOUBLE"},
    "songplays": {
        "songplay_id": "BIGINT",
        "start_time": "TIMESTAMP",
        "user_id": "INTEGER",
        "level": "VARCHAR",
        "song_id": "VARCHAR",
        "artist_id": "VARCHAR",
        "session_id": "INTEGER",
        "location": "VARCHAR",
        "user_agent": "VARCHAR",
    },
    "users": {
        "user_id": "INTEGER",
        "first_name": "VARCHAR",
        "last_name": "VARCHAR",
        "gender": "VARCHAR",
        "level": "VARCHAR",
    },
    "time": {
        "start_time": "TIMESTAMP",
        "hour": "SMALLINT",
        "day": "SMALLINT",
        "week": "SMALLINT",
        "weekday": "SMALLINT",
    },
}


@pytest.mark.parametrize("table", TABLES)
def test_every_file_has_the_columns_and_their_types(sample_lake: Lake, table: str) -> None:
    for name in sample_lake.files(table):
        assert columns(sample_lake.folder / table / name) == SCHEMAS[table]


def columns(file: Path) -> dict[str, str]:
    with duckdb.connect() as engine:
        read = f"DESCRIBE FROM read_parquet('{file}', hive_partitioning = false)"
        return {name: kind for name, kind, *_ in engine.execute(read).fetchall()}


def test_times_are_those_that_every_reader_knows(sample_lake: Lake) -> None:
    file = next(iter(sample_lake.files("time")))
    with duckdb.connect() as engine:
        found = engine.execute(
            f"SELECT type FROM parquet_schema('{sample_lake.folder}/time/{file}') WHERE name = 'start_time'"
        )
        assert found.fetchall() == [("INT96",)]


SMALL = {
    "spark.sql.adaptive.advisoryPartitionSizeInBytes": "20k",
    "spark.sql.adaptive.coalescePartitions.minPartitionSize": "1k",
}


def test_a_large_partition_is_cut_and_put_together_again(
    sample_lake: Lake, copied_lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large is here what is more than 20 KB of a shuffle."""
    with monkeypatch.context() as small:
        for name, value in SMALL.items():
            small.setitem(tables.SETTINGS, name, value)
        copied_lake.load(SAMPLE_DATA / "udacity-dend")
    for name in SMALL:
        copied_lake.spark.conf.unset(name)
    assert 4 <= len(copied_lake.files("songplays")) <= 40
    assert set(folders(copied_lake, "songplays")) == MONTHS
    assert copied_lake.everything() == sample_lake.everything()

    copied_lake.load(SAMPLE_DATA / "udacity-dend")
    assert copied_lake.files() == sample_lake.files()
