"""data_lake/etl.py against the embedded warehouse, seconds and peak memory for the same events."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import generated_data
import harness
import process_tree

from sample_data.bucket import BUCKET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness import ChildRun

_PROJECT = Path(__file__).resolve().parent.parent
_DAYS, _EVENTS = 30, 1_000_000
_SPARK = ("pyspark",)
_HEADER = (
    *("events", "input, MB", "warehouse, s", "lake, s", "times"),
    *("warehouse, peak MB", "lake, peak MB", "warehouse, file MB", "lake, files MB"),
)


@dataclass(frozen=True)
class Made:
    """What one of the two did with the events: seconds, peak of all its processes, what lies on the disk, plays."""

    seconds: float
    peak_megabytes: float
    bytes: int
    plays: int


def main() -> int:
    """Exit code 0; 2 where Spark is not installed. A script that fails raises with what it said."""
    options = _parser().parse_args()
    if find_spec("pyspark") is None:
        print("lake_run.py: Spark is not installed: python -m pip install -e '.[lake]'", file=sys.stderr)
        return 2
    rows = [_measure(events, options) for events in options.events]
    libraries = (*harness.LIBRARIES, *_SPARK)
    harness.publish("lake_run", harness.markdown(_HEADER, rows), write=not options.no_write, libraries=libraries)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="example: python benchmarks/lake_run.py --events 20000 200000 --no-write"
    )
    parser.add_argument(
        "--events",
        type=int,
        nargs="+",
        default=[10_000, 1_000_000, 5_000_000, 10_000_000],
        metavar="N",
        help="numbers of events, each made for itself (default 10,000, 1, 5 and 10 million)",
    )
    parser.add_argument("--songs", type=int, default=15_000, metavar="N", help="song files (default 15,000)")
    parser.add_argument(
        "--repeat", type=int, default=1, metavar="N", help="rounds, of which that with the median ratio counts (1)"
    )
    parser.add_argument("--no-write", action="store_true", help="print only, leave README.md as it is")
    return parser


def _measure(events: int, options: argparse.Namespace) -> tuple[str, ...]:
    """A row of the table: the round with the median ratio."""
    with _bucket(events, options.songs) as s3_root:
        size = sum(file.stat().st_size for file in (s3_root / BUCKET).rglob("*.json"))
        rounds = sorted((_round(s3_root) for _ in range(options.repeat)), key=lambda both: _ratio(*both))
    warehouse, lake = rounds[len(rounds) // 2]
    print(
        f"{events:,} events: warehouse {warehouse.seconds:.1f} s and {warehouse.peak_megabytes:,.0f} MB, "
        f"lake {lake.seconds:.1f} s and {lake.peak_megabytes:,.0f} MB, {warehouse.plays:,} plays in both",
        flush=True,
    )
    seconds = (f"{warehouse.seconds:.1f}", f"{lake.seconds:.1f}", f"{_ratio(warehouse, lake):.1f}")
    numbers = (warehouse.peak_megabytes, lake.peak_megabytes, warehouse.bytes / 1e6, lake.bytes / 1e6)
    return (f"{events:,}", f"{size / 1e6:,.0f}", *seconds, *(f"{number:,.0f}" for number in numbers))


@contextmanager
def _bucket(events: int, songs: int) -> Iterator[Path]:
    """An s3 root with that many events: more of them are more days, not busier ones."""
    days = _DAYS * max(1, round(events / _EVENTS))
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        print(f"making {events:,} events of {days} days and {songs:,} songs ...", end=" ", flush=True)
        generated_data.make_bucket(Path(folder), events, songs, days)
        print(f"{time.perf_counter() - started:.0f} s", flush=True)
        yield Path(folder)


def _round(s3_root: Path) -> tuple[Made, Made]:
    """Both in turn. Raises RuntimeError where they disagree about the plays: then they did not do the same work."""
    with tempfile.TemporaryDirectory() as folder:
        warehouse = _warehouse(s3_root, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        lake = _lake(s3_root, Path(folder))
    if warehouse.plays != lake.plays:
        raise RuntimeError(f"{warehouse.plays:,} plays in the warehouse, {lake.plays:,} in the lake")
    return warehouse, lake


def _ratio(warehouse: Made, lake: Made) -> float:
    return lake.seconds / warehouse.seconds


def _warehouse(s3_root: Path, folder: Path) -> Made:
    config, file = folder / "dwh.cfg", folder / "warehouse.duckdb"
    config.write_text(f"[LOCAL]\nDATABASE = {file}\nS3_ROOT = {s3_root}\n", encoding="utf-8")
    runs = [_run(script, config) for script in ("create_tables.py", "etl.py")]
    with duckdb.connect(file, read_only=True) as database:
        [(plays,)] = database.execute("SELECT count(*) FROM public.songplays").fetchall()
    return _made(runs, [file], plays)


def _lake(s3_root: Path, folder: Path) -> Made:
    config, output = folder / "dl.cfg", folder / "lake"
    config.write_text(
        f"[LAKE]\nINPUT_DATA = s3://{BUCKET}/\nOUTPUT_DATA = {output}\n[LOCAL]\nS3_ROOT = {s3_root}\n", encoding="utf-8"
    )
    runs = [_run("data_lake/etl.py", config)]
    with duckdb.connect() as database:
        [(plays,)] = database.execute(f"SELECT count(*) FROM '{output}/songplays/**/*.parquet'").fetchall()
    return _made(runs, list(output.rglob("*.parquet")), plays)


def _run(script: str, config: Path) -> ChildRun:
    return process_tree.run([script, "--config", str(config)], cwd=_PROJECT)


def _made(runs: list[ChildRun], files: list[Path], plays: int) -> Made:
    seconds, peak = sum(run.seconds for run in runs), max(run.peak_megabytes for run in runs)
    return Made(seconds, peak, sum(file.stat().st_size for file in files), plays)


if __name__ == "__main__":
    sys.exit(main())
