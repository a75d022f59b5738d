"""The analysts' questions on the public data set: its known numbers, every row as Python computes it, and in psql."""

from __future__ import annotations

import csv
import os
import subprocess
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg2
import pytest
from clients import dsn
from programs import program
from real_answers import RealAnswers
from scripts import project as make_project

from analysis.pictures import PICTURES
from analysis.questions import QUESTIONS
from analysis.tables import Table
from local_redshift import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAYS, WEEKS = 30, 5
MOST_ROWS = {
    **dict.fromkeys(("plays_by_day",), 2 * DAYS),
    **dict.fromkeys(("listeners_by_day",), DAYS),
    **dict.fromkeys(("listeners_by_week", "level_changes", "matched_by_week"), WEEKS),
    "user_agents": 1000,
}


@dataclass
class Real:
    """A laptop warehouse with the public data set, every question's rows in it, and what Python makes of the files."""

    warehouse: embedded.Connection
    tables: dict[str, Table]
    rows: dict[str, list[tuple[Any, ...]]]
    computed: RealAnswers


@pytest.fixture(scope="module")
def real(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    made = make_project(tmp_path_factory.mktemp("project"), real_data)
    made.succeed("create_tables.py")
    made.succeed("etl.py")
    with embedded.start(made.settings.local_database) as warehouse:
        tables, rows = {}, {}
        with closing(psycopg2.connect(dsn(warehouse))) as connection, connection.cursor() as cursor:
            for name, sql in QUESTIONS.items():
                cursor.execute(sql)
                assert cursor.description is not None
                rows[name] = cursor.fetchall()
                tables[name] = Table([column.name for column in cursor.description], rows[name])
        yield Real(warehouse, tables, rows, RealAnswers(real_data / "udacity-dend"))


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_row_is_as_python_computes_it(real: Real, question: str) -> None:
    assert real.rows[question] == real.computed.answer(question)


def test_plays_and_what_they_match(real: Real) -> None:
    [overview] = real.tables["overview"].records
    assert (overview["plays"], overview["matched_plays"], overview["paid_plays"], overview["listeners"]) == (
        6820,
        319,
        5591,
        96,
    )
    assert real.tables["matched_by_week"].total("matched_plays") == 319
    assert [row["listed"] for row in real.tables["catalogue_played"].records] == [14896, 9553]
    reasons = {row["match"]: row["plays"] for row in real.tables["why_unmatched"].records}
    assert (reasons["matched"], reasons["the log garbles its name"]) == (319, 326)


def test_levels(real: Real) -> None:
    by_level: Counter[str] = Counter()
    for row in real.tables["plays_by_day"].records:
        by_level[row["level"]] += row["plays"]
    assert by_level == {"free": 1229, "paid": 5591}
    assert {row["level"]: row["plays"] for row in real.tables["free_and_paid"].records} == by_level
    changes = real.tables["level_changes"]
    assert (changes.total("upgrades"), changes.total("downgrades")) == (8, 1)


def test_the_busiest_hours_and_weekdays(real: Real) -> None:
    hours: Counter[int] = Counter()
    weekdays: Counter[int] = Counter()
    for row in real.tables["plays_by_hour"].records:
        hours[row["hour"]] += row["plays"]
        weekdays[row["weekday"]] += row["plays"]
    assert hours.most_common(3) == [(16, 542), (18, 498), (17, 494)]
    assert [weekdays[day] for day in range(7)] == [396, 1014, 1071, 1364, 1052, 1295, 628]


def test_the_most_played_songs(real: Real) -> None:
    assert [(row["title"], row["artist"], row["plays"]) for row in real.tables["top_songs"].records[:3]] == [
        ("You're The One", "Dwight Yoakam", 37),
        ("Catch You Baby (Steve Pitron & Max Sanna Radio Edit)", "Lonnie Gordon", 9),
        ("I CAN'T GET STARTED", "Ron Carter", 9),
    ]


@pytest.mark.parametrize("question", QUESTIONS)
def test_in_psql_as_it_stands(real: Real, question: str) -> None:
    place = ["-h", real.warehouse.host, "-p", str(real.warehouse.port), "-U", real.warehouse.user]
    ended = subprocess.run(
        [program("psql"), "--no-psqlrc", "--csv", "--set=ON_ERROR_STOP=1", *place, "-d", real.warehouse.database],
        input=f"{QUESTIONS[question]};\n",
        env={**os.environ, "PGPASSWORD": real.warehouse.password, "PGCLIENTENCODING": "UTF8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    header, *rows = csv.reader(ended.stdout.splitlines())
    assert tuple(header) == real.tables[question].columns
    assert len(rows) == len(real.rows[question]) <= MOST_ROWS.get(question, 168)


FINDINGS = {
    "plays_by_day": (
        "6,820 plays in 30 days, 82 % on the paid plan; the busiest day was Thursday, 15 Nov 2018, with 479."
    ),
    "listeners_by_week": (
        "The week of 26 Nov 2018 has 62 listeners (5 new) so far, that of 19 Nov 2018 had 74 (7 new), that of 12 Nov "
        "2018 had 60 (9 new)."
    ),
    # Without the last week, of which the data has five days.
    "retention": (
        "Of 41 listeners whose first play was in the week of 29 Oct 2018, 35 (85 %) listened again one week later and "
        "35 (85 %) listened 3 weeks later."
    ),
    "browsers": "Chrome leads with 48.7 % of the plays, before Firefox with 23.3 %.",
    "devices": (
        "Mac OS X leads with 44 % of the plays, before Windows with 35.6 %. Phones and tablets have 3.5 % of the plays."
    ),
    "free_and_paid": (
        "22 listeners played on the paid plan and 82 on the free one. The paid plan has 82 % of the plays: 254.1 a "
        "listener against 15, and 28.4 a session against 2.1."
    ),
    "before_upgrades": (
        "Before 8 upgrades (too few to rely on): apart from Upgrade itself no page is seen clearly more often than in "
        "other sessions."
    ),
    "why_unmatched": (
        "Of 6,501 plays without a match the commonest reason, with 3,916, is this: the artist is in it, with "
        "other titles."
    ),
}


@pytest.mark.parametrize("picture", PICTURES, ids=lambda one: one.name)
def test_what_is_said(real: Real, picture: Any) -> None:
    names = {sql: name for name, sql in QUESTIONS.items()}
    table = picture.shape(real.tables[names[picture.question]])
    finding = picture.finding(table)
    assert finding == FINDINGS.get(picture.name, finding)
    assert finding.endswith(".")
