"""data_lake/etl.py as people run it: a process of its own, with all that it starts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
ETL = str(ROOT / "data_lake" / "etl.py")
LIMIT = 240  # seconds until a run counts as hung
# Java compiles hard what runs long; a test never does. Half of the tests' time went there.
QUICK = {"SPARK_SUBMIT_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}


@contextmanager
def running(command: Sequence[str], folder: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A process in ``folder`` that sees no AWS but that of ``environment``; it and its Java end with the block."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "DL_", "SPARK_", "PY"))}
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**kept, **QUICK, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            end(process)


def ran(command: Sequence[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    with running(command, folder, **environment) as process:
        out, err = process.communicate(timeout=LIMIT)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def etl(*arguments: str) -> list[str]:
    return [sys.executable, ETL, *arguments]


def end(process: subprocess.Popen[str], number: int = signal.SIGKILL) -> None:
    """A signal to all that the process has started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def wait_for(process: subprocess.Popen[str], what: Callable[[], bool]) -> None:
    """Until it is so; the process must still run then."""
    deadline = time.monotonic() + LIMIT
    while not what():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "this takes too long"
        time.sleep(0.05)
