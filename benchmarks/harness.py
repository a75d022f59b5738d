"""What the benchmarks share: timing in turns, a child's peak memory, tables for the terminal and README.md."""

from __future__ import annotations

import os
import platform
import re
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

README = Path(__file__).with_name("README.md")
LIBRARIES = ("duckdb", "sqlglot", "psycopg2-binary")
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Comparison:
    """Seconds of ours and of the yardstick, and how many times the yardstick's time ours may take (None: any)."""

    what: str
    ours: float
    yardstick: float
    allowed: float | None

    @property
    def ratio(self) -> float:
        return self.ours / self.yardstick

    @property
    def met(self) -> bool:
        return self.allowed is None or self.ratio <= self.allowed

    def cells(self) -> tuple[str, ...]:
        judged = ("", "") if self.allowed is None else (f"{self.allowed}", "yes" if self.met else "**no**")
        return (self.what, f"{self.ours:.2f}", f"{self.yardstick:.2f}", f"{self.ratio:.2f}", *judged)


def compare(
    what: str, ours: Callable[[], float], yardstick: Callable[[], float], *, allowed: float | None, repeat: int
) -> Comparison:
    """Runs both in turn, ``repeat`` times, and keeps the round with the median ratio.

    Not the best of each: a shared machine's speed doubles and halves within a minute, and the two bests would come
    from different minutes. Both return the seconds that count.
    """
    rounds = sorted((Comparison(what, ours(), yardstick(), allowed) for _ in range(repeat)), key=lambda one: one.ratio)
    result = rounds[len(rounds) // 2]
    limit = "" if allowed is None else f"at most {allowed}x; "
    print(
        f"{what}: {result.ours:.2f} s, yardstick {result.yardstick:.2f} s, {result.ratio:.2f}x ({limit}"
        f"all rounds {', '.join(f'{one.ratio:.2f}' for one in rounds)})",
        flush=True,
    )
    return result


def seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


@dataclass(frozen=True)
class ChildRun:
    seconds: float
    peak_megabytes: float


def run_child(arguments: Sequence[str], cwd: Path | None = None) -> ChildRun:
    """Runs Python with these arguments, its output discarded; raises RuntimeError with its errors when it fails.

    A small process stands between: Linux counts the memory of the process that forked as the child's own.
    """
    between = [sys.executable, str(Path(__file__)), *arguments]
    done = subprocess.run(between, cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603 - our own scripts
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr}")
    taken, kilobytes = done.stdout.split()
    return ChildRun(float(taken), int(kilobytes) / 1024)


def _run_between(arguments: Sequence[str]) -> int:
    started = time.perf_counter()
    code = subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=False).returncode  # noqa: S603
    print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    return code


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; every column but the first holds numbers."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine(libraries: Sequence[str] = LIBRARIES) -> str:
    """Where and when: no names, no paths."""
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _MEGABYTE / 1024
    versions = ", ".join(f"{library} {version(library)}" for library in libraries)
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {gigabytes:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}, {versions}, {datetime.now(UTC).date()}"
    )


def publish(name: str, text: str, *, write: bool, libraries: Sequence[str] = LIBRARIES) -> None:
    """Print what was measured, and where; ``write`` also replaces the section of that name in README.md."""
    measured = f"{text}\n\nMeasured on {machine(libraries)}."
    print(f"\n{measured}")
    if write:
        _write_section(name, measured)


def _write_section(name: str, text: str) -> None:
    """Replaces what stands between the markers of that name in README.md."""
    readme = README.read_text(encoding="utf-8")
    begin, end = f"<!-- {name} -->", f"<!-- end {name} -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not pattern.search(readme):
        raise ValueError(f"{README.name} has no section between {begin} and {end}")
    README.write_text(pattern.sub(lambda _: f"{begin}\n{text}\n{end}", readme), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(_run_between(sys.argv[1:]))
