"""benchmarks/: the harness measures and writes what it says, and the scripts run."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from programs import missing
from spark_parts import spark_or_skip

from analysis.questions import QUESTIONS

if TYPE_CHECKING:
    from types import ModuleType

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture
def harness(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("harness")


@pytest.fixture
def process_tree(harness: ModuleType) -> ModuleType:
    return importlib.import_module("process_tree")


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(BENCHMARKS / script), *arguments], capture_output=True, text=True, check=False
    )


def test_the_round_with_the_median_ratio_counts(harness: ModuleType) -> None:
    ours, yardstick = iter([3.0, 2.6, 2.2]), iter([2.0, 2.0, 2.0])
    result = harness.compare("it", lambda: next(ours), lambda: next(yardstick), allowed=1.3, repeat=3)
    assert (result.ours, result.yardstick) == (2.6, 2.0)
    assert result.met
    assert result.cells() == ("it", "2.60", "2.00", "1.30", "1.3", "yes")


def test_a_missed_yardstick_shows(harness: ModuleType) -> None:
    missed = harness.Comparison("it", ours=2.7, yardstick=2.0, allowed=1.3)
    assert not missed.met
    assert missed.cells()[-1] == "**no**"


def test_peak_memory_is_the_childs_own(harness: ModuleType) -> None:
    large = harness.run_child(["-c", "b = bytes(range(256)) * 800_000"])  # 200 MB
    small = harness.run_child(["-c", "pass"])
    assert 180 < large.peak_megabytes - small.peak_megabytes < 260
    assert small.seconds > 0


def test_a_failing_child_says_why(harness: ModuleType) -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        harness.run_child(["-c", "1/0"])


def test_a_section_of_the_readme_is_replaced(
    harness: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- one -->\nold\n<!-- end one -->\nafter\n")
    monkeypatch.setattr(harness, "README", readme)
    harness.publish("one", harness.markdown(("what", "s"), [("this", "1.0")]), write=True)
    text = readme.read_text()
    assert text.startswith("before\n<!-- one -->\n| what | s |\n| --- | ---: |\n| this | 1.0 |\n\nMeasured on ")
    assert text.endswith("\n<!-- end one -->\nafter\n")
    assert "old" not in text
    with pytest.raises(ValueError, match="no section between"):
        harness.publish("two", "", write=True)


def test_the_memory_of_a_command_includes_that_of_what_it_starts(process_tree: ModuleType) -> None:
    large = "import subprocess, sys, time; b = bytes(range(256)) * "
    child = (
        f"subprocess.run([sys.executable, '-c', '{large} 800_000; time.sleep(1)'], start_new_session=True)"  # 200 MB
    )
    alone, both = (process_tree.run(["-c", f"{large} 400_000; {then}"]) for then in ("time.sleep(1)", child))
    assert 180 < both.peak_megabytes - alone.peak_megabytes < 260


def test_memory_that_a_child_shares_counts_once(process_tree: ModuleType) -> None:
    large = "import os, time; b = bytes(range(256)) * 800_000; "
    alone, forked = (process_tree.run(["-c", large + then]) for then in ("time.sleep(1)", "os.fork(); time.sleep(1)"))
    assert forked.peak_megabytes - alone.peak_megabytes < 50


def test_a_command_is_over_when_what_it_started_is(process_tree: ModuleType, tmp_path: Path) -> None:
    done = tmp_path / "done"
    late = f"import time, pathlib; time.sleep(3); pathlib.Path({str(done)!r}).touch()"
    process_tree.run(
        ["-c", f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {late!r}]); time.sleep(2)"]
    )
    assert done.exists()


def test_a_failing_command_says_why(process_tree: ModuleType) -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        process_tree.run(["-c", "1/0"])


def test_copy_json_loads_and_compares() -> None:
    small = ("--events", "2000", "--songs", "30", "--repeat", "1", "--memory", "0.001", "--no-write")
    done = run("copy_json.py", *small)
    assert done.returncode in {0, 1}, done.stderr  # 1: so small a load is never as fast as by hand
    assert "2,000 events in 30 files, one a day" in done.stdout
    assert "0.001 GB in one file" in done.stdout


def test_copy_csv_loads_and_compares() -> None:
    done = run("copy_csv.py", "--rows", "1000", "--repeat", "1", "--no-write")
    assert done.returncode in {0, 1}, done.stderr  # 1: so small a load is never as fast as by hand
    assert "1,000 rows of 10 columns, delimited by bars" in done.stdout


def test_etl_run_loads_the_sample_and_more() -> None:
    done = run("etl_run.py", "--events", "500", "--songs", "30", "--repeat", "1", "--no-write")
    assert done.returncode == 0, done.stderr
    assert "the committed sample" in done.stdout
    assert "500 events, 30 songs" in done.stdout


def test_lake_run_compares_with_the_warehouse() -> None:
    spark_or_skip()
    done = run("lake_run.py", "--events", "500", "--songs", "30", "--no-write")
    assert done.returncode == 0, done.stderr
    assert "plays in both" in done.stdout
    assert "| 500 | " in done.stdout
    assert ", pyspark 3" in done.stdout


def test_report_run_asks_every_question() -> None:
    done = run("report_run.py", "--plays", "2000", "--no-write")
    assert done.returncode == 0, done.stderr
    assert " plays: report " in done.stdout
    for question in QUESTIONS:
        assert f"\n| {question} | " in done.stdout


def test_fetch_rows_compares_with_postgresql() -> None:
    done = run("fetch_rows.py", "--rows", "2000", "--repeat", "1", "--no-write")
    if done.returncode == 2:
        missing(done.stderr)
    assert done.returncode in {0, 1}, done.stderr  # 1: of so few rows every statement's start is the most
    assert "2,000 rows of 10 columns" in done.stdout
    assert "1,000 INSERTs, each committed" in done.stdout


def test_without_a_limit_nothing_is_missed(harness: ModuleType) -> None:
    shown = harness.Comparison("it", ours=9.0, yardstick=1.0, allowed=None)
    assert shown.met
    assert shown.cells() == ("it", "9.00", "1.00", "9.00", "", "")


@pytest.mark.parametrize(
    "script", ["copy_json.py", "copy_csv.py", "etl_run.py", "fetch_rows.py", "lake_run.py", "report_run.py"]
)
def test_help_has_an_example(script: str) -> None:
    assert f"example: python benchmarks/{script}" in run(script, "--help").stdout
