"""The analysts' questions on small data: each rule of each has a case; and the SQL itself is Redshift's."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import psycopg2
import pytest
import sqlglot
from clients import dsn
from psycopg2.extras import execute_values
from sqlglot import exp

from analysis.questions import QUESTIONS
from local_redshift import embedded
from local_redshift.dialect.reserved import RESERVED
from sql_queries import create_table_queries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psycopg2.extensions import connection as Connection  # noqa: N812

    Rows = list[tuple[Any, ...]]

# November 2018: the 5th is a Monday, the 4th a Sunday.
PLAY = ("start_time", "user_id", "level", "song_id", "artist_id", "session_id", "location", "user_agent")
EVENT = ("ts", "user_id", "level", "session_id", "page", "artist", "song", "length")


def play(
    at: str, user: int | None = 1, level: str | None = "free", session: int | None = 1, **more: Any
) -> dict[str, Any]:
    """A play at "5 10:00", the day of November and the time; of the song "s1" by "a1": song=1."""
    day, time = at.split()
    song = more.pop("song", None)
    keys = {"song_id": song and f"s{song}", "artist_id": song and f"a{more.pop('artist', song)}"}
    given = {"start_time": f"2018-11-{day} {time}", "user_id": user, "level": level, "session_id": session}
    return {"location": "Here", "user_agent": "Firefox", **given, **keys, **more}


def event(
    at: str, page: str = "NextSong", user: int | None = 1, level: str = "free", session: int = 1, **more: Any
) -> dict[str, Any]:
    day, time = at.split()
    given = {"ts": f"2018-11-{day} {time}", "user_id": user, "level": level, "session_id": session, "page": page}
    return {"artist": None, "song": None, "length": None, **given, **more}


def heard(artist: str | None, song: str | None, length: float | None = 200.5, user: int = 1) -> dict[str, Any]:
    return event("5 10:00", user=user, artist=artist, song=song, length=length)


def day(number: int, month: int = 11) -> date:
    return date(2018, month, number)


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    """A warehouse with the project's tables, five songs by as many artists, and nothing played."""
    with embedded.start() as warehouse, closing(psycopg2.connect(dsn(warehouse))) as connection:
        with connection.cursor() as cursor:
            for one in create_table_queries:
                cursor.execute(one)
            numbers = range(1, 21)
            execute_values(
                cursor, "INSERT INTO songs (song_id, title) VALUES %s", [(f"s{n}", f"Song {n}") for n in numbers]
            )
            execute_values(
                cursor, "INSERT INTO artists (artist_id, name) VALUES %s", [(f"a{n}", f"Artist {n}") for n in numbers]
            )
            staged = [(f"s{n}", f"Song {n}", f"Artist {n}", f"a{n}", 200.5) for n in numbers]
            into = "INSERT INTO staging_songs (song_id, title, artist_name, artist_id, duration) VALUES %s"
            execute_values(cursor, into, staged)
        connection.commit()
        yield connection


def answer(connection: Connection, question: str, given: Sequence[dict[str, Any]]) -> Rows:
    """The rows of a question on these plays or events, which are taken back."""
    try:
        with connection.cursor() as cursor:
            for table, columns in (("songplays", PLAY), ("staging_events", EVENT)):
                rows = [tuple(one[name] for name in columns) for one in given if columns[0] in one]
                if rows:
                    execute_values(
                        cursor, f"INSERT INTO {table} ({', '.join(columns)}) VALUES %s", rows, page_size=2000
                    )
            cursor.execute(QUESTIONS[question])
            return cursor.fetchall()
    finally:
        connection.rollback()


# question, plays or events, expected rows
CASES: dict[str, tuple[str, list[dict[str, Any]], Rows]] = {
    "overview counts listeners and sessions that have a name": (
        "overview",
        [play("5 10:00", level="paid", song=1), play("5 11:00", None, None), play("6 10:00", 2, session=None)],
        [(3, 2, 2, 1, 1, datetime(2018, 11, 5, 10), datetime(2018, 11, 6, 10))],
    ),
    "a session number is a session of each listener": (
        "overview",
        [play("5 10:00"), play("5 11:00", 2), play("5 11:00")],
        [(3, 2, 2, 0, 0, datetime(2018, 11, 5, 10), datetime(2018, 11, 5, 11))],
    ),
    "a day ends at midnight, and an empty level is none": (
        "plays_by_day",
        [play("5 23:59:59.999"), play("6 0:00"), play("6 1:00", level=None), play("6 2:00", level="")],
        [(day(5), "free", 1), (day(6), "free", 1), (day(6), None, 2)],
    ),
    "an hour is divided by the days of that name on which anything was played": (
        "plays_by_hour",
        [*[play("5 10:59:59")] * 3, play("12 11:00"), play("4 9:00")],
        [(0, 9, 1, 1.0), (1, 10, 3, 1.5), (1, 11, 1, 0.5)],
    ),
    "songs by their plays, then by their listeners; unmatched plays are left out": (
        "top_songs",
        [play("5 9:00"), *[play("5 10:00", song=1)] * 2, play("5 10:00", song=2), play("5 10:00", 2, song=2),
         play("5 10:00", None, song=3)],
        [("Song 2", "Artist 2", 2, 2), ("Song 1", "Artist 1", 2, 1), ("Song 3", "Artist 3", 1, 0)],
    ),
    "fifteen songs": (
        "top_songs",
        [play("5 10:00", song=n) for n in range(1, 21) for _ in range(n)] + [play("5 10:00")] * 21,
        [(f"Song {n}", f"Artist {n}", n, 1) for n in range(20, 5, -1)],
    ),
    "fifteen songs where many have as many plays, those of the first numbers": (
        "top_songs",
        [play("5 10:00", song=n) for n in range(10, 20)] + [play("5 10:00", user, song=n) for n in range(1, 10)
         for user in (1, 2)],
        [(f"Song {n}", f"Artist {n}", 2, 2) for n in range(1, 10)] + [(f"Song {n}", f"Artist {n}", 1, 1)
         for n in range(10, 16)],
    ),
    "of as many plays those by more listeners are among the fifteen": (
        "top_songs",
        [play("5 10:00", user, song=n) for n in range(1, 17) for user in (1, 2 if n == 9 else 1)],
        [("Song 9", "Artist 9", 2, 2),
         *((f"Song {n}", f"Artist {n}", 2, 1) for n in (1, 10, 11, 12, 13, 14, 15, 16, 2, 3, 4, 5, 6, 7))],
    ),
    "of artists too": (
        "top_artists",
        [play("5 10:00", user, song=n) for n in range(1, 17) for user in (1, 2 if n == 9 else 1)],
        [("Artist 9", None, 2, 1, 2),
         *((f"Artist {n}", None, 2, 1, 1) for n in (1, 10, 11, 12, 13, 14, 15, 16, 2, 3, 4, 5, 6, 7))],
    ),
    "artists by their plays, then by their listeners, with their different songs": (
        "top_artists",
        [play("5 9:00"), *[play("5 10:00", song=1, artist=7), play("5 10:00", song=2, artist=7)] * 2,
         *[play("5 10:00", user, song=3) for user in (1, 2, 3, 3)]],
        [("Artist 3", None, 4, 1, 3), ("Artist 7", None, 4, 2, 1)],
    ),
    "fifteen artists": (
        "top_artists",
        [play("5 10:00", song=n) for n in range(1, 21) for _ in range(n)] + [play("5 10:00")] * 21,
        [(f"Artist {n}", None, n, 1, 1) for n in range(20, 5, -1)],
    ),
    "a listener is new on one day, whatever they play; without a name nobody": (
        "listeners_by_day",
        [play("5 10:00"), play("5 10:00"), play("5 23:59", 2), play("8 0:00", 2), play("8 1:00", 3),
         play("9 1:00", None),
         play("9 2:00")],
        [(day(5), 2, 2, 0), (day(8), 2, 1, 1), (day(9), 1, 0, 1)],
    ),
    "a week ends on Sunday at midnight": (
        "listeners_by_week",
        [play("11 23:59:59.999"), play("12 0:00"), play("12 0:00", 2), play("30 1:00", None), play("19 0:00")],
        [(day(5), 1, 1, 0), (day(12), 2, 1, 1), (day(19), 1, 0, 1)],
    ),
    "a cohort in which nobody came back has its rows": (
        "retention",
        [play("5 10:00"), play("11 10:00"), play("12 10:00", 2), play("19 10:00", None), play("26 10:00", 2),
         play("26 10:00", 3)],
        [(day(5), 0, 1, 1, 100.0), (day(5), 1, 0, 1, 0.0), (day(5), 3, 0, 1, 0.0),
         (day(12), 0, 1, 1, 100.0), (day(12), 2, 1, 1, 100.0), (day(26), 0, 1, 1, 100.0)],
    ),
    "part of a cohort": (
        "retention",
        [play("5 10:00", user) for user in (1, 2, 3)] + [play("12 10:00", user) for user in (1, 2)],
        [(day(5), 0, 3, 3, 100.0), (day(5), 1, 2, 3, 66.7)],
    ),
    "the cohorts of the last twelve weeks": (
        "retention",
        [play("5 10:00", start_time="2018-09-03 10:00"), play("5 10:00", 2, start_time="2018-09-10 10:00"),
         play("26 10:00", 2)],
        [(day(10, 9), 0, 1, 1, 100.0), (day(10, 9), 11, 1, 1, 100.0)],
    ),
    "nobody new for twelve weeks": (
        "retention",
        [play("5 10:00", start_time="2018-08-27 10:00"), play("26 10:00")],
        [],
    ),
    "an empty place is none": (
        "places",
        [*[play("5 10:00")] * 3, play("5 10:00", 2), play("5 10:00", location=""),
         play("5 10:00", None, location=None)],
        [("Here", 4, 2, 66.7), (None, 2, 1, 33.3)],
    ),
    "fifteen places, of all plays": (
        "places",
        [play("5 10:00", location=f"Place {n:02}") for n in range(20)],
        [(f"Place {n:02}", 1, 1, 5.0) for n in range(15)],
    ),
    "a listener counts with the user agent of most plays, of as many with the first": (
        "user_agents",
        [play("5 10:00"), *[play("5 10:00", user_agent="Opera")] * 2, play("5 10:00", 2, user_agent="Opera"),
         play("5 10:00", 2), play("5 10:00", 3, user_agent=None), *[play("5 10:00", None, user_agent="Lynx")] * 4],
        [("Lynx", 4, 0, 10, 3), ("Opera", 3, 1, 10, 3), ("Firefox", 2, 1, 10, 3), (None, 1, 1, 10, 3)],
    ),
    "who changed the plan is on both sides, and so is the session": (
        "free_and_paid",
        [play("5 10:00"), *[play("5 11:00", level="paid")] * 2, play("6 10:00", level="paid", session=2),
         play("6 10:00", 2, "paid"), play("6 11:00", None, "paid")],
        [("free", 1, 1, 1, 1.0, 1.0), ("paid", 2, 3, 4, 2.0, 1.3)],
    ),
    "a play without a session is in none": (
        "free_and_paid",
        [play("5 10:00"), play("5 10:00", session=None), play("5 10:00", level="", session=None),
         play("5 10:00", level=None, session=None)],
        [("free", 1, 1, 2, 2.0, 1.0), (None, 1, 0, 2, 2.0, None)],
    ),
    "a change shows in the week of the first play after it": (
        "level_changes",
        [play("11 22:00", session=9), play("11 23:00", level="paid", session=9),
         play("12 0:00", level="paid", session=9),
         play("19 10:00", session=2), play("11 22:30", 2, "paid"), play("19 12:00", 2, "free", 2)],
        [(day(5), 1, 0), (day(12), 0, 0), (day(19), 0, 2)],
    ),
    "a session left open on the old plan is no change back": (
        "level_changes",
        [play("5 10:00"), play("5 11:00", level="paid", session=2), play("5 12:00"),
         play("5 13:00", level="paid", session=2)],
        [(day(5), 1, 0)],
    ),
    "within a session a change, a change back and another are three": (
        "level_changes",
        [play("5 10:00"), play("5 11:00", level="paid"), play("5 12:00"), play("5 13:00", level="paid")],
        [(day(5), 2, 1)],
    ),
    "other levels are passed over, and listeners without a name do not change": (
        "level_changes",
        [play("5 10:00"), play("5 11:00", level="family"), play("5 12:00", level=None), play("5 13:00", session=2),
         play("5 10:00", None), play("5 11:00", None, "paid"),
         play("5 10:00", 5), play("5 11:00", 5, "family"), play("5 12:00", 5, "paid")],
        [(day(5), 1, 0)],
    ),
    "what was seen before the first change, and what in sessions without one": (
        "before_changes",
        [event("5 10:00", "Home"), event("5 10:02", "Submit Upgrade"), event("5 10:02", "Error"),
         event("5 10:03", "Home"),
         event("5 10:03", "Help"), event("5 10:04", "Submit Upgrade"), event("5 10:04", "About", level="paid"),
         event("5 9:00", "Help", session=2), event("5 9:00", "Help", 2), event("5 9:00", "Home", 3),
         event("5 9:00", "Submit Downgrade", 3), event("5 9:00", "Home", None), event("5 9:00", "Home", 4, "paid"),
         event("5 9:01", "Submit Upgrade", 4, "paid")],
        [("upgrade", 1, "Home", 1, 100.0, 33.3), ("upgrade", 1, "Help", 0, 0.0, 66.7)],
    ),
    "two changes in one session, each with what was seen on its plan": (
        "before_changes",
        [event("5 10:00", "Home"), event("5 10:01", "Submit Upgrade"), event("5 10:02", "Help", level="paid"),
         event("5 10:03", "Submit Downgrade", level="paid"), event("5 10:04", "Error")],
        [("upgrade", 1, "Home", 1, 100.0, None), ("downgrade", 1, "Help", 1, 100.0, None)],
    ),
    "a change before which nothing was seen counts": (
        "before_changes",
        [event("5 10:00", "Submit Upgrade"), event("5 10:00", "Home", 2), event("5 10:01", "Submit Upgrade", 2)],
        [("upgrade", 2, "Home", 1, 100.0, None)],
    ),
    "every visit counts, plays do not": (
        "before_changes",
        [event("5 10:00", "Home"), event("5 10:01", "NextSong"), event("5 10:02", "Home"), event("5 10:03", "Help"),
         event("5 10:04", "Submit Upgrade"), event("5 10:00", "NextSong", 2), event("5 10:01", "Help", 2)],
        [("upgrade", 1, "Home", 2, 66.7, 0.0), ("upgrade", 1, "Help", 1, 33.3, 100.0)],
    ),
    "no change": ("before_changes", [event("5 10:00", "Home"), event("5 10:00", "Submit Downgrade")], []),
    "a session lasts to the start of its last play, over midnight and over the week's end": (
        "session_lengths",
        [play("5 10:00"), play("11 23:50", 2), play("12 0:04:59", 2), play("5 10:00", 3), play("5 10:15", 3),
         play("5 1:00", 4), play("5 9:00", 4), play("5 1:00", session=None), play("5 10:00", session=None)],
        [(0, "under 15 min", 2, 3, 15.0), (15, "15 to 30 min", 1, 2, 15.0), (30, "30 to 60 min", 0, 0, 15.0),
         (60, "1 to 2 h", 0, 0, 15.0), (120, "2 to 4 h", 0, 0, 15.0), (240, "4 to 8 h", 0, 0, 15.0),
         (480, "8 h and more", 1, 2, 15.0)],
    ),
    "each length has its class": (
        "session_lengths",
        [play(f"5 {time}", user) for user, end in enumerate(("0:30", "0:59:59", "1:00", "2:00", "4:00", "7:59:59"))
         for time in ("0:00", end)],
        [(0, "under 15 min", 0, 0, 90.0), (15, "15 to 30 min", 0, 0, 90.0), (30, "30 to 60 min", 2, 4, 90.0),
         (60, "1 to 2 h", 1, 2, 90.0), (120, "2 to 4 h", 1, 2, 90.0), (240, "4 to 8 h", 2, 4, 90.0),
         (480, "8 h and more", 0, 0, 90.0)],
    ),
    "each number of plays has its class": (
        "plays_per_session",
        [play("5 10:00", plays) for plays in (1, 2, 5, 6, 10, 11, 20, 21, 50, 51, 100, 101) for _ in range(plays)]
        + [play("5 10:00", session=None)],
        [(1, "1", 1, 1, 15.5), (2, "2 to 5", 2, 7, 15.5), (6, "6 to 10", 2, 16, 15.5), (11, "11 to 20", 2, 31, 15.5),
         (21, "21 to 50", 2, 71, 15.5), (51, "51 to 100", 2, 151, 15.5), (101, "over 100", 1, 101, 15.5)],
    ),
    "no play tells its session": (
        "plays_per_session",
        [play("5 10:00", session=None)],
        [(low, name, 0, 0, None) for low, name in
         ((1, "1"), (2, "2 to 5"), (6, "6 to 10"), (11, "11 to 20"), (21, "21 to 50"), (51, "51 to 100"),
         (101, "over 100"))],
    ),
    "songs and artists count once": (
        "catalogue_played",
        [play("5 10:00"), play("5 10:00", song=1), play("6 10:00", song=1), play("6 10:00", song=2, artist=1)],
        [("songs", 20, 2), ("artists", 20, 1)],
    ),
    "nothing matches": ("catalogue_played", [play("5 10:00")], [("songs", 20, 0), ("artists", 20, 0)]),
    "matched plays by week": (
        "matched_by_week",
        [play("11 23:59", song=1), play("5 10:00"), play("5 10:00"), play("12 0:00")],
        [(day(5), 3, 1, 2, 33.3), (day(12), 1, 0, 1, 0.0)],
    ),
    "why a play matches nothing": (
        "why_unmatched",
        [heard("Artist 1", "Song 1"), *[heard("Artist 1", "Song 1", 200.6)] * 2, *[heard("Artist 1", "Song 2")] * 3,
         *[heard("JOÃO", "Song 1")] * 4, *[heard("JoÃ£o", "Song 1")] * 2, *[heard("Artist 1", "itâ\x80\x99s")] * 3,
         *[heard("Artist 1", None)] * 2, *[heard(None, "Song 1")] * 2, *[heard("Artist 1", "Song 1", None)] * 2,
         event("5 10:00", "Home")],
        [("the log does not say what it is", 6, 28.6), ("the log garbles its name", 5, 23.8),
         ("the artist is not in the catalogue", 4, 19.0), ("the artist is in it, with other titles", 3, 14.3),
         ("the title is in it, with another length", 2, 9.5), ("matched", 1, 4.8)],
    ),
    "artists that are not in the catalogue, by their plays, then by their listeners": (
        "wanted_artists",
        [heard("Artist 1", "Song 9"), heard("JoÃ£o", "x"), heard("itâ\x80\x99s", "x"), heard(None, "x"),
         event("5 10:00", "Home", artist="Nobody"),
         *[heard("One", "x")] * 2, heard("Two", "x"), heard("Two", "y", user=2), heard("JOÃO", "x")],
        [("Two", 2, 2, 2), ("One", 2, 1, 1), ("JOÃO", 1, 1, 1)],
    ),
    "fifteen artists that are not in the catalogue": (
        "wanted_artists",
        [heard(f"Nobody {n:02}", "x") for n in range(20)],
        [(f"Nobody {n:02}", 1, 1, 1) for n in range(15)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_case(connection: Connection, case: str) -> None:
    question, given, expected = CASES[case]
    assert answer(connection, question, given) == expected


def test_a_thousand_user_agents_and_what_all_have(connection: Connection) -> None:
    plays = [play("5 10:00", user, user_agent=f"Browser {user:04}") for user in range(1001)]
    rows = answer(connection, "user_agents", [*plays, *plays[:1]])
    assert len(rows) == 1000
    assert rows[0] == ("Browser 0000", 2, 1, 1002, 1001)
    assert {row[3:] for row in rows} == {(1002, 1001)}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_has_a_case(question: str) -> None:
    assert question in {asked for asked, _, _ in CASES.values()}


STAGED = {
    "before_changes": {"staging_events"},
    "why_unmatched": {"staging_events", "staging_songs"},
    "wanted_artists": {"staging_events", "staging_songs"},
}
CATALOGUE = {
    "top_songs": {"songplays", "songs", "artists"},
    "top_artists": {"songplays", "artists"},
    "catalogue_played": {"songplays", "songs", "artists"},
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_tables_that_a_question_reads(question: str) -> None:
    tree = sqlglot.parse_one(QUESTIONS[question], read="redshift")
    made = {cte.alias for cte in tree.find_all(exp.CTE)}
    expected = (STAGED | CATALOGUE).get(question, {"songplays"})
    assert {table.name for table in tree.find_all(exp.Table)} - made == expected


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_one_select_to_be_pasted(question: str) -> None:
    [tree] = sqlglot.parse(QUESTIONS[question], read="redshift")
    assert isinstance(tree, exp.Query)
    assert not {"%", ";", "{", "$"} & set(QUESTIONS[question])  # nothing that a client would take for its own


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_name_is_one_of_redshifts_own_words(question: str) -> None:
    """Even where Redshift takes them after AS it does not elsewhere: ORDER BY percent fails."""
    tree = sqlglot.parse_one(QUESTIONS[question], read="redshift")
    names = {found.name for found in tree.find_all(exp.Identifier)}
    assert not {name for name in names if name.upper() in RESERVED}
