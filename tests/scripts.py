"""create_tables.py and etl.py as people run them: a process of their own, in a folder with a dwh.cfg."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.config import Settings
from warehouse.connection import connect

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from warehouse.connection import Warehouse

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ("create_tables.py", "etl.py", "sql_queries.py")
JSONPATHS = (  # noqa: SIM905
    "artist auth firstName gender itemInSession lastName length level location method page registration sessionId "
    "song status ts userAgent userId"
).split()


def rows(warehouse: Warehouse, sql: str) -> list[tuple[Any, ...]]:
    """What a query gives; its transaction is over."""
    with warehouse.connection.cursor() as cursor:
        cursor.execute(sql)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    warehouse.connection.rollback()
    return found


@dataclass(frozen=True)
class Project:
    """A folder with the scripts, a dwh.cfg, a database file and an s3 root of its own."""

    folder: Path
    s3_root: Path

    @property
    def settings(self) -> Settings:
        return Settings(local_database=self.folder / "sparkify.duckdb", s3_root=self.s3_root)

    def configure(self, text: str = "") -> None:
        (self.folder / "dwh.cfg").write_text(f"[LOCAL]\nS3_ROOT = {self.s3_root}\n{text}")

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**clean_environment(), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        with self.start(*arguments, **environment) as process:
            out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def succeed(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stderr == ""
        return done.stdout

    def fail(self, *arguments: str, **environment: str) -> str:
        """What the script says on stderr; it must be sentences and exit code 1."""
        failed = self.run(*arguments, **environment)
        assert failed.returncode == 1, failed.stdout + failed.stderr
        assert failed.stderr.startswith("error: ")
        assert "Traceback" not in failed.stderr
        return failed.stderr

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return self.query_all(sql)[0]

    def query_all(self, *queries: str) -> list[list[tuple[Any, ...]]]:
        """The rows of each query."""
        with connect(self.settings) as warehouse:
            return [rows(warehouse, sql) for sql in queries]

    def put(self, key: str, text: str) -> None:
        """An object in the bucket udacity-dend."""
        path = self.s3_root / "udacity-dend" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def put_events(self, day: str, events: Iterable[Mapping[str, object]]) -> None:
        text = "\n".join(json.dumps(event) for event in events)
        self.put(f"log_data/2018/11/{day}-events.json", text)

    def put_songs(self, *songs: Mapping[str, object]) -> None:
        for one in songs:
            self.put(f"song_data/A/A/A/{one['song_id']}.json", json.dumps(one))


def project(folder: Path, s3_root: Path) -> Project:
    """The project's own scripts in ``folder``, configured for ``s3_root``."""
    for script in SCRIPTS:
        shutil.copy(ROOT / script, folder)
    made = Project(folder, s3_root)
    made.configure()
    return made


def small_project(folder: Path) -> Project:
    """The same with a bucket of its own: a jsonpaths file, and nothing else yet."""
    made = project(folder, folder / "s3")
    made.put("log_json_path.json", json.dumps({"jsonpaths": [f"$['{key}']" for key in JSONPATHS]}))
    return made


def clean_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DWH_", "PG"))}
    return {**kept, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"}  # as in an active environment


def on_a_terminal(project: Project, *arguments: str) -> tuple[int, str]:
    """Run a script with a pseudo-terminal for its output."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(project.folder)
        os.execve(sys.executable, [sys.executable, *arguments], {**clean_environment(), "TERM": "xterm"})  # noqa: S606
    shown = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


def event(ts: int, /, user: int = 7, page: str = "NextSong", **more: object) -> dict[str, object]:
    """An event at ``ts`` milliseconds since 1970, as the logs write it."""
    return {
        "artist": "Elena",
        "auth": "Logged In",
        "firstName": "Lily",
        "gender": "F",
        "itemInSession": 1,
        "lastName": "Koch",
        "length": 269.58322,
        "level": "free",
        "location": "Chicago-Naperville-Elgin, IL-IN-WI",
        "method": "PUT",
        "page": page,
        "registration": 1541048010796.0,
        "sessionId": 818,
        "song": "Setanta matins",
        "status": 200,
        "ts": ts,
        "userAgent": '"Mozilla/5.0 (X11; Linux x86_64)"',
        "userId": str(user),
        **more,
    }


def song(song_id: str = "SOZCTXZ12AB0182364", **more: object) -> dict[str, object]:
    return {
        "num_songs": 1,
        "artist_id": "AR5KOSW1187FB35FF4",
        "artist_latitude": 49.80388,
        "artist_longitude": 15.47491,
        "artist_location": "Dubai UAE",
        "artist_name": "Elena",
        "song_id": song_id,
        "title": "Setanta matins",
        "duration": 269.58322,
        "year": 0,
        **more,
    }
