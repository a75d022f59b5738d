"""Makes a data set: ``python -m sample_data.generate --help``."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sample_data.bucket import BUCKET, Bucket, NotEmptyError
from sample_data.progress import Progress
from sample_data.scenario import Scenario
from sample_data.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Sequence

_DESCRIPTION = f"""\
Invent a music service's catalogue and activity logs, in the layout of the bucket the project reads:

  DIR/{BUCKET}/song_data/A/B/C/TRABC....json             one song a file
  DIR/{BUCKET}/log_data/YYYY/MM/YYYY-MM-DD-events.json   one event a line
  DIR/{BUCKET}/log_json_path.json                        which field fills which column

The same options make the same bytes, on every machine."""
_EXAMPLES = """\
examples:
  python -m sample_data.generate --output big --events 1000000 --songs 15000
  python -m sample_data.generate --output sample_data/s3 --overwrite   (the data set that comes with the project)"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code: 0 done, 1 failed; wrong usage exits with 2."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        scenario = Scenario(options.events, options.songs, options.days, options.start, options.seed)
    except ValueError as error:
        parser.error(str(error))
    started = time.monotonic()
    try:
        _write(scenario, Bucket(options.output), overwrite=options.overwrite)
    except NotEmptyError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"cannot write {error.filename or options.output}: {error.strerror}")
    except KeyboardInterrupt:
        return _fail(f"stopped; {options.output} is incomplete: run it again with --overwrite")
    _summarise(scenario, Bucket(options.output), time.monotonic() - started)
    return 0


def _parser() -> argparse.ArgumentParser:
    default = Scenario()
    parser = argparse.ArgumentParser(
        prog="python -m sample_data.generate",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="the s3 root to write to")
    for name, unit in (("events", "log lines"), ("songs", "song files"), ("days", "days of logs")):
        value = getattr(default, name)
        parser.add_argument(f"--{name}", type=_count, default=value, metavar="N", help=f"{unit} (default {value:,})")
    parser.add_argument(
        "--start", type=_day, default=default.start, metavar="DATE", help=f"the first day (default {default.start})"
    )
    parser.add_argument(
        "--seed", type=int, default=default.seed, metavar="N", help=f"another seed, other data (default {default.seed})"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace an earlier result in DIR; other files there are left alone"
    )
    return parser


def _count(text: str) -> int:
    try:
        return int(text.replace(",", "").replace("_", ""))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2018-11-01") from None


def _write(scenario: Scenario, bucket: Bucket, *, overwrite: bool) -> None:
    simulation = Simulation(scenario)
    bucket.prepare(scenario, overwrite=overwrite)
    bucket.write_jsonpaths()
    with Progress("songs", scenario.songs) as done:
        bucket.write_songs(simulation.plays.catalogue, done)
    with Progress("events", scenario.events) as done:
        bucket.write_events(simulation.events(), done)


def _summarise(scenario: Scenario, bucket: Bucket, seconds: float) -> None:
    print(
        f"{scenario.events:,} events of {scenario.days:,} days from {scenario.start} and {scenario.songs:,} songs "
        f"are in {bucket.folder} ({seconds:.1f} s)"
    )
    strangers = bucket.strangers(scenario)
    if strangers:
        print(f"warning: {len(strangers):,} other files lie there and would be loaded too, such as {strangers[0]}")
    root = shlex.quote(str(bucket.root.resolve()))
    print(f"next: export DWH_S3_ROOT={root} && python create_tables.py && python etl.py")


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
