"""analysis/report.py on warehouses that lack something: what is missing, which command fills it, what is answered."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from report_parts import RENAME, REPORT, answered, left, source
from scripts import ROOT, Project, clean_environment

from analysis import contents, questions, summary
from analysis.asking import OTHER_TABLES, Answers, selects
from analysis.contents import NothingToReport
from analysis.tables import Table
from warehouse.errors import StatementFailed

pytest_plugins = ["report_fixtures"]

STAR = ("songplays", "users", "songs", "artists", "time")
DROP_ALL = [f"DROP TABLE {table}" for table in (*STAR, "staging_events", "staging_songs")]
LOST = "create_tables.py makes all tables anew"
BIGINT_TIMES = """
CREATE TABLE songplays AS
SELECT songplay_id, CAST(1541106106796 AS BIGINT) AS start_time, user_id, level, song_id, artist_id, session_id,
       location, user_agent
FROM plays
"""


def unanswered(answers: Answers) -> set[str]:
    """The names of the questions without an answer."""
    return {name for name, sql in questions.QUESTIONS.items() if sql in answers.lacking}


def command(*scripts: str) -> str:
    return " && ".join(f"python {ROOT / script} --config other.cfg" for script in scripts)


def test_no_database_yet_is_left_so_and_the_commands_help(tmp_path: Path, loaded: Project) -> None:
    """In another folder, with another configuration, and without an active environment."""
    made = Project(tmp_path, loaded.s3_root)
    made.configure()
    (tmp_path / "dwh.cfg").rename(tmp_path / "my own.cfg")
    path = os.environ["PATH"].replace(str(Path(sys.executable).parent), "")
    before = left(tmp_path)
    said = made.fail(REPORT, "--config", "my own.cfg", PATH=path)
    assert left(tmp_path) == before
    told, commands = said.splitlines()
    assert told == "error: There is no warehouse in sparkify.duckdb yet."
    assert commands.count("--config 'my own.cfg'") == 2
    assert str(sys.executable) in commands
    typed = commands.removeprefix("Make and fill it: ")
    subprocess.run(typed, shell=True, cwd=tmp_path, check=True, capture_output=True, env=clean_environment())  # noqa: S602
    assert answered(made).overview["plays"] == 22


@pytest.mark.parametrize(
    ("changes", "said", "scripts", "lost"),
    [
        (DROP_ALL, "There is no table songplays.", ("create_tables.py", "etl.py"), False),
        (
            [f"TRUNCATE {table}" for table in (*STAR, "staging_events", "staging_songs")],
            "The table songplays is empty.",
            ("etl.py",),
            False,
        ),
        (["TRUNCATE songplays"], "The table songplays is empty.", ("etl.py",), False),  # etl.py was interrupted
        (["DROP TABLE songplays"], "There is no table songplays.", ("create_tables.py", "etl.py"), True),
    ],
    ids=["no tables", "no rows", "only staged", "dropped"],
)
def test_nothing_to_report(
    project: Project, changes: list[str], said: str, scripts: tuple[str, ...], lost: bool
) -> None:
    with pytest.raises(NothingToReport) as caught:
        answered(project, *changes)
    assert caught.value.message == f"There is nothing to report. {said}"
    assert caught.value.hint.splitlines()[0].endswith(f": {command(*scripts)}")
    assert (LOST in caught.value.hint) == lost


def test_nothing_to_report_leaves_the_page_that_was_there(project: Project) -> None:
    (project.folder / "report.html").write_text("as it was")
    with source(project, "TRUNCATE songplays"):
        pass
    before = left(project.folder)
    said = project.fail(REPORT, "--config", "other.cfg")
    assert said == (
        "error: There is nothing to report. The table songplays is empty.\n"
        f"Fill it: python {ROOT / 'etl.py'} --config other.cfg\n"
    )
    assert (project.folder / "report.html").read_text() == "as it was"
    assert left(project.folder) == before


FROM_STAGING = {name for name, sql in questions.QUESTIONS.items() if "staging_" in sql}


@pytest.mark.parametrize(
    ("changes", "without", "reason", "scripts"),
    [
        # TRUNCATE commits; then a COPY failed
        (
            ["TRUNCATE staging_events", "TRUNCATE staging_songs"],
            FROM_STAGING,
            "The table staging_events is empty.",
            ("etl.py",),
        ),
        (["TRUNCATE songs"], {"top_songs", "catalogue_played"}, "The table songs is empty.", ("etl.py",)),
        (
            ["TRUNCATE artists"],
            {"top_songs", "top_artists", "catalogue_played"},
            "The table artists is empty.",
            ("etl.py",),
        ),
        (
            ["DROP TABLE staging_songs"],
            {name for name, sql in questions.QUESTIONS.items() if "staging_songs" in sql},
            "There is no table staging_songs.",
            ("create_tables.py", "etl.py"),
        ),
        (["TRUNCATE users", "TRUNCATE time"], set(), "", ()),  # nobody asks for them
        (["UPDATE songplays SET song_id = NULL, artist_id = NULL"], set(), "", ()),
    ],
    ids=["staging", "songs", "artists", "dropped", "not read", "no match"],
)
def test_what_can_be_answered_is(
    project: Project, changes: list[str], without: set[str], reason: str, scripts: tuple[str, ...]
) -> None:
    answers = answered(project, *changes)
    assert unanswered(answers) == without
    assert set(answers.tables) == {one.sql for one in selects()} - set(answers.lacking)
    said = summary.not_answered(answers)
    if not without:
        assert said == []
        return
    assert f"Not answered. {reason}" in said
    (remedy,) = answers.remedies
    assert remedy.splitlines()[0].endswith(f": {command(*scripts)}")
    assert (LOST in remedy) == ("create_tables.py" in scripts)
    assert said[-1] == remedy


# Other people's tables


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            ["ALTER TABLE songplays RENAME COLUMN user_id TO userid"],
            ["SELECT overview failed: ", 'column "user_id" does not exist'],
        ),
        (
            [
                RENAME,
                BIGINT_TIMES,
            ],
            ["songplays.start_time holds 1541106106796, and no timestamp."],
        ),
    ],
    ids=["userid", "bigint"],
)
def test_plays_of_another_shape(project: Project, changes: list[str], said: list[str]) -> None:
    with pytest.raises(StatementFailed) as caught:
        answered(project, *changes)
    assert all(part in caught.value.message for part in said)
    assert caught.value.hint == OTHER_TABLES


def test_a_date_beyond_those_of_python(project: Project) -> None:
    far = "UPDATE songplays SET start_time = '50803-01-01' WHERE songplay_id = (SELECT MIN(songplay_id) FROM songplays)"
    with pytest.raises(StatementFailed, match=r"songplays\.start_time holds no date to report on: .*50803") as caught:
        answered(project, far)
    assert "microseconds" in caught.value.hint


def test_one_day_is_named_once(tmp_path: Path) -> None:
    overview = Table(("plays", "first_play", "last_play"), [(2, "2018-11-01 09:00", "2018-11-01 10:00")])
    out = tmp_path / "report.html"
    out.touch()
    assert " about 2 plays, 1 Nov 2018, answered in " in summary.done(Answers({questions.overview: overview}, {}), out)


def test_questions_to_other_columns_are_left_out(project: Project) -> None:
    """Most projects stage the log's own sessionId; the star schema is as it is here."""
    with source(project, "ALTER TABLE staging_events RENAME COLUMN session_id TO sessionid"):
        pass
    said = project.succeed(REPORT, "--config", "other.cfg").splitlines()
    place = next(place for place, line in enumerate(said) if line.startswith("Not answered."))
    assert said[place].startswith('Not answered. SELECT before_changes failed: column "session_id" does not exist')
    assert said[place + 1] == "  What precedes an upgrade?"
    assert said[-2] == OTHER_TABLES
    assert "SELECT before_changes" not in [line[:23].strip() for line in said]
    page = (project.folder / "report.html").read_text(encoding="utf-8")
    assert "Not answered. SELECT before_changes failed: column" in page


def test_a_table_that_may_not_be_read(project: Project) -> None:
    """As staging tables may be for analysts: here a view that no row comes out of without an error."""
    answers = answered(
        project,
        "ALTER TABLE staging_songs RENAME TO staged",
        "CREATE VIEW staging_songs AS SELECT * FROM staged WHERE CAST(title AS INTEGER) = 1",
    )
    assert unanswered(answers) == {name for name, sql in questions.QUESTIONS.items() if "staging_songs" in sql}
    assert all("staging_songs: SELECT COUNT(*) failed: " in reason for reason in answers.lacking.values())
    assert answers.remedies == ()


def test_plays_that_may_not_be_read_are_no_lack_of_plays(project: Project) -> None:
    with pytest.raises(StatementFailed) as caught:
        answered(project, RENAME, "CREATE VIEW songplays AS SELECT * FROM plays WHERE CAST(location AS INTEGER) = 1")
    assert caught.value.message.startswith("SELECT COUNT(*) failed: ")


def test_every_question_reads_what_it_names() -> None:
    """Tables only, no names of a WITH."""
    tables = {table for sql in questions.QUESTIONS.values() for table in contents.reads(sql)}
    assert tables == {"songplays", "songs", "artists", "staging_events", "staging_songs"}
