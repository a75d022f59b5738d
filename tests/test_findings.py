"""The sentences of the report: computed from the answer, plain, and true in the odd cases too."""

from __future__ import annotations

from typing import Any

import pytest

from analysis import findings
from analysis.pictures import PICTURES
from analysis.tables import Table

BY_DAY = ("day", "free", "paid")
LISTENERS = ("week", "listeners", "new_listeners", "returning_listeners")
SONGS = ("title", "artist", "plays", "listeners")
ARTISTS = ("artist", "plays", "songs", "listeners")
RETENTION = ("cohort", "weeks_later", "listeners", "cohort_listeners")
PLACES = ("location", "plays", "listeners", "percent_of_plays")
USED = ("plays", "listeners", "percent_of_plays")
LEVELS = ("level", "listeners", "plays", "plays_per_listener", "plays_per_session")
CHANGES = ("week", "upgrades", "downgrades")
BEFORE = ("changes", "page", "visits_before_change", "percent_before_change", "percent_of_other_visits")
LENGTHS = ("from_minutes", "sessions", "plays", "median_minutes")
COUNTS = ("from_plays", "sessions", "plays", "median_plays")
CATALOGUE = ("catalogue", "listed", "played")
MATCHED = ("plays", "matched_plays")
REASONS = ("match", "plays")
FEW = " (too few to rely on)"

# question, columns, rows, sentence
ROWS: list[tuple[str, tuple[str, ...], list[tuple[Any, ...]], str]] = [
    (
        "plays_by_day",
        BY_DAY,
        [("2018-11-01", 1, 0), ("2018-11-04", 2000, 1)],
        # Days without a play count too.
        "2,002 plays in 4 days, under 0.1 % on the paid plan; the busiest day was Sunday, 4 Nov 2018, with 2,001.",
    ),
    ("plays_by_day", BY_DAY, [("2018-11-01", 0, 1)], "1 play on Thursday, 1 Nov 2018, 100 % on the paid plan."),
    (
        "plays_by_day",
        BY_DAY,
        [("2018-11-01", 1, 1), ("2018-11-02", 0, 1), ("2018-11-03", 2, 0)],
        (
            "5 plays in 3 days, 40 % on the paid plan; the busiest day was Thursday, 1 Nov 2018 (and 1 other day), "
            "with 2."
        ),
    ),
    (
        "plays_by_day",
        ("day", "(unknown)"),
        [("2018-11-01", 2)],
        "2 plays on Thursday, 1 Nov 2018, none on the paid plan.",
    ),
    (
        "plays_by_day",
        ("day", "free"),
        [("2008-11-01", 1), ("2018-11-01", 2)],
        "3 plays in 3,653 days, none on the paid plan; the busiest day was Thursday, 1 Nov 2018, with 2.",
    ),
    (
        "plays_by_hour",
        ("weekday", "hour", "plays", "plays_per_day"),
        [(0, 3, 4, 1.0), (1, 5, 3, 3.0), (2, 3, 1, 0.5)],
        # By the average, not by the sum: there may be more Sundays than Mondays.
        (
            "Most is played on Mondays at 5:00 UTC, on average 3 plays in that hour; over the whole week the "
            "busiest hour is "
            "3:00 UTC, with 5 plays."
        ),
    ),
    (
        "plays_by_hour",
        ("weekday", "hour", "plays", "plays_per_day"),
        [(0, 0, 1, 1.0)],
        (
            "Most is played on Sundays at 0:00 UTC, on average 1 play in that hour; over the whole week the "
            "busiest hour is "
            "0:00 UTC, with 1 play."
        ),
    ),
    ("top_songs", SONGS, [("A", "B", 1, 1)], "“A” by B leads with 1 play by 1 listener."),
    (
        "top_songs",
        SONGS,
        [("A", None, 3, 2), ("C", "D", 2, 2)],
        ("“A” by (unknown) leads with 3 plays by 2 listeners, followed by “C” by D with 2."),
    ),
    (
        "top_songs",
        SONGS,
        [("A", "B", 3, 2), ("C", "D", 3, 1), ("E", "F", 1, 1)],
        ("“A” by B and “C” by D lead with 3 plays each."),
    ),
    (
        "top_songs",
        SONGS,
        [(name, "B", 1, 1) for name in "ACE"],
        ("No song stands out: several have the most plays, 1 play each."),
    ),
    ("top_artists", ARTISTS, [("B", 2, 1, 1)], "B leads with 2 plays of a single song, heard by 1 listener."),
    (
        "top_artists",
        ARTISTS,
        [("B", 3, 2, 2), ("C", 2, 1, 1)],
        "B leads with 3 plays of 2 songs, heard by 2 listeners.",
    ),
    ("top_artists", ARTISTS, [("B", 2, 1, 1), ("C", 2, 2, 1)], "B and C lead with 2 plays each."),
    ("listeners_by_day", ("day", "listeners"), [("2018-11-01", 1)], "1 listener on Thursday, 1 Nov 2018."),
    (
        "listeners_by_day",
        ("day", "listeners"),
        [("2018-11-01", 1), ("2018-11-02", 2)],
        "An average day has 1.5 listeners; the most came on Friday, 2 Nov 2018: 2.",
    ),
    (
        "listeners_by_day",
        ("day", "listeners"),
        [("2018-11-01", 20), ("2018-11-03", 31)],
        "An average day with plays has 26 listeners; the most came on Saturday, 3 Nov 2018: 31.",
    ),
    (
        "listeners_by_week",
        LISTENERS,
        [("2018-11-05", 1, 1, 0)],
        "The week of 5 Nov 2018 has 1 listener (1 new) so far.",
    ),
    (
        "listeners_by_week",
        LISTENERS,
        # The weeks before in the table need not be those before.
        [("2018-10-01", 1, 1, 0), ("2018-10-29", 1, 1, 0), ("2018-11-05", 9, 8, 1), ("2018-11-26", 2000, 0, 2000)],
        (
            "The week of 26 Nov 2018 has 2,000 listeners (0 new) so far, that of 5 Nov 2018 had 9 (8 new), that of "
            "29 Oct 2018 had 1 (1 new)."
        ),
    ),
    (
        "retention",
        RETENTION,
        [("2018-11-05", 0, 3, 3)],
        "There is but one week so far: nobody can have come back in a later one.",
    ),
    (
        "retention",
        RETENTION,
        # Both numbers are of the first cohort: the second is not old enough.
        [
            *[("2018-10-01", 0, 4, 4), ("2018-10-01", 1, 1, 4), ("2018-10-01", 4, 2, 4), ("2018-10-01", 5, 0, 4)],
            *[("2018-10-29", 0, 9, 9), ("2018-10-29", 1, 9, 9)],
        ],
        (
            "Of 4 listeners whose first play was in the week of 1 Oct 2018, 1 (25 %) listened again one week "
            "later and 2 "
            "(50 %) listened 4 weeks later."
        ),
    ),
    (
        "retention",
        RETENTION,
        # In the last week, which is not over, few of the second cohort can have come again.
        [
            *[("2018-10-01", 0, 4, 4), ("2018-10-01", 1, 3, 4), ("2018-10-01", 2, 2, 4), ("2018-10-01", 3, 0, 4)],
            *[("2018-10-08", 0, 9, 9), ("2018-10-08", 1, 8, 9), ("2018-10-08", 2, 1, 9)],
            *[("2018-10-15", 0, 5, 5), ("2018-10-15", 1, 1, 5), ("2018-10-22", 0, 2, 2)],
        ],
        (
            "Of 4 listeners whose first play was in the week of 1 Oct 2018, 3 (75 %) listened again one week "
            "later and 2 (50 %) listened 2 weeks later."
        ),
    ),
    (
        "retention",
        RETENTION,
        [("2018-10-01", 0, 1, 1), ("2018-10-01", 1, 0, 1), ("2018-10-08", 0, 2, 2)],
        "Of 1 listener whose first play was in the week of 1 Oct 2018, 0 (0 %) listened again one week later so far.",
    ),
    (
        "retention",
        RETENTION,
        # One week later nobody at all played anything, so that there is no row.
        [
            *[("2018-10-01", 0, 1, 1), ("2018-10-01", 2, 1, 1), ("2018-10-01", 6, 1, 1), ("2018-10-01", 7, 1, 1)],
            *[("2018-10-08", 5, 3, 3), ("2018-10-08", 6, 3, 3)],
        ],
        (
            "Of 4 listeners whose first play was in the weeks of 1 Oct 2018 to 8 Oct 2018, 0 (0 %) listened "
            "again one week "
            "later and 0 (0 %) listened 4 weeks later."
        ),
    ),
    ("places", PLACES, [("Here", 1, 1, 100.0)], "Here leads with 1 play, 100 % of all, by 1 listener."),
    (
        "places",
        PLACES,
        [(None, 6, 2, 60.0), ("Here", 4, 2, 40.0)],
        "Here leads with 4 plays, 40 % of all, by 2 listeners. 6 plays of an unknown place.",
    ),
    ("places", PLACES, [(None, 6, 2, 100.0)], "No play tells its place."),
    ("browsers", ("browser", *USED), [("Lynx", 1, 1, 100.0)], "Lynx leads with 100 % of the plays."),
    (
        "browsers",
        ("browser", *USED),
        [("(rarer user agents)", 6, 1, 60.0), ("Lynx", 2, 1, 20.0), ("(unknown)", 1, 1, 10.0), ("IE", 1, 1, 10.0)],
        "Lynx leads with 20 % of the plays, before IE with 10 %.",
    ),
    ("browsers", ("browser", *USED), [("(unknown)", 1, 1, 100.0)], "No user agent tells its browser."),
    (
        "devices",
        ("device", *USED),
        [("Linux", 4, 1, 40.0), ("iOS phone", 3, 1, 30.0), ("Windows Phone", 2, 1, 20.0), ("iOS tablet", 1, 1, 10.0)],
        "Linux leads with 40 % of the plays, before iOS phone with 30 %. Phones and tablets have 60 % of the plays.",
    ),
    ("devices", ("device", *USED), [("(unknown)", 1, 1, 100.0)], "No user agent tells its device."),
    ("free_and_paid", LEVELS, [(None, 1, 1, 1.0, 1.0)], "Every play is on one plan: (unknown)."),
    ("free_and_paid", LEVELS, [("free", 1, 1, 1.0, 1.0), (None, 1, 1, 1.0, 1.0)], "Nobody played on the paid plan."),
    ("free_and_paid", LEVELS, [("paid", 1, 1, 1.0, 1.0), (None, 1, 1, 1.0, 1.0)], "Nobody played on the free plan."),
    (
        "free_and_paid",
        LEVELS,
        [("free", 2, 3, 1.5, 1.0), ("paid", 1, 9, 9.0, None)],
        (
            "1 listener played on the paid plan and 2 on the free one. The paid plan has 75 % of the plays: 9 a "
            "listener "
            "against 1.5."
        ),
    ),
    ("level_changes", CHANGES, [("2018-11-05", 0, 0)], "Nobody changed between the plans."),
    ("level_changes", CHANGES, [("2018-11-05", 0, 1), ("2018-11-12", 0, 0)], "0 upgrades and 1 downgrade."),
    ("level_changes", CHANGES, [("2018-11-05", 5, 1)], "5 upgrades and 1 downgrade."),
    (
        "level_changes",
        CHANGES,
        [("2018-11-05", 1, 1), ("2018-11-12", 2, 1)],
        "3 upgrades and 2 downgrades; the week with the most upgrades, 2, began on 12 Nov 2018.",
    ),
    (
        "before_upgrades",
        BEFORE,
        # A quarter against nearly a quarter is no difference; the page itself tells nothing.
        [(8, "Upgrade", 12, 60.0, 1.4), (8, "Home", 5, 25.0, 22.3), (8, "Help", 3, 15.0, 14.0)],
        f"Before 8 upgrades{FEW}: apart from Upgrade itself no page is seen clearly more often than in other sessions.",
    ),
    (
        "before_upgrades",
        BEFORE,
        [(40, "Help", 20, 50.0, 10.0), (40, "Home", 20, 50.0, 40.0)],
        (
            "Before 40 upgrades: apart from Upgrade itself Help stands out, with 50 % of the pages seen against 10 % "
            "in other sessions on that plan."
        ),
    ),
    (
        "before_downgrades",
        BEFORE,
        [(1, "Help", 1, 100.0, None)],
        f"Before 1 downgrade{FEW}: no session without one is there to compare with.",
    ),
    ("session_lengths", LENGTHS, [(0, 0, 0, None), (60, 0, 0, None)], "No play tells its session."),
    (
        "session_lengths",
        LENGTHS,
        [(0, 3, 3, 1.0), (60, 1, 9, 1.0)],
        (
            "The median session lasts 1 minute; those of an hour and more are 25 % of the sessions and have 75 % of "
            "the plays."
        ),
    ),
    ("plays_per_session", COUNTS, [(1, 0, 0, None)], "No play tells its session."),
    (
        "plays_per_session",
        COUNTS,
        [(1, 1, 1, 2.0), (11, 1, 20, 2.0), (21, 1, 21, 2.0)],
        (
            "The median session has 2 plays; 33 % of the sessions have just one, and those of more than 20 have "
            "50 % of the "
            "plays."
        ),
    ),
    (
        "catalogue_played",
        CATALOGUE,
        [("songs", 14896, 209), ("artists", 1, 1)],
        "Played at least once: 209 of 14,896 songs (1.4 %) and 1 of 1 artist (100 %).",
    ),
    (
        "matched_by_week",
        MATCHED,
        [(3, 1), (1, 0)],
        (
            "1 of 4 plays (25 %) could be matched with a song of the catalogue by title, artist and length. The "
            "pictures of "
            "songs and artists leave out the other 3."
        ),
    ),
    (
        "matched_by_week",
        MATCHED,
        [(1, 1)],
        "1 of 1 play (100 %) could be matched with a song of the catalogue by title, artist and length.",
    ),
    (
        "why_unmatched",
        REASONS,
        [("bad luck", 3), ("worse luck", 1)],
        "Of 4 plays without a match the commonest reason, with 3, is this: bad luck.",
    ),
    (
        "wanted_artists",
        ARTISTS,
        [("B", 2, 1, 1), ("C", 1, 1, 1)],
        "B, with 2 plays by 1 listener, is the most played artist whom the catalogue does not have.",
    ),
    ("wanted_artists", ARTISTS, [("B", 2, 1, 1), ("C", 2, 1, 1)], "B and C lead with 2 plays each."),
]


@pytest.mark.parametrize(("question", "columns", "rows", "sentence"), ROWS)
def test_sentence(question: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]], sentence: str) -> None:
    assert getattr(findings, question)(Table(columns, rows)) == sentence


@pytest.mark.parametrize("picture", PICTURES, ids=lambda one: one.name)
def test_every_picture_says_something_by_the_finding_of_its_name(picture: Any) -> None:
    assert picture.finding is getattr(findings, picture.name)
    assert picture.name in {question for question, _, _, _ in ROWS}


@pytest.mark.parametrize(
    ("seen", "sessions", "otherwise", "expected"),
    [
        (50, 100, 47.3, False),
        (65, 100, 47.3, True),
        (62, 100, 47.3, False),  # more than two standard deviations, less than three
        (2, 2, 0.0, False),  # too few, however rare it is
        (3, 3, 0.0, True),
        (3, 3, 100.0, False),
        (0, 100, 5.0, False),
    ],
)
def test_what_stands_out(seen: int, sessions: int, otherwise: float, expected: bool) -> None:
    assert findings.stands_out(seen, sessions, otherwise) is expected
