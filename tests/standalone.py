"""``python -m local_redshift`` as a user starts it, for tests that need a warehouse in a process of its own."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg2

if TYPE_CHECKING:
    from collections.abc import Iterator


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "local_redshift", *map(str, arguments)]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """For what is meant to end by itself."""
    return subprocess.run(command(*arguments), capture_output=True, text=True, timeout=30, check=False)


class Started:
    """A warehouse that is ready, and what it printed."""

    def __init__(self, *arguments: object) -> None:
        self.process = subprocess.Popen(
            command("--port", 0, *arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.said = ""
        while "Ctrl-C stops it." not in self.said:
            line = self.process.stdout.readline() if self.process.stdout else ""
            assert line, self.process.communicate()
            self.said += line

    @property
    def psql(self) -> list[str]:
        return shlex.split(next(line for line in self.said.splitlines() if line.startswith("  psql ")))

    @property
    def conninfo(self) -> str:
        """The psycopg2 line's, to the letter."""
        (conninfo,) = re.findall(r"psycopg2\.connect\('(.*)'\)", self.said)
        return str(conninfo)

    @property
    def port(self) -> int:
        return int(psycopg2.extensions.parse_dsn(self.conninfo)["port"])

    @property
    def passfile(self) -> Path:
        (path,) = set(re.findall(r"passfile=([^ ']+)", self.said))
        return Path(path)

    @property
    def password(self) -> str:
        """As far as it has no character that a passfile escapes."""
        return self.passfile.read_text().strip().rpartition(":")[2]

    def connect(self, **changes: Any) -> psycopg2.extensions.connection:
        connection: psycopg2.extensions.connection = psycopg2.connect(self.conninfo, **changes)
        connection.autocommit = True
        return connection

    def stop(self, number: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Exit code and standard error."""
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=20)
        return self.process.returncode, errors


@contextmanager
def started(*arguments: object) -> Iterator[Started]:
    warehouse = Started(*arguments)
    try:
        yield warehouse
    finally:
        if warehouse.process.poll() is None:
            warehouse.stop(signal.SIGTERM)
