"""analysis/song_plays.ipynb: what is committed, what a real Jupyter kernel makes of it, its way into the warehouse."""

from __future__ import annotations

import os
import re
import runpy
import signal
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from certificates import Authority
from clients import SLOW
from nbclient.exceptions import CellExecutionError
from standalone import started

from analysis import notebook
from analysis.questions import QUESTIONS
from local_redshift import embedded
from warehouse import config
from warehouse.connection import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
DOCS = runpy.run_path(str(ROOT / "docs" / "notebook.py"))
TEXT = (ROOT / "analysis" / "song_plays.ipynb").read_text(encoding="utf-8")
ANSWERED = {"overview"} | {  # what the report shows beyond that would make the notebook long
    name for name in QUESTIONS if name not in {"matched_by_week", "wanted_artists"}
}


def said(made: Any) -> list[tuple[str, list[dict[str, Any]]]]:
    """What each cell says, without the bytes of the pictures: those differ between machines."""
    return [
        (cell.id, [{**output.get("data", {}), "image/png": "image/png" in output.get("data", {})} for output in shown])
        for cell in made.cells
        if (shown := cell.get("outputs"))
    ]


def kinds(made: Any) -> set[str]:
    return {output.output_type for output in DOCS["outputs"](made)}


def test_in_a_kernel_it_says_what_is_committed(tmp_path: Path) -> None:
    made = DOCS["executed"](DOCS["read"](), tmp_path, DOCS["warehouse"](tmp_path, "create_tables.py", "etl.py"))
    assert said(made) == said(DOCS["read"]()), "run: python docs/notebook.py"
    assert kinds(made) == {"display_data", "execute_result"}  # nothing on standard output, nothing to warn of
    with embedded.start(tmp_path / "sparkify.duckdb"):
        pass  # the last cell has closed it


def test_its_pictures_stand_below_their_answers() -> None:
    cells = {cell.id: cell for cell in DOCS["read"]().cells}
    pictures = [name for name in cells if name.endswith("-picture")]
    assert len(pictures) == 11
    for name in pictures:
        assert [bool(output.data.get("image/png")) for output in cells[name].outputs].count(True) == 1
        assert len(re.findall(r"figures\.asked\(", cells[name].source)) >= 1


def test_its_sql_is_that_of_the_questions() -> None:
    made = DOCS["read"]()
    assert DOCS["synchronised"](DOCS["read"]()) == made, "run: python docs/notebook.py"
    asked = [match[1] for cell in made.cells if (match := re.match(r"%%sql (\w+)= <<", cell.source))]
    assert set(asked) == {*ANSWERED, "answer"}
    assert len(asked) == len(set(asked))


def test_it_tells_nothing_of_where_it_was_made() -> None:
    text = re.sub(r'"image/png": "[^"]*"', "", TEXT)
    for secret in (str(ROOT), str(Path.home()), "/tmp", "127.0.0.1", "localhost", "awsuser"):  # noqa: S108
        assert secret not in text
    assert not re.search(r"\b0x[0-9a-f]{6}", text)  # an address in memory
    assert "version" not in DOCS["read"]().metadata.language_info
    assert len(TEXT) < 600_000


def test_it_runs_where_next_to_nothing_is_known(tmp_path: Path) -> None:
    environment = DOCS["warehouse"](tmp_path, "create_tables.py")
    play(tmp_path)
    made = DOCS["executed"](DOCS["read"](), tmp_path, environment)
    assert kinds(made) == {"display_data", "execute_result"}
    assert len([shown for shown in DOCS["outputs"](made) if "image/png" in shown.data]) == 11


def test_in_a_kernel_without_a_warehouse_it_says_which_commands_make_one(tmp_path: Path) -> None:
    made = DOCS["read"]()
    with pytest.raises(CellExecutionError):
        DOCS["executed"](made, tmp_path, DOCS["warehouse"](tmp_path))
    (error,) = [output for output in DOCS["outputs"](made) if output.output_type == "error"]
    assert error.traceback[0].startswith("There is no warehouse in ")
    assert "create_tables.py && " in error.traceback[1]
    assert error.traceback[1].endswith(f"The project's folder is {ROOT}.")
    assert len(error.traceback) == 2
    assert not (tmp_path / "sparkify.duckdb").exists()


@pytest.fixture
def opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """``notebook.connect`` opens the warehouse in this folder, whatever dwh.cfg the project holds."""
    for name, value in DOCS["warehouse"](tmp_path, "create_tables.py").items():
        monkeypatch.setenv(name, value)
    with config.defaults():
        yield tmp_path
        notebook.close()


def test_an_empty_warehouse_is_told_with_the_command_that_fills_it(opening: Path) -> None:
    with pytest.raises(notebook.NotOpened, match="The table songplays is empty") as raised:
        notebook.connect()
    assert re.search(r"python\S* \S*etl\.py\nThe project's folder is ", raised.value.hint)
    play(opening)  # it is closed again


def test_from_any_folder_and_as_often_as_one_likes(opening: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    play(opening)
    elsewhere = opening / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "dwh.cfg").write_text("not the project's")
    monkeypatch.chdir(elsewhere)
    first, second = notebook.connect(), notebook.connect()
    assert Path.cwd() == elsewhere
    assert first.url.port != second.url.port  # the first has been closed
    with second.connect() as connection:
        numbers = "SELECT CAST(user_id AS NUMERIC(9, 2)), CAST(1.5 AS NUMERIC(4, 2)), NULL::NUMERIC FROM songplays"
        row = connection.execute(sa.text(numbers)).one()
    assert [repr(value) for value in row] == ["7", "1.5", "None"]
    assert second.url.password
    assert second.url.password not in f"{second} {second!r} {second.url} {second.url!r}"
    assert second.pool.checkedin() == 1  # type: ignore[attr-defined]
    notebook.close()
    assert second.pool.checkedin() == 0  # type: ignore[attr-defined]
    play(opening)


def test_every_interrupt_cancels_the_statement_and_the_next_one_runs(opening: Path) -> None:
    play(opening)
    with notebook.connect().connect() as connection:
        for _ in range(2):
            timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
            timer.start()
            with pytest.raises(sa.exc.DBAPIError, match="cancel"):
                connection.execute(sa.text(SLOW))
            timer.join()
            connection.rollback()
            assert connection.execute(sa.text("SELECT COUNT(*) FROM songplays")).scalar() == 1


@pytest.mark.parametrize("sslmode", ["require", "verify-full"])
def test_the_url_trusts_whom_the_settings_trust(sslmode: str, tmp_path: Path) -> None:
    """With "require" nobody in particular: sqlalchemy-redshift's own list of roots would not know this server."""
    authority = Authority(tmp_path)
    pair = authority.sign()
    roots = str(authority.bundle) if sslmode == "verify-full" else ""
    with started("--tls-certificate", pair.certificate, "--tls-key", pair.key) as server:
        settings = config.Settings("localhost", server.port, "dev", "awsuser", server.password, sslmode, roots)
        with connect(settings) as warehouse:
            url = notebook.url(warehouse)
        with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
            used = connection.connection.driver_connection.info  # type: ignore[union-attr]
            assert used.ssl_in_use
            assert used.dsn_parameters["sslmode"] == sslmode
            assert used.dsn_parameters["keepalives_idle"] == "60"
        assert server.password not in str(url)


def play(folder: Path) -> None:
    """A single play, of which next to nothing is known, in the warehouse of ``folder``."""
    with connect(config.Settings(local_database=folder / "sparkify.duckdb")) as warehouse:
        with warehouse.connection.cursor() as cursor:
            cursor.execute("INSERT INTO songplays (start_time, user_id) VALUES ('2018-11-05 12:00:00', 7)")
        warehouse.connection.commit()


@pytest.mark.skipif(find_spec("pyspark") is None, reason="Spark is not installed")
def test_beside_a_spark_that_is_in_use() -> None:
    """With its warnings, which come once it is imported."""
    code = "import pyspark.sql, warnings; warnings.simplefilter('error'); from analysis import notebook; notebook."
    subprocess.run([sys.executable, "-c", f"{code}_hide_half_a_spark()"], check=True, timeout=60)
