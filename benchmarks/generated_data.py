"""The files that the benchmarks load, made once a run in a temporary folder."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING

from sample_data.bucket import BUCKET, Bucket
from sample_data.scenario import Scenario
from sample_data.simulation import Simulation

if TYPE_CHECKING:
    from pathlib import Path

ONE_FILE = "one-file"
_CHUNK = 1 << 24


def make_bucket(root: Path, events: int, songs: int, days: int = 30) -> Path:
    """An s3 root with the sample data at that size; returns its bucket's folder."""
    scenario = Scenario(events=events, songs=songs, days=days, start=date(2018, 11, 1))
    simulation = Simulation(scenario)
    bucket = Bucket(root)
    bucket.prepare(scenario, overwrite=False)
    bucket.write_jsonpaths()
    bucket.write_songs(simulation.plays.catalogue, _quiet)
    bucket.write_events(simulation.events(), _quiet)
    return root / BUCKET


def join_days(root: Path) -> Path:
    """All events as one object, ``s3://one-file/events.json``."""
    joined = root / ONE_FILE / "events.json"
    joined.parent.mkdir()
    with joined.open("wb") as target:
        for day in sorted((root / BUCKET / "log_data").rglob("*.json")):
            with day.open("rb") as source:
                shutil.copyfileobj(source, target, _CHUNK)
            target.write(b"\n")
    return joined


def enlarge(events: Path, size: int, target: Path) -> Path:
    """The events again and again, whole lines only, up to ``size`` bytes."""
    with target.open("wb") as file:
        while file.tell() < size:
            with events.open("rb") as source:
                while file.tell() < size and (lines := source.readlines(min(_CHUNK, size - file.tell()))):
                    file.writelines(lines)
    return target


def _quiet(_: int) -> None:
    """Nobody watches."""
