"""analysis/report.py on warehouses of many plays: seconds of each question and of the whole, and peak memory."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import harness
import played_warehouse
import process_tree

from analysis.questions import QUESTIONS
from warehouse.config import Settings
from warehouse.connection import connect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from harness import ChildRun

_PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Asked:
    """A warehouse of so many plays: the seconds of each question, and the report as a command."""

    plays: int
    file_megabytes: float
    questions: Mapping[str, float]
    report: ChildRun


def main() -> int:
    """Exit code 0; a report that fails raises with what it said."""
    options = _parser().parse_args()
    asked = [_measure(plays, options.folder) for plays in options.plays]
    harness.publish("report_run", f"{_whole(asked)}\n\n{_questions(asked)}", write=not options.no_write)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="example: python benchmarks/report_run.py --plays 1000000 --no-write"
    )
    parser.add_argument(
        "--plays",
        type=int,
        nargs="+",
        default=[1_000_000, 10_000_000, 100_000_000],
        metavar="N",
        help="numbers of plays, each in a warehouse of its own (default 1, 10 and 100 million)",
    )
    parser.add_argument(
        "--folder", type=Path, metavar="DIR", help="where the warehouses are made, for a while (default: the system's)"
    )
    parser.add_argument("--no-write", action="store_true", help="print only, leave README.md as it is")
    return parser


def _measure(plays: int, folder: Path | None) -> Asked:
    with _warehouse(plays, folder) as (config, file, filled):
        size = file.stat().st_size / 1e6
        seconds = _ask(file)
        report = ["analysis/report.py", "--config", str(config), "--out", str(config.with_name("report.html"))]
        done = Asked(filled, size, seconds, process_tree.run(report, cwd=_PROJECT))
    print(f"{filled:,} plays: report {done.report.seconds:.1f} s, {done.report.peak_megabytes:,.0f} MB", flush=True)
    return done


@contextmanager
def _warehouse(plays: int, folder: Path | None) -> Iterator[tuple[Path, Path, int]]:
    """Its configuration, its file and how many plays it holds."""
    with tempfile.TemporaryDirectory(dir=folder) as made:
        config, file = Path(made) / "dwh.cfg", Path(made) / "warehouse.duckdb"
        config.write_text(f"[LOCAL]\nDATABASE = {file}\n", encoding="utf-8")
        harness.run_child(["create_tables.py", "--config", str(config)], cwd=_PROJECT)
        started = time.perf_counter()
        print(f"making about {plays:,} plays ...", end=" ", flush=True)
        filled = played_warehouse.fill(file, plays)
        print(f"{filled:,} in {time.perf_counter() - started:.0f} s", flush=True)
        yield config, file, filled


def _ask(file: Path) -> dict[str, float]:
    """Each question by itself, in turn; the first of all is asked twice, since it reads the file for all."""
    with connect(Settings(local_database=file)) as warehouse, warehouse.connection.cursor() as cursor:

        def answer(sql: str) -> None:
            cursor.execute(sql)
            cursor.fetchall()

        answer(next(iter(QUESTIONS.values())))
        seconds = {}
        for name, sql in QUESTIONS.items():
            seconds[name] = harness.seconds(lambda sql=sql: answer(sql))  # type: ignore[misc]
            print(f"  {name}: {seconds[name]:.2f} s", flush=True)
    return seconds


def _whole(asked: Sequence[Asked]) -> str:
    rows = [
        (
            f"{one.plays:,}",
            f"{one.file_megabytes:,.0f}",
            f"{sum(one.questions.values()):.1f}",
            f"{one.report.seconds:.1f}",
            f"{one.report.peak_megabytes:,.0f}",
        )
        for one in asked
    ]
    return harness.markdown(("plays", "file, MB", "all questions, s", "report.py, s", "peak, MB"), rows)


def _questions(asked: Sequence[Asked]) -> str:
    """The slowest first, as the largest warehouse has them."""
    slowest = sorted(QUESTIONS, key=lambda name: -asked[-1].questions[name])
    rows = [(name, *(f"{one.questions[name]:.2f}" for one in asked)) for name in slowest]
    return harness.markdown(("question", *(f"{one.plays:,} plays, s" for one in asked)), rows)


if __name__ == "__main__":
    sys.exit(main())
