"""The five tables are the warehouse's, value by value; and the public data set gives the numbers that it must."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from lake_spark import SOCKETS, TABLES, Lake, in_warehouse
from real_numbers import STAR
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


@pytest.mark.parametrize(("sql", "expected"), STAR)
def test_numbers_of_the_real_data(real_lake: Lake, sql: str, expected: list[tuple[object, ...]]) -> None:
    assert real_lake.query(sql) == expected
