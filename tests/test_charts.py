"""What the report draws: marks as long, as high and as strong as the numbers are; and the numbers on top."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree

import pytest

from analysis import charts, questions
from analysis.asking import Answers
from analysis.charts import NARROW, WIDE, Cell
from analysis.dates import Dates
from analysis.drawing import draw
from analysis.html_page import page
from analysis.pictures import PICTURES
from analysis.tables import Table

if TYPE_CHECKING:
    from analysis.charts import Chart

COLOURS = {"paid": "var(--paid)", "free": "var(--free)"}
NAMED = {picture.name: picture for picture in PICTURES}


class Mark(NamedTuple):
    """A painted mark, in pixels, from the left and from the top."""

    fill: str
    left: float
    top: float
    width: float
    height: float


class Drawn(NamedTuple):
    """A chart's marks and places, in their order, and its text with its colour."""

    marks: list[Mark]
    places: list[str]
    texts: dict[str, str]


def drawn(chart: Chart) -> Drawn:
    svg = ElementTree.fromstring(draw(chart))  # noqa: S314 - our own
    paths = [one for one in svg.iter("path") if "transform" not in one.attrib]  # what has one is a legend's square
    return Drawn(
        [_mark(one) for one in paths if "fill" in one.attrib],
        [one.attrib["aria-label"] for one in paths if "aria-label" in one.attrib],
        {str(one.text): one.attrib["fill"] for one in svg.iter("text")},
    )


def _mark(path: ElementTree.Element) -> Mark:
    shape = path.attrib["d"]
    if box := re.fullmatch(r"M([-\d.]+),([-\d.]+)h([\d.]+)v([\d.]+)h[-\d.]+Z", shape):
        left, top, width, height = map(float, box.groups())
        return Mark(path.attrib["fill"], left, top, width, height)
    points = [(float(x), float(y)) for x, y in re.findall(r"([-\d.]+),([-\d.]+)", shape)]
    (left, right), (top, bottom) = ((min(numbers), max(numbers)) for numbers in zip(*points, strict=True))
    return Mark(path.attrib["fill"], left, top, right - left, bottom - top)


def test_bars_are_stacked_on_dates_those_without_a_row_too() -> None:
    table = Table(("day", "free", "paid"), [("2018-11-01", 1, 3), ("2018-11-02", 0, 10), ("2018-11-04", 5, None)])
    seen = drawn(charts.over_time(table, "day", COLOURS, WIDE))
    high = [one for one in seen.marks if one.height]
    assert [(one.fill, one.top, one.height) for one in high] == [
        ("var(--paid)", 154, 66),
        ("var(--free)", 132, 22),
        ("var(--paid)", 0, 220),
        ("var(--free)", 110, 110),
    ]
    first, above, second, fourth = (one.left for one in high)
    assert first == above
    assert fourth - second == pytest.approx(2 * (second - first), abs=0.2)
    assert seen.places == [
        "1 Nov 2018: paid 3, free 1",
        "2 Nov 2018: paid 10, free 0",
        "3 Nov 2018: paid 0, free 0",
        "4 Nov 2018: paid 0, free 5",
    ]


def test_many_days_are_averages_of_whole_weeks() -> None:
    """Of 120 days with 8 plays each, a week without any and one with seven days of 1 to 7."""
    days = [date(2018, 1, 1) + timedelta(place) for place in range(120)]
    rows = [(day, 8) for day in days[:28]] + [(day, number) for number, day in enumerate(days[35:42], 1)]
    table = Table(("day", "plays"), [*rows, *((day, 8) for day in days[42:])])
    seen = drawn(charts.over_time(table, "day", {"plays": "red"}, WIDE))
    assert [round(one.height / 220 * 8, 1) for one in seen.marks] == [8, 8, 8, 8, 0, 4, *[8] * 12]
    assert seen.places[4:6] == [
        "7 days from 29 Jan 2018, on average: plays 0.0",
        "7 days from 5 Feb 2018, on average: plays 4.0",
    ]
    assert seen.places[-1] == "1 day from 30 Apr 2018, on average: plays 8.0"
    assert "a bar is the average of 7 days" in seen.texts


@pytest.mark.parametrize(
    ("days", "step", "together", "places"),
    [
        (["2018-11-05"], 1, 1, 1),
        (["2018-11-05", "2018-11-19", "2018-12-10"], 7, 1, 6),  # neither gap is a week
        (["2018-11-01", "2018-11-03", "2018-11-06"], 1, 1, 6),
        (["2018-01-01", "2018-01-02", "2018-04-10"], 1, 1, 100),
        (["2018-01-01", "2018-01-02", "2018-04-11"], 1, 7, 15),  # too many for a place each
        (["2018-01-01", "2018-01-08", "2019-12-02", "2019-12-09"], 7, 2, 51),
        (["2015-01-01", "2015-01-02", "2018-12-31"], 1, 21, 70),
    ],
)
def test_the_places_of_dates(days: list[str], step: int, together: int, places: int) -> None:
    dates = Dates.of(days)
    assert (dates.step, dates.together, len(dates.places)) == (step, together, places)
    assert [dates.place(begin) for begin in dates.places] == [*range(places)]
    assert {dates.place(days[0]), dates.place(days[-1])} == {0, places - 1}
    assert sum(map(dates.within, range(places))) == dates.count


@pytest.mark.parametrize("far", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_date_that_there_are(far: str) -> None:
    assert len(Dates.of([far, "2018-11-01", "2018-11-02"]).places) <= 100
    table = Table(("day", "free", "paid"), [(far, 1, 0), ("2018-11-01", 1, 0), ("2018-11-02", 1, 0)])
    assert "<path" in draw(charts.over_time(table, "day", COLOURS, WIDE))


@pytest.mark.parametrize("before", ["", "a"])
def test_a_long_name_beyond_the_basic_plane_is_cut_between_characters(before: str) -> None:
    """In UTF-16, which Vega cuts, each of these is a pair."""
    name = before + "\N{MUSICAL SYMBOL G CLEF}" * 200
    for width in (WIDE, NARROW):
        table = Table(("name", "plays"), [(f"{name[place:]}\ue000", place) for place in range(6)])
        seen = drawn(charts.bars(table, lambda row: row["name"], "plays", width))
        assert seen.places[0] == f"{name}\ue000: 0 plays"
        shown = next(text for text in seen.texts if text.endswith("…"))
        assert name.startswith(shown.rstrip("…"))


def test_a_level_with_a_control_character_can_be_drawn() -> None:
    """The drawing library ends the whole process at one: hence a look at what it is given."""
    level = "free\x07"
    table = Table(("day", level, "paid"), [("2018-11-01", 1, 0)])
    chart = charts.over_time(table, "day", {level: "red", "paid": "blue"}, WIDE)
    assert "\\u0007" not in chart.to_json()
    assert "free␇" in drawn(chart).texts


def test_bars_stand_in_the_order_of_their_rows() -> None:
    table = Table(("name", "plays"), [("b", 10), ("a", 5), ("c", None)])
    seen = drawn(charts.bars(table, lambda row: row["name"], "plays", WIDE))
    first, second, third = seen.marks
    assert first.top < second.top < third.top
    assert second.width == pytest.approx(first.width / 2, abs=0.2)
    assert third.width == 0
    assert seen.places == ["b: 10 plays", "a: 5 plays", "c: 0 plays"]


def test_pairs_are_of_a_hundred() -> None:
    table = Table(("page", "before", "other"), [("Home", 50.0, 100.0), ("Help", None, 25.0)])
    seen = drawn(charts.pairs(table, "page", {"before": "red", "other": "grey"}, WIDE))
    whole = max(one.width for one in seen.marks)
    assert [(one.fill, round(one.width / whole, 2)) for one in seen.marks] == [
        ("red", 0.5),
        ("grey", 1),
        ("red", 0),
        ("grey", 0.25),
    ]


def test_shares_fill_their_bar() -> None:
    seen = drawn(charts.shares({"plays": {"paid": 1, "free": 3}}, COLOURS, WIDE))
    paid, free = seen.marks
    assert free.width == pytest.approx(3 * paid.width, rel=0.01)
    assert free.left == paid.left + paid.width
    assert (paid.fill, free.fill) == ("var(--paid)", "var(--free)")
    assert (seen.texts["25 %"], seen.texts["75 %"]) == ("var(--on-paid)", "var(--on-free)")
    assert seen.places == ["plays: 1 paid (25.0 %), 3 free (75.0 %)"]


def test_the_larger_a_cell_the_stronger() -> None:
    cells = [Cell("0", "a", 1.0, "one", "I"), Cell("1", "a", 4.1, "four", "IV"), Cell("1", "b", 7.0, "seven", "VII")]
    seen = drawn(charts.heat(cells, ["0", "1"], ["b", "a"], "hour", WIDE))
    one, four, seven = seen.marks
    assert [mark.fill for mark in seen.marks] == ["var(--heat-1)", "var(--heat-4)", "var(--heat-6)"]
    assert one.left < four.left == seven.left
    assert seven.top < one.top == four.top
    assert [seen.texts[label] for label in ("I", "IV", "VII")] == ["var(--ink)", "var(--on-heat)", "var(--on-heat)"]


# What each picture makes of its answer: columns, a row, its marks' colours, what its places tell.
SHAPES: list[tuple[str, tuple[str, ...], list[tuple[Any, ...]], list[str], list[str]]] = [
    (
        "plays_by_day",
        ("day", "level", "plays"),
        [("2018-11-01", "free", 1), ("2018-11-01", "paid", 2), ("2018-11-01", None, 3)],
        ["paid", "quiet", "free"],
        ["1 Nov 2018: paid 2, (unknown) 3, free 1"],
    ),
    (
        "plays_by_day",
        ("day", "level", "plays"),
        [("2018-11-01", "day", 1), ("2018-11-01", None, 2), ("2018-11-01", "(unknown)", 3)],
        ["quiet", "quiet"],
        ["1 Nov 2018: (day) 1, (unknown) 5"],
    ),
    (
        "free_and_paid",
        ("level", "listeners", "sessions", "plays"),
        [("free", 1, 1, 1), ("paid", 3, 1, 1)],
        ["paid", "free"] * 3,
        [
            "listeners: 3 paid (75.0 %), 1 free (25.0 %)",
            "sessions: 1 paid (50.0 %), 1 free (50.0 %)",
            "plays: 1 paid (50.0 %), 1 free (50.0 %)",
        ],
    ),
    (
        "level_changes",
        ("week", "upgrades", "downgrades"),
        [("2018-11-05", 2, 1)],
        ["paid", "free"],
        ["5 Nov 2018: upgrades 2, downgrades 1"],
    ),
    (
        "listeners_by_week",
        ("week", "new_listeners", "returning_listeners"),
        [("2018-11-05", 2, 1)],
        ["accent", "second"],
        ["5 Nov 2018: returning listeners 1, new listeners 2"],
    ),
    (
        "catalogue_played",
        ("catalogue", "listed", "played"),
        [("songs", 4, 1)],
        ["accent", "quiet"],
        ["songs: 1 played (25.0 %), 3 never played (75.0 %)"],
    ),
    (
        "devices",
        ("user_agent", "plays", "listeners", "all_plays", "all_listeners"),
        [("Mozilla/5.0 (Windows NT 6.1; rv:31.0) Gecko/20100101 Firefox/31.0", 2, 1, 2, 1)],
        ["accent"],
        ["Windows: 2 plays"],
    ),
]


@pytest.mark.parametrize(("name", "columns", "rows", "fills", "places"), SHAPES, ids=[one[0] for one in SHAPES])
def test_what_a_picture_draws(
    name: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]], fills: list[str], places: list[str]
) -> None:
    seen = _picture(name, columns, rows)
    assert [one.fill for one in seen.marks] == [f"var(--{fill})" for fill in fills]
    assert seen.places == places


def test_a_week_begins_on_monday_and_is_coloured_by_the_average() -> None:
    """There were more Sundays, so that more was played on them; on a Monday it is more."""
    rows = [(0, 3, 8, 1.0), (1, 3, 7, 7.0), (6, 4, 1, 1.0)]
    seen = _picture("plays_by_hour", ("weekday", "hour", "plays", "plays_per_day"), rows)
    sunday, monday, saturday, *_ = seen.marks  # and those of the scale
    assert monday.top < saturday.top < sunday.top
    assert monday.left == sunday.left < saturday.left
    assert (sunday.fill, monday.fill) == ("var(--heat-1)", "var(--heat-6)")
    assert seen.places[0] == "Sunday, 3:00 to 3:59 UTC: 8 plays, 1.0 a day"


def test_a_cohort_is_a_row_and_a_week_later_a_column() -> None:
    columns = ("cohort", "weeks_later", "listeners", "cohort_listeners", "percent_of_cohort")
    rows = [("2018-10-29", 0, 4, 4, 100.0), ("2018-10-29", 1, 1, 4, 25.0), ("2018-11-05", 0, 2, 2, 100.0)]
    first, later, second = _picture("retention", columns, rows).marks
    assert first.left == second.left < later.left
    assert first.top == later.top < second.top
    assert first.fill == second.fill != later.fill


@pytest.mark.parametrize(
    ("last", "period"),
    [("2018-11-30 23:59:59.999000", "1 Nov 2018 to 30 Nov 2018"), ("2018-11-01 10:00", "1 Nov 2018")],
)
def test_the_numbers_on_top(last: str, period: str) -> None:
    columns = ("plays", "listeners", "sessions", "paid_plays", "matched_plays", "first_play", "last_play")
    overview = Table(columns, [(6820, 96, 1776, 5591, 319, "2018-11-01 09:00", last)])
    made = page(Answers({questions.overview: overview}, {one.question: "" for one in PICTURES}), "the laptop")
    assert re.findall("<dt>(.+)</dt><dd>(.+)</dd>", made) == [
        ("plays", "6,820"),
        ("listeners", "96"),
        ("sessions", "1,776"),
        ("of the plays on the paid plan", "82 %"),
        ("of the plays match the catalogue", "4.7 %"),
    ]
    assert f'<p class="made">{period}, from the laptop. Made ' in made


def test_a_number_and_its_percent_sign_stay_together() -> None:
    columns = ("plays", "listeners", "sessions", "paid_plays", "matched_plays", "first_play", "last_play")
    overview = Table(columns, [(8, 1, 1, 1, 1, "2018-11-01 09:00", "2018-11-01 10:00")])
    catalogue = Table(("catalogue", "listed", "played"), [("songs", 8, 1)])
    answers = {questions.overview: overview, questions.catalogue_played: catalogue}
    lacking = {one.question: "" for one in PICTURES if one.question not in answers}
    assert "1 of 8 songs (12\N{NO-BREAK SPACE}%)" in page(Answers(answers, lacking), "the laptop")


def _picture(name: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Drawn:
    picture = NAMED[name]
    return drawn(picture.chart(picture.shape(Table(columns, rows)), WIDE))
