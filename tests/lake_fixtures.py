"""Fixtures for the tests of the lake's job; who needs them says ``pytest_plugins = ["lake_fixtures"]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lake_spark import Lake
from spark_parts import spark_or_skip

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

    session = laptop.session(LakeSettings())
    yield session
    session.stop()


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> Lake:
    return Lake(spark, tmp_path / "lake")
