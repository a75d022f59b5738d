"""Bad input ends in one clear sentence, exit code 1, and no lost data."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from scripts import Project, event, small_project, song

if TYPE_CHECKING:
    from pathlib import Path

    from local_redshift import embedded

NOON = 1541073600796
LOADED = [("2018-11-01 12:00:00.796", 7, "free", "SOZCTXZ12AB0182364")]


@pytest.fixture(scope="module")
def one_play(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = small_project(tmp_path_factory.mktemp("one_play"))
    made.put_songs(song())
    made.put_events("2018-11-01", [event(NOON)])
    made.succeed("create_tables.py")
    made.succeed("etl.py")
    return made.folder


@pytest.fixture
def loaded(one_play: Path, tmp_path: Path) -> Project:
    """A warehouse with one play in it, which every failure must leave alone."""
    folder = shutil.copytree(one_play, tmp_path / "project")
    made = Project(folder, folder / "s3")
    made.configure()
    return made


def unharmed(project: Project) -> bool:
    return project.query("SELECT start_time::VARCHAR, user_id, level, song_id FROM songplays") == LOADED


CLUSTER = """\
[CLUSTER]
HOST = {host}
DB_NAME = dev
DB_USER = dwhuser
DB_PASSWORD = wr0ngS3cret
DB_PORT = {port}
[IAM_ROLE]
ARN = arn:aws:iam::123456789012:role/dwhRole
[S3]
LOG_DATA = s3://udacity-dend/log_data
LOG_JSONPATH = s3://udacity-dend/log_json_path.json
SONG_DATA = s3://udacity-dend/song_data
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("HOST=x\n", "dwh.cfg, line 1: no section"),
        ("[OTHER]\nHOST=x\n", "no section [CLUSTER]"),
        (CLUSTER.format(host="c.invalid", port="abc"), "[CLUSTER] DB_PORT is 'abc', not a port number"),
        (CLUSTER.format(host="c.invalid", port="5439").replace("[S3]", "[S4]"), "[S3] LOG_DATA is missing"),
        (CLUSTER.format(host="c.invalid", port="5439"), "No such host"),
    ],
)
def test_configuration(loaded: Project, text: str, said: str) -> None:
    (loaded.folder / "dwh.cfg").write_text(text)
    for script in ("create_tables.py", "etl.py"):
        message = loaded.fail(script)
        assert said in message
        assert "wr0ngS3cret" not in message
    assert unharmed(loaded)


def test_unreachable_host(loaded: Project) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        (loaded.folder / "dwh.cfg").write_text(CLUSTER.format(host="127.0.0.1", port=free.getsockname()[1]))
        assert "Nothing listens there" in loaded.fail("etl.py")


def test_wrong_password(loaded: Project, warehouse: embedded.Connection) -> None:
    (loaded.folder / "dwh.cfg").write_text(CLUSTER.format(host=warehouse.host, port=warehouse.port))
    message = loaded.fail("etl.py")
    assert "password authentication failed" in message
    assert "Check DB_USER and DB_PASSWORD." in message
    assert "wr0ngS3cret" not in message


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("LOG_DATA = s3://no-such-bucket/log_data", "The specified bucket does not exist"),
        ("SONG_DATA = s3://udacity-dend/song_date", "The specified S3 prefix 'song_date' does not exist"),
        ("LOG_JSONPATH = s3://udacity-dend/nothing.json", "nothing.json"),
    ],
)
def test_s3_paths(loaded: Project, settings: str, said: str) -> None:
    loaded.configure(f"[S3]\n{settings}\n")
    message = loaded.fail("etl.py")
    assert said in message
    assert "[S3]" in message
    assert unharmed(loaded)


@pytest.mark.parametrize(
    "text",
    ["{", '{"jsonpaths": [1, 2]}', '{"jsonpaths": ["$[\'artist\']"]}', '{"jsonpaths": ["artist"]} more'],
)
def test_broken_jsonpaths(loaded: Project, text: str) -> None:
    loaded.put("log_json_path.json", text)
    message = loaded.fail("etl.py")
    assert message.startswith("error: COPY staging_events failed: ")
    assert "jsonpath" in message.lower()
    assert unharmed(loaded)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ('{"artist": "Elena", "auth": ', ["line 2"]),
        ("not JSON at all", ["line 2"]),
        (event(NOON + 1, artist="é" * 300), ["line 2", "column artist", "String length exceeds DDL length"]),
        (event(NOON + 1, sessionId="abc"), ["line 2", "column session_id", "'abc'", "Invalid digit"]),
        (event(NOON + 1, ts=None), ["line 2", "column ts", "Missing data for not-null field"]),
        (event(NOON + 1, ts="yesterday"), ["line 2", "column ts", "'yesterday'", "timestamp"]),
        (event(NOON + 1, status=99999999999), ["line 2", "column status", "Overflow"]),
    ],
)
def test_bad_records(loaded: Project, bad: str | dict[str, object], said: list[str]) -> None:
    """In the middle of a file, among good ones."""
    loaded.put_events("2018-11-02", [event(NOON + 2), event(NOON + 3), event(NOON + 4)])
    path = loaded.s3_root / "udacity-dend/log_data/2018/11/2018-11-02-events.json"
    lines = path.read_text().splitlines()
    if isinstance(bad, str):
        lines[1] = bad
    else:
        loaded.put_events("2018-11-03", [bad])
        lines[1] = (path.parent / "2018-11-03-events.json").read_text()
        (path.parent / "2018-11-03-events.json").unlink()
    path.write_text("\n".join(lines))
    message = loaded.fail("etl.py")
    assert "s3://udacity-dend/log_data/2018/11/2018-11-02-events.json" in message
    for part in said:
        assert part in message
    assert len(message.splitlines()) > 2  # the error and the remedy
    assert unharmed(loaded)


def test_a_second_process_on_the_same_file(loaded: Project) -> None:
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); input()"
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(loaded.settings.local_database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        message = loaded.fail("etl.py")
        holder.communicate("\n")
    assert "sparkify.duckdb is held by another process" in message
    assert f"process {holder.pid}" in message
    assert unharmed(loaded)


def test_a_read_only_database_file(loaded: Project) -> None:
    loaded.settings.local_database.chmod(0o444)
    # root may write what is read-only, unless that right is taken away
    as_anybody = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*as_anybody, sys.executable, "etl.py"], cwd=loaded.folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "sparkify.duckdb cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    loaded.settings.local_database.chmod(0o644)
    assert unharmed(loaded)


def test_a_database_file_that_is_none(loaded: Project) -> None:
    loaded.settings.local_database.write_text("a letter, not a database " * 100)
    assert "sparkify.duckdb is not a database file" in loaded.fail("etl.py")


def test_a_folder_that_is_not_there(loaded: Project) -> None:
    loaded.configure("DATABASE = nowhere/w.duckdb\n")
    assert "nowhere does not exist" in loaded.fail("create_tables.py")
