"""A command with all the processes that it starts: how long it takes, and how much memory they have together.

A job in Spark is Python and a JVM, the embedded warehouse a process beside its script; Linux tells a parent only of the
largest child.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from harness import ChildRun

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PAUSE = 0.1  # seconds between two looks: what comes and goes faster is missed


def run(arguments: Sequence[str], cwd: Path | None = None) -> ChildRun:
    """Runs Python with these arguments, and looks again and again at it and its descendants.

    The peak is that of the sum of their resident memory; pages that they share count for each. Returns when the last
    of them is gone, the seconds are those of the command itself. Raises RuntimeError with the errors of a command that
    fails. Linux alone has /proc.
    """
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own scripts
            [sys.executable, *arguments], cwd=cwd, stdout=subprocess.DEVNULL, stderr=errors
        )
        family, peak = {process.pid}, 0
        while process.poll() is None:
            peak = max(peak, _look(family))
            with suppress(subprocess.TimeoutExpired):
                process.wait(_PAUSE)
        taken = time.perf_counter() - started
        while _look(family):
            time.sleep(_PAUSE)
        if process.returncode:
            errors.seek(0)
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{errors.read()}")
    return ChildRun(taken, peak / 1024)


def _look(family: set[int]) -> int:
    """Kilobytes of all of the family, which their children are added to and those who are gone taken out of."""
    living = {int(status["Pid"]): status for status in _statuses()}
    family.intersection_update(living)
    while born := {pid for pid, status in living.items() if int(status["PPid"]) in family} - family:
        family.update(born)
    return sum(int(living[pid]["VmRSS"].split()[0]) for pid in family if not _borrows(living[pid], living))


def _borrows(status: dict[str, str], living: dict[int, dict[str, str]]) -> bool:
    """Whether a process runs on its parent's memory still: the JVM starts programs (chmod) by vfork."""
    parent = living.get(int(status["PPid"]))
    return parent is not None and all(status[size] == parent[size] for size in ("VmPeak", "VmSize"))


def _statuses() -> Iterator[dict[str, str]]:
    """What Linux tells of each process that has memory: one that has ended has none.

    https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
    """
    for file in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):  # gone meanwhile
            status = dict(line.split(":", 1) for line in file.read_text(encoding="utf-8").splitlines())
            if "VmRSS" in status:
                yield status
