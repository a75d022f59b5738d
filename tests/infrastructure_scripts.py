"""The pages of infrastructure/ as people run them: processes of their own, in a folder with a dwh.cfg, over HTTP."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from signal import Signals
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 90  # seconds until a script counts as hung
ADDRESS = "52.95.4.1"
PASSWORD = "Pa%ss#word1"
CLUSTER = """\
# my warehouse
[CLUSTER]
HOST =
DB_NAME = dev
DB_USER = awsuser
DB_PASSWORD = Pa%ss#word1
DB_PORT = 5439
CLUSTER_IDENTIFIER = sparkify
CLUSTER_TYPE = multi-node
CLUSTER_NODE_TYPE = ra3.large   ; two are enough
CLUSTER_NUM_NODES = 2

[IAM_ROLE]
NAME = sparkify-redshift-s3
ARN =
"""


@dataclass
class Place:
    """A folder with a dwh.cfg, and the environment that the scripts see; ``text`` is dwh.cfg's."""

    folder: Path
    environment: dict[str, str]
    secrets: list[str] = field(default_factory=lambda: [PASSWORD])

    @property
    def config(self) -> Path:
        return self.folder / "dwh.cfg"

    @property
    def text(self) -> str:
        return self.config.read_text()

    def configure(self, text: str = CLUSTER, **replacements: str) -> None:
        """Write dwh.cfg; ``replacements`` are new values of keys that ``text`` has."""
        for key, value in replacements.items():
            text, count = re.subn(rf"(?m)^{key} *=.*$", f"{key} = {value}", text)
            assert count == 1, key
        self.config.write_text(text)

    def start(self, script: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self._command(script, arguments),
            cwd=self.folder,
            env=self._environment(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @contextmanager
    def running(self, script: str, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
        """The process, which does not outlive the block: one that waits for AWS would do so for an hour."""
        with self.start(script, *arguments, **environment) as process:
            try:
                yield process
            finally:
                process.kill()

    def run(self, script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        with self.running(script, *arguments, **environment) as process:
            out, err = process.communicate(timeout=LIMIT)
        return self.checked(subprocess.CompletedProcess(arguments, process.returncode, out, err))

    def shell(self, line: str) -> subprocess.CompletedProcess[str]:
        """What somebody types or pastes into a shell."""
        return self.checked(
            subprocess.run(
                ["sh", "-c", line],
                cwd=self.folder,
                env=self._environment({}),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=LIMIT,
                check=False,
            )
        )

    def succeed(self, script: str, *arguments: str, code: int = 0, **environment: str) -> str:
        """What the script says; it must end in ``code`` and leave stderr empty."""
        done = self.run(script, *arguments, **environment)
        assert (done.returncode, done.stderr) == (code, ""), done.stdout + done.stderr
        return done.stdout

    def fail(self, script: str, *arguments: str, **environment: str) -> str:
        """What the script says on stderr; it must be sentences and exit code 1."""
        failed = self.run(script, *arguments, **environment)
        assert failed.returncode == 1, failed.stdout + failed.stderr
        assert failed.stderr.startswith("error: ")
        return failed.stderr

    def interrupt(self, script: str, *arguments: str, when: Callable[[], bool], by: int) -> tuple[int, str, str]:
        """Start, wait until ``when`` holds, send the signal ``by``: the exit code and what was said."""
        with self.running(script, *arguments) as process:
            wait_for(when, process)
            process.send_signal(by)
            out, err = process.communicate(timeout=LIMIT)
        self.checked(subprocess.CompletedProcess(arguments, process.returncode, out, err))
        return process.returncode, out, err

    def talk(
        self, script: str, *arguments: str, answers: Sequence[str | Signals], **environment: str
    ) -> tuple[int, str]:
        """Run it on a terminal and type (or send) one of ``answers`` at each prompt: exit code and what was shown."""
        mine, theirs = pty.openpty()
        process = subprocess.Popen(
            self._command(script, arguments),
            cwd=self.folder,
            env=self._environment({"TERM": "dumb", "COLUMNS": "400", **environment}),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        try:
            shown = _converse(mine, list(answers), process)
            code = process.wait(LIMIT)
        finally:
            process.kill()
            process.wait()
            os.close(mine)
        return self.checked(subprocess.CompletedProcess(arguments, code, shown, "")).returncode, shown

    def checked(self, done: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
        """No script ever shows a traceback or a secret."""
        said = done.stdout + done.stderr
        assert "Traceback" not in said, said
        assert not any(secret in said for secret in self.secrets), said
        return done

    def _command(self, script: str, arguments: Sequence[str]) -> list[str]:
        return [sys.executable, str(ROOT / "infrastructure" / script), *arguments]

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DWH_", "AWS_", "PG"))}
        path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"  # as in an active environment
        return {**kept, "PATH": path, **self.environment, **more}


def place(folder: Path, aws: dict[str, str], address_url: str) -> Place:
    """A place for the account whose environment ``aws`` is; ``address_url`` tells the caller's address."""
    made = Place(folder, {**aws, "DWH_POLL_SECONDS": "0.05", "DWH_ADDRESS_URL": address_url})
    made.secrets.append(aws["AWS_SECRET_ACCESS_KEY"])
    made.configure()
    return made


class _Address(BaseHTTPRequestHandler):
    address: ClassVar[str] = ADDRESS

    def do_GET(self) -> None:
        body = f"{self.address}\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class calls it so
        """Nothing."""


@contextmanager
def telling(address: str = ADDRESS) -> Iterator[str]:
    """The URL of a server that tells everyone that its address is ``address``."""
    handler = type("Address", (_Address,), {"address": address})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def wait_for(when: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + LIMIT
    while not when():
        assert process.poll() is None, "".join(process.communicate())
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _converse(terminal: int, answers: list[str | Signals], process: subprocess.Popen[bytes]) -> str:
    shown, answered, deadline = "", 0, time.monotonic() + LIMIT
    last: str | Signals = ""
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 1)[0]:
            # One that comes between the prompt and the read behind it is seen after the read: pressed once more. One
            # that was seen has shown something, and another would meet the end of the process.
            if isinstance(last, Signals) and len(shown) == answered and process.poll() is None:
                process.send_signal(last)
            continue
        try:
            read = os.read(terminal, 65536)
        except OSError:  # the other side has closed it
            break
        if not read:
            break
        shown += read.decode()
        if shown[answered:].rstrip(" ").endswith(">") and answers:
            answered = len(shown)
            last = answers.pop(0)
            if isinstance(last, Signals):
                process.send_signal(last)
            else:
                os.write(terminal, f"{last}\n".encode())
    return shown
