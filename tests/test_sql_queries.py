"""What the project's own SQL makes of logs and songs, case by case, on small data."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from scripts import event, rows, small_project, song

from warehouse import config, runner
from warehouse.connection import Warehouse, connect
from warehouse.report import changes_of
from warehouse.statements import load_lists

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scripts import Project


NOON = 1541073600796  # Thursday, 2018-11-01 12:00:00.796 UTC
DAY = 86_400_000


@dataclass
class Star:
    """The tables of the project, open, and the files that fill them."""

    project: Project
    warehouse: Warehouse

    def create(self) -> None:
        drops, creates = load_lists("drop_table_queries", "create_table_queries")
        runner.run(self.warehouse, [*drops, *creates], runner.Silent())

    def load(self, *days: list[dict[str, Any]]) -> dict[str, tuple[int, int]]:
        """Load these days of events alone; the new and the changed rows of each table."""
        for old in (self.project.s3_root / "udacity-dend" / "log_data").rglob("*.json"):
            old.unlink()
        for number, events in enumerate(days, 1):
            self.project.put_events(f"2018-11-{number:02}", events)
        copies, inserts = load_lists("copy_table_queries", "insert_table_queries")
        outcomes = runner.run(self.warehouse, [*copies, *inserts], runner.Silent())
        return {
            table: changes_of([one for one in outcomes if one.statement.table == table])
            for table in ("songplays", "users", "songs", "artists", "time")
        }

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return rows(self.warehouse, sql)


@pytest.fixture
def star(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Star]:
    project = small_project(tmp_path)
    project.put_songs(song())
    monkeypatch.setattr(config, "_in_use", config.load(tmp_path / "dwh.cfg", {}))
    monkeypatch.delitem(sys.modules, "sql_queries", raising=False)
    with connect(project.settings) as warehouse:
        star = Star(project, warehouse)
        star.create()
        yield star
    del sys.modules["sql_queries"]  # its COPYs are those of this test's configuration


def test_a_play(star: Star) -> None:
    star.load([event(NOON)])
    assert star.query(
        "SELECT start_time::VARCHAR, user_id, level, song_id, artist_id, session_id, location, user_agent "
        "FROM songplays"
    ) == [
        (
            "2018-11-01 12:00:00.796",
            7,
            "free",
            "SOZCTXZ12AB0182364",
            "AR5KOSW1187FB35FF4",
            818,
            "Chicago-Naperville-Elgin, IL-IN-WI",
            '"Mozilla/5.0 (X11; Linux x86_64)"',
        )
    ]
    assert star.query("SELECT * FROM users") == [(7, "Lily", "Koch", "F", "free")]
    assert star.query("SELECT * FROM songs") == [
        ("SOZCTXZ12AB0182364", "Setanta matins", "AR5KOSW1187FB35FF4", 0, 269.58322)
    ]
    assert star.query("SELECT * FROM artists") == [("AR5KOSW1187FB35FF4", "Elena", "Dubai UAE", 49.80388, 15.47491)]
    assert star.query("SELECT start_time::VARCHAR, hour, day, week, month, year, weekday FROM time") == [
        ("2018-11-01 12:00:00.796", 12, 1, 44, 11, 2018, 4)
    ]


@pytest.mark.parametrize(
    ("ts", "expected"),
    [
        (1541289600000, (0, 4, 44, 11, 2018, 0)),  # a Sunday: the last day of the ISO week, weekday 0
        (1541376000000, (0, 5, 45, 11, 2018, 1)),
        (1546214400001, (0, 31, 1, 12, 2018, 1)),  # 31 December in ISO week 1 of the next year
    ],
)
def test_iso_week_and_weekday(star: Star, ts: int, expected: tuple[int, ...]) -> None:
    star.load([event(ts)])
    assert star.query("SELECT hour, day, week, month, year, weekday FROM time") == [expected]


@pytest.mark.parametrize(
    "other",
    [{"song": "Setanta Matins"}, {"artist": "Helena"}, {"length": 269.58321}, {"song": None}],
)
def test_a_play_that_matches_no_song_is_kept(star: Star, other: dict[str, Any]) -> None:
    star.load([event(NOON, **other)])
    assert star.query("SELECT song_id, artist_id FROM songplays") == [(None, None)]


def test_other_pages_are_no_plays(star: Star) -> None:
    star.load([event(NOON, page="Home"), event(NOON + 1, user=8, page="Logout")])
    assert star.query("SELECT (SELECT COUNT(*) FROM songplays), (SELECT COUNT(*) FROM users)") == [(0, 0)]


def test_logged_out_events_have_no_user(star: Star) -> None:
    star.load([event(NOON, page="Home", userId="", auth="Logged Out"), event(NOON)])
    assert star.query("SELECT COUNT(*) FROM staging_events WHERE user_id IS NULL") == [(1,)]
    assert star.query("SELECT user_id FROM users") == [(7,)]


def test_songs_that_repeat_give_one_row_a_play(star: Star) -> None:
    star.project.put_songs(song("SOAAAAA12AB0182364"), song("SOZZZZZ12AB0182364"))
    star.load([event(NOON)])
    assert star.query("SELECT song_id FROM songplays") == [("SOAAAAA12AB0182364",)]
    assert star.query("SELECT COUNT(*) FROM songs") == [(3,)]


def test_a_song_that_is_listed_twice_is_one_song(star: Star) -> None:
    star.project.put("song_data/B/again.json", json.dumps(song()))
    star.load([event(NOON)])
    assert star.query("SELECT COUNT(*) FROM songs") == [(1,)]
    assert star.query("SELECT COUNT(*) FROM songplays") == [(1,)]


def test_plays_within_one_millisecond_are_all_kept_and_never_doubled(star: Star) -> None:
    plays = [event(NOON, itemInSession=item, song=None) for item in range(3)]
    star.load(plays)
    star.load(plays)
    assert star.query("SELECT COUNT(*) FROM songplays") == [(3,)]
    assert star.query("SELECT COUNT(*) FROM time") == [(1,)]


def test_an_event_delivered_twice_is_one_play(star: Star) -> None:
    star.load([event(NOON)], [event(NOON), event(NOON + DAY)])
    assert star.query("SELECT COUNT(*) FROM songplays") == [(2,)]


def test_a_play_of_nobody_is_kept_and_not_doubled(star: Star) -> None:
    star.load([event(NOON, userId="", sessionId=None)])
    star.load([event(NOON, userId="", sessionId=None)])
    assert star.query("SELECT user_id, session_id FROM songplays") == [(None, None)]


def test_level_of_the_latest_event_even_if_it_is_no_play(star: Star) -> None:
    star.load(
        [event(NOON), event(NOON + 2, page="Submit Upgrade"), event(NOON + 3, page="Home", level="paid")],
    )
    assert star.query("SELECT level FROM users") == [("paid",)]
    assert star.query("SELECT level FROM songplays") == [("free",)]


def test_a_later_load_brings_the_level_up_to_date(star: Star) -> None:
    star.load([event(NOON)])
    changes = star.load([event(NOON + DAY, page="Home", level="paid")])
    assert star.query("SELECT level FROM users") == [("paid",)]
    assert star.query("SELECT COUNT(*) FROM songplays") == [(1,)]
    assert changes["users"] == (0, 1)


def test_a_file_that_arrives_late_does_not_take_the_level_back(star: Star) -> None:
    star.load([event(NOON + DAY, level="paid")])
    star.load([event(NOON, level="free")])
    assert star.query("SELECT level FROM users") == [("paid",)]
    assert star.query("SELECT COUNT(*) FROM songplays") == [(2,)]


def test_artists_by_rule(star: Star) -> None:
    unknown = {"artist_latitude": None, "artist_longitude": None}
    star.project.put_songs(
        song("SOAAAAA12AB0000001", artist_name="El", **unknown),  # shortest, but no coordinates
        song("SOAAAAA12AB0000002", artist_name="Elena feat. Leni"),
        song("SOAAAAA12AB0000003", artist_name="Ele", artist_location=""),  # coordinates, but no place
    )
    star.load([event(NOON)])
    assert star.query("SELECT name, location FROM artists") == [("Elena", "Dubai UAE")]


def test_dimensions_follow_the_files(star: Star) -> None:
    star.load([event(NOON)])
    star.project.put_songs(song(title="Setanta Matins", artist_location=None, year=1999))
    star.load([event(NOON)])
    assert star.query("SELECT title, year FROM songs") == [("Setanta Matins", 1999)]
    assert star.query("SELECT location FROM artists") == [(None,)]


def test_songs_of_earlier_loads_are_still_matched(star: Star) -> None:
    star.load([event(NOON)])
    (star.project.s3_root / "udacity-dend/song_data/A/A/A/SOZCTXZ12AB0182364.json").unlink()
    star.project.put_songs(song("SOOTHER12AB0182364", title="Another", artist_id="AROTHER1187FB35FF4"))
    star.load([event(NOON + 1)])
    assert star.query("SELECT DISTINCT song_id FROM songplays") == [("SOZCTXZ12AB0182364",)]


def test_plays_loaded_before_their_song_are_completed(star: Star) -> None:
    early = event(NOON, song="Another")
    star.load([early])
    star.project.put_songs(song("SOOTHER12AB0182364", title="Another"))
    star.load([early])
    assert star.query("SELECT song_id FROM songplays") == [("SOOTHER12AB0182364",)]


def test_run_again_gives_the_same_rows(star: Star) -> None:
    star.load([event(NOON), event(NOON + 1, user=8)])
    everything = "SELECT * FROM songplays ORDER BY songplay_id"
    before = star.query(everything)
    changes = star.load([event(NOON), event(NOON + 1, user=8)])
    assert star.query(everything) == before
    assert set(changes.values()) == {(0, 0)}
