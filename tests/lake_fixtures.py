"""Fixtures for the tests of the lake's job; who needs them says ``pytest_plugins = ["lake_fixtures"]``."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from lake_process import QUICK
from lake_spark import Lake
from spark_parts import spark_or_skip

from warehouse.config import SAMPLE_DATA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """Spark as it is on people's machines, once for all tests of a process."""
    spark_or_skip()
    from data_lake import laptop
    from data_lake.settings import LakeSettings

    with pytest.MonkeyPatch.context() as environment:
        for name, value in QUICK.items():
            environment.setenv(name, value)
        session = laptop.session(LakeSettings())
    yield session
    session.stop()


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> Lake:
    return Lake(spark, tmp_path / "lake")


@pytest.fixture(scope="session")
def sample_lake(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """The lake of the sample data, to be looked at only."""
    made = Lake(spark, tmp_path_factory.mktemp("sample") / "lake")
    made.load(SAMPLE_DATA / "udacity-dend")
    return made


@pytest.fixture
def copied_lake(sample_lake: Lake, tmp_path: Path) -> Lake:
    """The same as one's own."""
    return Lake(sample_lake.spark, shutil.copytree(sample_lake.folder, tmp_path / "lake"))
