"""create_tables.py and etl.py as a whole: seconds and peak memory, on the committed sample and on a larger one."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import generated_data
import harness

_PROJECT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Exit code 0; a script that fails raises with what it said."""
    options = _parser().parse_args()
    rows = [_measure("the committed sample", _PROJECT / "sample_data" / "s3", options.repeat)]
    with tempfile.TemporaryDirectory() as folder:
        print(f"making {options.events:,} events and {options.songs:,} songs ...")
        generated_data.make_bucket(Path(folder), options.events, options.songs)
        rows.append(_measure(f"{options.events:,} events, {options.songs:,} songs", Path(folder), options.repeat))
    text = harness.markdown(("what", "create_tables.py, s", "etl.py, s", "etl.py again, s", "peak, MB"), rows)
    harness.publish("etl_run", text, write=not options.no_write)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="example: python benchmarks/etl_run.py --events 100000 --songs 1500 --no-write"
    )
    parser.add_argument("--events", type=int, default=1_000_000, metavar="N", help="events (default 1,000,000)")
    parser.add_argument("--songs", type=int, default=15_000, metavar="N", help="song files (default 15,000)")
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="best of how many (default 3)")
    parser.add_argument("--no-write", action="store_true", help="print only, leave README.md as it is")
    return parser


def _measure(what: str, s3_root: Path, repeat: int) -> tuple[str, ...]:
    rounds = [_run(s3_root) for _ in range(repeat)]
    best = [min(step.seconds for step in steps) for steps in zip(*rounds, strict=True)]
    peak = max(step.peak_megabytes for steps in rounds for step in steps)
    print(f"{what}: {', '.join(f'{value:.1f} s' for value in best)}, {peak:.0f} MB")
    return (what, *(f"{value:.1f}" for value in best), f"{peak:.0f}")


def _run(s3_root: Path) -> list[harness.ChildRun]:
    """Creates the tables, loads, and loads again, which must find every row there already."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "dwh.cfg"
        config.write_text(f"[LOCAL]\nDATABASE = {folder}/warehouse.duckdb\nS3_ROOT = {s3_root}\n", encoding="utf-8")
        scripts = ("create_tables.py", "etl.py", "etl.py")
        return [harness.run_child([script, "--config", str(config)], cwd=_PROJECT) for script in scripts]


if __name__ == "__main__":
    sys.exit(main())
