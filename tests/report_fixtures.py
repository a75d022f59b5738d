"""Fixtures for the tests of analysis/report.py; who needs them says ``pytest_plugins = ["report_fixtures"]``."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from scripts import Project, clean_environment, event, small_project, song

if TYPE_CHECKING:
    from pathlib import Path

NOON = 1541073600796
DAY = 86_400_000


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Songs, and the plays of three weeks, one of which nobody matches; somebody upgrades."""
    made = small_project(tmp_path_factory.mktemp("loaded"))
    made.put_songs(song())
    plays = [event(NOON + day * DAY, user=day % 3, sessionId=day, level="free") for day in range(20)]
    upgrade = [
        event(NOON + 1000, page="Upgrade", user=0, sessionId=0),
        event(NOON + 2000, user=0, sessionId=0, level="paid"),
        event(NOON + 3000, user=1, artist="Nobody"),
    ]
    made.put_events("2018-11-01", [*plays, *upgrade])
    made.succeed("create_tables.py")
    made.succeed("etl.py")
    return made


@pytest.fixture
def project(loaded: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The same as one's own, configured in other.cfg; without the scripts, as for somebody who only reads.

    The test is in its folder and in an active environment, as are the processes that ``Project`` starts.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", clean_environment()["PATH"])
    made = Project(tmp_path, loaded.s3_root)
    made.configure()
    (tmp_path / "dwh.cfg").rename(tmp_path / "other.cfg")
    shutil.copy(loaded.folder / "sparkify.duckdb", tmp_path)
    return made
