"""analysis/report.py on a data lake: the star schema's questions have the warehouse's answers, the others a reason."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from report_parts import REPORT, answered, left
from scripts import ROOT, Project
from unloaded_lake import unload

from analysis import questions, summary
from analysis.asking import ask
from analysis.contents import NothingToReport
from analysis.sources import opened
from warehouse.runner import Silent

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["report_fixtures"]

FROM_STAGING = {sql for sql in questions.QUESTIONS.values() if "staging_" in sql}


@pytest.fixture(scope="module")
def made(loaded: Project) -> Path:
    """The lake that Spark makes of the same files, but that the warehouse itself has unloaded it."""
    return unload(loaded)


@pytest.fixture
def lake(made: Path, project: Project) -> Path:
    """A copy of one's own in lake/, where it is looked for without a dl.cfg."""
    return shutil.copytree(made, project.folder / "lake")


def test_the_lake_is_asked(project: Project, lake: Path) -> None:
    """Nothing stays but the page; what only the staging tables tell is said to lie in a warehouse."""
    (project.folder / "my.cfg").write_text("[LAKE]\nOUTPUT_DATA = lake\n")
    before = left(project.folder)
    said = project.succeed(REPORT, "--config", "my.cfg").splitlines()
    assert "Asking the lake in lake" in said
    assert "Not answered. There is no table staging_events." in said
    assert "  What precedes an upgrade?" in said
    assert said[-2] == (
        f"A lake keeps the star schema alone: ask a warehouse. python {ROOT / 'analysis' / 'report.py'}"
    )
    page = (project.folder / "report.html").read_text(encoding="utf-8")
    assert "from the lake in lake" in page
    assert str(project.folder) not in page
    assert left(project.folder) == sorted([*before, "report.html"])


def test_the_lakes_answers_are_the_warehouses(project: Project, lake: Path) -> None:
    with opened(None, lake=True) as source:
        answers = ask(source, Silent())
    assert set(answers.lacking) == FROM_STAGING
    warehouses = answered(project)
    assert answers.tables == {sql: table for sql, table in warehouses.tables.items() if sql not in FROM_STAGING}
    assert summary.not_answered(answers)[-1].startswith("A lake keeps the star schema alone")


def test_a_lake_without_plays(project: Project, lake: Path) -> None:
    shutil.rmtree(lake / "songplays")
    with pytest.raises(NothingToReport) as caught, opened(None, lake=True) as source:
        ask(source, Silent())
    assert caught.value.message == "There is nothing to report. The table songplays is empty."
    assert caught.value.hint == f"Make it anew: python {ROOT / 'data_lake' / 'etl.py'} --replace"


def test_no_lake(project: Project) -> None:
    said = project.fail(REPORT, "--lake")
    assert said == (
        f"error: There is no lake in {project.folder / 'lake'}: it has no _lake.json.\n"
        f"Make it: python {ROOT / 'data_lake' / 'etl.py'}\n"
    )
    assert left(project.folder) == ["other.cfg", "sparkify.duckdb"]
