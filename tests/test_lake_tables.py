"""The five tables are the warehouse's, value by value; and the public data set gives the numbers that it must."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from lake_spark import SOCKETS, TABLES, Lake, in_warehouse
from scripts import project as make_project

from warehouse.config import SAMPLE_DATA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyspark.sql import SparkSession

pytest_plugins = ["lake_fixtures"]
pytestmark = SOCKETS
# Cluster administrators have their own ideas of these.
ELSEWHERE = {"spark.sql.ansi.enabled": "true", "spark.sql.session.timeZone": "America/New_York"}


class Both(NamedTuple):
    lake: dict[str, list[tuple[Any, ...]]]
    warehouse: dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def sample(sample_lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> Both:
    return Both(sample_lake.everything(), _loaded(tmp_path_factory, SAMPLE_DATA))


@pytest.fixture(scope="module")
def elsewhere(spark: SparkSession) -> Iterator[SparkSession]:
    """Spark in strict ANSI mode, for a session and a machine in New York."""
    zone = spark.sparkContext._jvm.java.util.TimeZone  # type: ignore[union-attr]
    before, default = {key: spark.conf.get(key) for key in ELSEWHERE}, zone.getDefault()
    for key, value in ELSEWHERE.items():
        spark.conf.set(key, value)
    zone.setDefault(zone.getTimeZone("America/New_York"))
    yield spark
    zone.setDefault(default)
    for key, told in before.items():
        spark.conf.set(key, str(told))


@pytest.fixture(scope="module")
def real_lake(elsewhere: SparkSession, real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    made = Lake(elsewhere, tmp_path_factory.mktemp("real") / "lake")
    made.load(real_data / "udacity-dend")
    return made


@pytest.fixture(scope="module")
def real(real_lake: Lake, real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Both:
    return Both(real_lake.everything(), _loaded(tmp_path_factory, real_data))


def _loaded(folders: pytest.TempPathFactory, s3_root: Path) -> dict[str, list[tuple[Any, ...]]]:
    project = make_project(folders.mktemp("warehouse"), s3_root)
    project.succeed("create_tables.py")
    project.succeed("etl.py")
    return in_warehouse(project)


@pytest.mark.parametrize("table", TABLES)
def test_the_sample_data_as_in_the_warehouse(sample: Both, table: str) -> None:
    assert len(sample.lake[table]) > 50
    assert sample.lake[table] == sample.warehouse[table]


@pytest.mark.parametrize("table", TABLES)
def test_the_real_data_as_in_the_warehouse_under_other_settings(real: Both, table: str) -> None:
    assert real.lake[table] == real.warehouse[table]


# What must come out, whoever computes it.
NUMBERS: list[tuple[str, list[tuple[object, ...]]]] = [
    ("SELECT COUNT(*), COUNT(song_id), COUNT(artist_id) FROM songplays", [(6820, 319, 319)]),
    ("SELECT COUNT(DISTINCT songplay_id), COUNT(songplay_id) FROM songplays", [(6820, 6820)]),
    ("SELECT level, COUNT(*) FROM songplays GROUP BY level ORDER BY level", [("free", 1229), ("paid", 5591)]),
    ("SELECT level, COUNT(*) FROM users GROUP BY level ORDER BY level", [("free", 74), ("paid", 22)]),
    ("SELECT COUNT(*), COUNT(DISTINCT user_id) FROM users", [(96, 96)]),
    ("SELECT COUNT(*), COUNT(DISTINCT song_id) FROM songs", [(14896, 14896)]),
    ("SELECT COUNT(*), COUNT(DISTINCT artist_id) FROM artists", [(9553, 9553)]),
    ("SELECT COUNT(*), COUNT(DISTINCT start_time) FROM time", [(6813, 6813)]),
    ("SELECT COUNT(*) FROM time WHERE EXTRACT(ms FROM start_time) % 1000 = 796", [(6813,)]),
    (
        (
            "SELECT s.title, a.name, COUNT(*) FROM songplays p JOIN songs s USING (song_id) "
            "JOIN artists a ON a.artist_id = p.artist_id GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT 3"
        ),
        [
            ("You're The One", "Dwight Yoakam", 37),
            ("Catch You Baby (Steve Pitron & Max Sanna Radio Edit)", "Lonnie Gordon", 9),
            ("I CAN'T GET STARTED", "Ron Carter", 9),
        ],
    ),
    (
        "SELECT t.hour, COUNT(*) FROM songplays JOIN time t USING (start_time) GROUP BY 1 ORDER BY 2 DESC LIMIT 3",
        [(16, 542), (18, 498), (17, 494)],
    ),
    (
        "SELECT t.weekday, COUNT(*) FROM songplays JOIN time t USING (start_time) GROUP BY 1 ORDER BY 1",
        [(0, 396), (1, 1014), (2, 1071), (3, 1364), (4, 1052), (5, 1295), (6, 628)],
    ),
]


@pytest.mark.parametrize(("sql", "expected"), NUMBERS)
def test_numbers_of_the_real_data(real_lake: Lake, sql: str, expected: list[tuple[object, ...]]) -> None:
    assert real_lake.query(sql) == expected
