"""The pictures of the report, in their order: what each asks, which answer it shows, and in which form."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis import charts, findings, questions, user_agents, wording
from analysis.charts import WEEKDAYS, Cell, spoken_date
from analysis.tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from analysis.charts import Chart, Record, Width

PAID, FREE = "var(--paid)", "var(--free)"
RETURNING, NEW = "var(--accent)", "var(--second)"
QUIET = "var(--quiet)"


def _same(table: Table) -> Table:
    return table


@dataclass(frozen=True)
class Picture:
    """One question of ``analysis.questions`` and its answer.

    ``shape`` makes what is shown of what the warehouse answers; where that has no row, ``empty`` is said instead.
    ``note`` tells what one has to know to read it.
    """

    name: str
    title: str
    question: str
    finding: Callable[[Table], str]
    chart: Callable[[Table, Width], Chart]
    shape: Callable[[Table], Table] = _same
    note: str = ""
    empty: str = "There is nothing to show."


@dataclass(frozen=True)
class Chapter:
    """Pictures that belong together."""

    title: str
    pictures: tuple[Picture, ...]


def _by_level(table: Table) -> Table:
    """A row a day with a column a level, instead of a row for each of both."""
    days: dict[str, Counter[str]] = {}
    for row in table.records:
        level = wording.label(row["level"])
        days.setdefault(row["day"], Counter())["(day)" if level == "day" else level] += row["plays"]
    levels = sorted(set().union(*days.values()))
    return Table(("day", *levels), [(day, *(plays[level] for level in levels)) for day, plays in days.items()])


def _unmatched(table: Table) -> Table:
    return Table.of([row for row in table.records if row["match"] != "matched"], table.columns)


def _plans(levels: Iterable[str]) -> dict[str, str]:
    """The colours of plans, in the order in which they are drawn: paid first."""
    colours = {"paid": PAID, "free": FREE}
    return {level: colours.get(level, QUIET) for level in sorted(levels, key=lambda level: level != "paid")}


def _plays_by_day(table: Table, width: Width) -> Chart:
    return charts.over_time(table, "day", _plans(table.columns[1:]), width)


def _plays_by_hour(table: Table, width: Width) -> Chart:
    """From Monday on, as weeks do everywhere else here."""
    week = (*WEEKDAYS[1:], WEEKDAYS[0])
    cells = [
        Cell(
            column=f"{row['hour']}",
            row=WEEKDAYS[row["weekday"]][:3],
            value=row["plays_per_day"],
            tip=f"{WEEKDAYS[row['weekday']]}, {row['hour']}:00 to {row['hour']}:59 UTC: {row['plays']:,} plays, "
            f"{row['plays_per_day']:,} a day",
        )
        for row in table.records
    ]
    return charts.heat(cells, [str(hour) for hour in range(24)], [day[:3] for day in week], "hour, UTC", width)


def _retention(table: Table, width: Width) -> Chart:
    cohorts = list(dict.fromkeys(table.column("cohort")))
    weeks = range(max(table.column("weeks_later")) + 1)
    cells = [
        Cell(
            column=str(row["weeks_later"]),
            row=spoken_date(row["cohort"])[:-5],
            value=row["percent_of_cohort"],
            tip=f"New in the week of {spoken_date(row['cohort'])}: {row['listeners']:,} of {row['cohort_listeners']:,} "
            f"listened {wording.counted(row['weeks_later'], 'week')} later, {row['percent_of_cohort']} %",
            label="" if width.narrow and len(weeks) > 8 else f"{row['percent_of_cohort']:.0f}",
        )
        for row in table.records
    ]
    rows = [spoken_date(cohort)[:-5] for cohort in cohorts]
    return charts.heat(cells, [str(week) for week in weeks], rows, "weeks later, % of the cohort", width)


def _bars(name: Callable[[Record], str], value: str, unit: str = "") -> Callable[[Table, Width], Chart]:
    return lambda table, width: charts.bars(table, name, value, width, unit)


def _over_time(day: str, **series: str) -> Callable[[Table, Width], Chart]:
    return lambda table, width: charts.over_time(table, day, series, width)


def _free_and_paid(table: Table, width: Width) -> Chart:
    rows = {
        what: {wording.label(row["level"]): row[what] for row in table.records}
        for what in ("listeners", "sessions", "plays")
    }
    return charts.shares(rows, _plans(map(wording.label, table.column("level"))), width)


def _catalogue_played(table: Table, width: Width) -> Chart:
    rows = {
        row["catalogue"]: {"played": row["played"], "never played": row["listed"] - row["played"]}
        for row in table.records
    }
    return charts.shares(rows, {"played": "var(--accent)", "never played": QUIET}, width)


def _changing(change: str) -> Callable[[Table], Table]:
    def shape(table: Table) -> Table:
        return Table.of([row for row in table.records if row["change"] == change], table.columns)

    return shape


def _before(table: Table, width: Width) -> Chart:
    series = {"percent_before_change": "var(--accent)", "percent_of_other_visits": QUIET}
    return charts.pairs(table, "page", series, width)


def _named(column: str) -> Callable[[Record], str]:
    return lambda row: wording.label(row[column])


UTC = "Times are UTC, not the listeners' own."
WEEKS = "Weeks begin on Monday; the first and the last may be incomplete."
MATCHED = "The first fifteen, of the plays that match a song of the catalogue."
LAST_LOAD = "Reads the staging tables: it covers what the last load staged."

CHAPTERS = (
    Chapter(
        "Plays",
        (
            Picture(
                "plays_by_day",
                "How much is played, and on which plan?",
                questions.plays_by_day,
                findings.plays_by_day,
                _plays_by_day,
                _by_level,
                UTC,
            ),
            Picture(
                "plays_by_hour",
                "When in the week do people listen?",
                questions.plays_by_hour,
                findings.plays_by_hour,
                _plays_by_hour,
                note=f"{UTC} The colour shows plays on an average day of that name on which anything was played.",
            ),
            Picture(
                "top_songs",
                "Which songs are played most?",
                questions.top_songs,
                findings.top_songs,
                _bars(lambda row: f"{wording.label(row['title'])} · {wording.label(row['artist'])}", "plays"),
                note=MATCHED,
                empty="No play matches a song of the catalogue.",
            ),
            Picture(
                "top_artists",
                "Which artists are played most?",
                questions.top_artists,
                findings.top_artists,
                _bars(_named("artist"), "plays"),
                note=MATCHED,
                empty="No play matches a song of the catalogue.",
            ),
        ),
    ),
    Chapter(
        "Listeners",
        (
            Picture(
                "listeners_by_day",
                "How many listen each day, and how many are new?",
                questions.listeners_by_day,
                findings.listeners_by_day,
                _over_time("day", returning_listeners=RETURNING, new_listeners=NEW),
                note="New on the day of the first play in the warehouse: at its beginning all are.",
                empty="No play tells its listener.",
            ),
            Picture(
                "listeners_by_week",
                "How many listen each week, and how many are new?",
                questions.listeners_by_week,
                findings.listeners_by_week,
                _over_time("week", returning_listeners=RETURNING, new_listeners=NEW),
                note=WEEKS,
                empty="No play tells its listener.",
            ),
            Picture(
                "retention",
                "Do those who came once come again?",
                questions.retention,
                findings.retention,
                _retention,
                note="A row is everyone whose first play fell into that week. In the first week of the data "
                "that is everyone who was there before; the last week may be incomplete.",
                empty="Nobody played for the first time in the last twelve weeks.",
            ),
            Picture(
                "places",
                "Where do they listen?",
                questions.places,
                findings.places,
                _bars(_named("location"), "plays"),
                note="The first fifteen; a listener counts in every place that they played in.",
            ),
            Picture(
                "browsers",
                "With which browsers?",
                questions.user_agents,
                findings.browsers,
                _bars(_named("browser"), "plays"),
                user_agents.browsers,
                "From the user agents; each listener counts once, with the one that most of their plays came from.",
            ),
            Picture(
                "devices",
                "On which devices?",
                questions.user_agents,
                findings.devices,
                _bars(_named("device"), "plays"),
                user_agents.devices,
                "From the user agents; each listener counts once, with the one that most of their plays came from.",
            ),
        ),
    ),
    Chapter(
        "Free and paid",
        (
            Picture(
                "free_and_paid",
                "How do paying listeners differ from free ones?",
                questions.free_and_paid,
                findings.free_and_paid,
                _free_and_paid,
                note="By the plan at the time of each play: who changed counts on both sides, and so does the session.",
                empty="No play tells its listener.",
            ),
            Picture(
                "level_changes",
                "How many upgrade, how many downgrade?",
                questions.level_changes,
                findings.level_changes,
                _over_time("week", upgrades=PAID, downgrades=FREE),
                note=f"A change shows with the first play after it: without one it does not count. {WEEKS}",
            ),
            Picture(
                "before_upgrades",
                "What precedes an upgrade?",
                questions.before_changes,
                findings.before_upgrades,
                _before,
                _changing("upgrade"),
                f"Of the pages seen earlier in the same session, plays aside; beside them those of the other sessions "
                f"on that plan. {LAST_LOAD}",
                "The events that the last load staged hold nothing before an upgrade.",
            ),
            Picture(
                "before_downgrades",
                "What precedes a downgrade?",
                questions.before_changes,
                findings.before_downgrades,
                _before,
                _changing("downgrade"),
                f"Of the pages seen earlier in the same session, plays aside; beside them those of the other sessions "
                f"on that plan. {LAST_LOAD}",
                "The events that the last load staged hold nothing before a downgrade.",
            ),
        ),
    ),
    Chapter(
        "Sessions",
        (
            Picture(
                "session_lengths",
                "How long is a session?",
                questions.session_lengths,
                findings.session_lengths,
                _bars(_named("length"), "sessions"),
                note="From the start of its first play to the start of its last: 0 minutes where there is but one. "
                "Sessions without a play are not counted.",
            ),
            Picture(
                "plays_per_session",
                "How many plays has a session?",
                questions.plays_per_session,
                findings.plays_per_session,
                _bars(
                    lambda row: f"{row['plays_per_session']} play{'' if row['from_plays'] == 1 else 's'}", "sessions"
                ),
                note="Sessions without a play are not counted.",
            ),
        ),
    ),
    Chapter(
        "The catalogue and the data",
        (
            Picture(
                "catalogue_played",
                "How much of the catalogue is played?",
                questions.catalogue_played,
                findings.catalogue_played,
                _catalogue_played,
                note="Plays that match no song cannot count here: the share is a lower bound.",
            ),
            Picture(
                "matched_by_week",
                "How many plays match a song of the catalogue?",
                questions.matched_by_week,
                findings.matched_by_week,
                _over_time("week", matched_plays="var(--accent)", unmatched_plays=QUIET),
                note=WEEKS,
            ),
            Picture(
                "why_unmatched",
                "Why do plays match no song?",
                questions.why_unmatched,
                findings.why_unmatched,
                _bars(_named("match"), "plays"),
                _unmatched,
                LAST_LOAD,
                "Every play that was staged matches a song.",
            ),
            Picture(
                "wanted_artists",
                "Which artists does the catalogue lack?",
                questions.wanted_artists,
                findings.wanted_artists,
                _bars(_named("artist"), "plays"),
                note=f"{LAST_LOAD} The first fifteen; names that the log garbles are left out.",
                empty="None: every artist that was played is in the catalogue.",
            ),
        ),
    ),
)
PICTURES = tuple(picture for chapter in CHAPTERS for picture in chapter.pictures)
