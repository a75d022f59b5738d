"""analysis/report.py while it asks: one moment, nothing written, interrupted, a cluster, servers that go away."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg2
import pytest
import standalone
from clients import SLOW
from clients import ask as execute
from report_parts import RENAME, REPORT, cluster, left, source
from scripts import ROOT, Project

from analysis import questions
from analysis.asking import ask, selects
from analysis.contents import NothingToReport
from analysis.sources import Source
from warehouse import config, runner
from warehouse.connection import connect
from warehouse.errors import ConnectionLost, Interrupted, StatementFailed
from warehouse.runner import Silent
from warehouse.statements import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.connection import Warehouse
    from warehouse.runner import Outcome

pytest_plugins = ["report_fixtures"]

PASSWORD = "Unm1stakable#Passw0rd"
SLOW_VIEW = (
    "CREATE TABLE n AS SELECT CAST(session_id AS BIGINT) AS i FROM songplays WHERE session_id BETWEEN 1 AND 10",
    RENAME,
    """CREATE VIEW songplays AS
    SELECT plays.* FROM plays, n a, n b, n c, n d, n e, n f, n g, n h, n i, n j, n k, n l
    WHERE a.i * b.i * c.i * d.i * e.i * f.i * g.i * h.i * i.i * j.i * k.i * l.i = 1001""",
)


@contextmanager
def asked(project: Project) -> Iterator[Warehouse]:
    with connect(config.load(project.folder / "cluster.cfg")) as warehouse:
        yield warehouse


def test_all_answers_are_of_one_moment_and_nothing_can_be_written(project: Project) -> None:
    """Somebody else loads plays after each answer."""
    insert = "INSERT INTO songplays (start_time, user_id) VALUES ('2018-12-24', 99)"

    class Loading(Silent):
        def done(self, _: Outcome) -> None:
            execute(server.conninfo, insert)

    with standalone.started("--database", project.folder / "sparkify.duckdb") as server:
        cluster(project, server)
        with asked(project) as warehouse:
            answers = ask(Source(warehouse, "", None), Loading())
            with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction), warehouse.connection.cursor() as cursor:
                cursor.execute(insert)
        assert execute(server.conninfo, "SELECT COUNT(*) FROM songplays") == [(22 + len(selects()),)]
    assert answers.overview["plays"] == 22
    assert answers.tables[questions.plays_by_day].total("plays") == 22
    assert answers.tables[questions.matched_by_week].total("plays") == 22


def test_a_question_writes_nothing(project: Project) -> None:
    with (
        source(project) as opened,
        pytest.raises(StatementFailed, match=r"SELECT sly failed: transaction is read-only"),
    ):
        runner.ask(opened.warehouse, [Statement("TRUNCATE staging_songs", "SELECT", "sly")], Silent())
    assert project.query("SELECT COUNT(*) FROM staging_songs") == [(1,)]


def test_plays_that_vanish_while_we_ask(project: Project) -> None:

    class Vanishing(Silent):
        @contextmanager
        def running(self, statement: Statement) -> Iterator[None]:
            if statement.verb == "EXPLAIN":
                execute(server.conninfo, "DELETE FROM songplays")
            yield

    with standalone.started("--database", project.folder / "sparkify.duckdb") as server:
        cluster(project, server)
        with asked(project) as warehouse, pytest.raises(NothingToReport, match="songplays is empty"):
            ask(Source(warehouse, "", None), Vanishing())


def test_ctrl_c(project: Project) -> None:
    (project.folder / "report.html").write_text("as it was")
    with source(project, *SLOW_VIEW):
        pass
    with project.start("-u", REPORT, "--config", "other.cfg") as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Asking ")
        time.sleep(0.5)  # into the slow one
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err.startswith("error: Interrupted")
    assert err.count("\n") == 1
    assert (project.folder / "report.html").read_text() == "as it was"
    assert left(project.folder) == ["other.cfg", "report.html", "sparkify.duckdb"]


def test_ctrl_c_cancels_a_question(project: Project) -> None:
    with source(project) as opened:
        pressing = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
        pressing.start()
        with pytest.raises(
            Interrupted, match=r"^Interrupted: SELECT slow was cancelled and the transaction rolled back"
        ):
            runner.ask(opened.warehouse, [Statement(SLOW, "SELECT", "slow")], Silent())
        pressing.join()


# The cluster


def test_the_cluster_is_asked_and_tells_no_secret(project: Project) -> None:
    (project.folder / "password").write_text(PASSWORD)
    database, password = project.folder / "sparkify.duckdb", project.folder / "password"
    with standalone.started("--database", database, "--password-file", password) as server:
        assert server.password == PASSWORD
        cluster(project, server)
        said = project.succeed(REPORT, "--config", "cluster.cfg")
        assert said.startswith("Asking 127.0.0.1, database dev\n")
        page = (project.folder / "report.html").read_text(encoding="utf-8")
        assert "127.0.0.1, database dev" in page
        assert "awsuser" not in page
        execute(server.conninfo, "TRUNCATE songplays")
        empty = project.fail(REPORT, "--config", "cluster.cfg")
        assert f"python {ROOT / 'etl.py'} --config cluster.cfg" in empty
        cluster(project, server, DB_PASSWORD=f"{PASSWORD}2")
        refused = project.fail(REPORT, "--config", "cluster.cfg")
        assert "Check DB_USER and DB_PASSWORD." in refused
    unreachable = project.fail(REPORT, "--config", "cluster.cfg")
    assert "Connection refused" in unreachable
    for text in (said, page, empty, refused, unreachable):
        assert not [secret for secret in (PASSWORD, "UNMISTAKABLE", "unmistakable") if secret in text]


def test_a_server_that_goes_away(project: Project) -> None:
    class Ending(Silent):
        @contextmanager
        def running(self, statement: Statement) -> Iterator[None]:
            if statement.table == "user_agents":
                server.stop(signal.SIGKILL)
            yield

    with standalone.started("--database", project.folder / "sparkify.duckdb") as server:
        cluster(project, server)
        with asked(project) as warehouse, pytest.raises(ConnectionLost) as caught:
            ask(Source(warehouse, "", None), Ending())
    assert caught.value.message.startswith("The connection was lost during SELECT user_agents: ")
    assert caught.value.hint == "A SELECT changes nothing: run it again."


def test_a_file_that_another_process_has_open(project: Project) -> None:
    with standalone.started("--database", project.folder / "sparkify.duckdb"):
        said = project.fail(REPORT, "--config", "other.cfg")
    assert "is held by another process" in said
    assert "connect to its warehouse instead" in said
