"""COPY of JSON on the laptop warehouse against the same load written by hand in DuckDB, in time and memory."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import generated_data
import harness
import loads
from harness import Comparison, compare

from sample_data.bucket import BUCKET

_GIGABYTE = 1_000_000_000
_EVENTS_ALLOWED = 1.3
_SMALL_FILES_ALLOWED = 1.5


def main() -> int:
    """Exit code 0 when every yardstick is met, 1 when one is not."""
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        print(f"making {options.events:,} events and {options.songs:,} songs ...")
        generated_data.make_bucket(root, options.events, options.songs)
        joined = generated_data.join_days(root)
        comparisons = _compare(root, joined, options)
        memory = [_memory(root, joined, size) for size in options.memory]
    text = _report(comparisons, memory)
    harness.publish("copy_json", text, write=not options.no_write)
    return 0 if all(comparison.met for comparison in comparisons) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="example: python benchmarks/copy_json.py --events 100000 --songs 1500 --memory 0.1 --no-write",
    )
    parser.add_argument("--events", type=int, default=1_000_000, metavar="N", help="events (default 1,000,000)")
    parser.add_argument("--songs", type=int, default=15_000, metavar="N", help="song files (default 15,000)")
    parser.add_argument(
        "--repeat", type=int, default=5, metavar="N", help="rounds, of which the median counts (default 5)"
    )
    parser.add_argument(
        "--memory", type=float, nargs="*", default=[0.5, 1, 2], metavar="GB", help="sizes for peak memory (0.5 1 2)"
    )
    parser.add_argument("--no-write", action="store_true", help="print only, leave README.md as it is")
    return parser


def _compare(root: Path, joined: Path, options: argparse.Namespace) -> list[Comparison]:
    days = root / BUCKET / "log_data"
    return [
        compare(
            f"{options.events:,} events in 30 files, one a day",
            lambda: loads.copy_events(root, f"s3://{BUCKET}/log_data"),
            lambda: loads.read_events(f"{days}/*/*/*.json"),
            allowed=_EVENTS_ALLOWED,
            repeat=options.repeat,
        ),
        compare(
            f"{options.events:,} events in one file of {joined.stat().st_size / _GIGABYTE:.2f} GB",
            lambda: loads.copy_events(root, f"s3://{generated_data.ONE_FILE}/events.json"),
            lambda: loads.read_events(str(joined)),
            allowed=_EVENTS_ALLOWED,
            repeat=options.repeat,
        ),
        compare(
            f"{options.songs:,} songs, one a file",
            lambda: loads.copy_songs(root),
            lambda: loads.read_songs(root / BUCKET / "song_data"),
            allowed=_SMALL_FILES_ALLOWED,
            repeat=options.repeat,
        ),
    ]


def _memory(root: Path, joined: Path, gigabytes: float) -> tuple[str, ...]:
    """Peak memory of the largest process of a run of its own: for COPY the warehouse, Python and engine included."""
    with tempfile.TemporaryDirectory(dir=root) as folder:
        jsonpaths, events = Path(BUCKET, "log_json_path.json"), Path(generated_data.ONE_FILE, "events.json")
        for file in (jsonpaths, events):
            (folder / file).parent.mkdir()
        shutil.copy(root / jsonpaths, folder / jsonpaths)
        generated_data.enlarge(joined, int(gigabytes * _GIGABYTE), folder / events)
        script = str(Path(__file__).with_name("load_once.py"))
        copy, by_hand = (harness.run_child([script, how, folder]) for how in ("copy", "by-hand"))
    print(f"{gigabytes} GB: COPY peaks at {copy.peak_megabytes:.0f} MB, by hand {by_hand.peak_megabytes:.0f} MB")
    return (f"{gigabytes} GB in one file", f"{copy.peak_megabytes:.0f}", f"{by_hand.peak_megabytes:.0f}")


def _report(comparisons: list[Comparison], memory: list[tuple[str, ...]]) -> str:
    header = ("what", "COPY, s", "by hand, s", "times", "at most", "met")
    text = harness.markdown(header, [comparison.cells() for comparison in comparisons])
    if memory:
        text += "\n\n" + harness.markdown(("peak of the largest process", "COPY, MB", "by hand, MB"), memory)
    return text


if __name__ == "__main__":
    sys.exit(main())
