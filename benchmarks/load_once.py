"""One load and no more, so that the peak memory of the process is the load's: load_once.py copy|by-hand S3_ROOT."""

from __future__ import annotations

import sys
from pathlib import Path

import loads
from generated_data import ONE_FILE


def main(how: str, s3_root: str) -> None:
    if how == "copy":
        loads.copy_events(Path(s3_root), f"s3://{ONE_FILE}/events.json")
    else:
        loads.read_events(f"{s3_root}/{ONE_FILE}/events.json")


if __name__ == "__main__":
    main(*sys.argv[1:])
