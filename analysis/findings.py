"""What an answer says, in one sentence computed from it. Each function takes the answer to the question of its name.

An answer has at least one row; its numbers may be 0, and what a name stands for may be NULL.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from analysis.charts import WEEKDAYS, spoken_date
from analysis.user_agents import OTHERS
from analysis.wording import counted, label, number, percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.tables import Table

    Row = Mapping[str, Any]

_FEW = 30  # changes from which no rule should be read


def plays_by_day(table: Table) -> str:
    days = {row["day"]: sum(row[level] for level in table.columns[1:]) for row in table.records}
    total, best = sum(days.values()), max(days, key=lambda day: days[day])
    paid = percent(table.total("paid"), total) if "paid" in table.columns else "none"
    if len(days) == 1:
        return f"{counted(total, 'play')} on {_day(best)}, {paid} on the paid plan."
    return (
        f"{counted(total, 'play')} in {number(_calendar_days(days))} days, {paid} on the paid plan; the busiest day "
        f"was {_day(best)}{_also(days.values(), 'day')}, with {number(days[best])}."
    )


def plays_by_hour(table: Table) -> str:
    best = max(table.records, key=lambda row: row["plays_per_day"])
    hours: dict[int, int] = {}
    for row in table.records:
        hours[row["hour"]] = hours.get(row["hour"], 0) + row["plays"]
    busiest = max(hours, key=lambda hour: hours[hour])
    return (
        f"Most is played on {WEEKDAYS[best['weekday']]}s at {best['hour']}:00 UTC, on average "
        f"{counted(best['plays_per_day'], 'play')} in that hour; over the whole week the busiest hour is {busiest}:00 "
        f"UTC{_also(hours.values(), 'hour')}, with {counted(hours[busiest], 'play')}."
    )


def top_songs(table: Table) -> str:
    named = [f"“{label(row['title'])}” by {label(row['artist'])}" for row in table.records]
    if tied := _tied(table, named, "song"):
        return tied
    first, plays = table.records[0], table.column("plays")
    others = f", followed by {named[1]} with {number(plays[1])}" if plays[1:] else ""
    return f"{named[0]} leads with {counted(plays[0], 'play')} by {counted(first['listeners'], 'listener')}{others}."


def top_artists(table: Table) -> str:
    named = [label(name) for name in table.column("artist")]
    if tied := _tied(table, named, "artist"):
        return tied
    first = table.records[0]
    songs = f"{number(first['songs'])} songs" if first["songs"] > 1 else "a single song"
    heard = counted(first["listeners"], "listener")
    return f"{named[0]} leads with {counted(first['plays'], 'play')} of {songs}, heard by {heard}."


def listeners_by_day(table: Table) -> str:
    best = max(table.records, key=lambda row: row["listeners"])
    if len(table.rows) == 1:
        return f"{counted(best['listeners'], 'listener')} on {_day(best['day'])}."
    average = table.total("listeners") / len(table.rows)
    played = " with plays" if len(table.rows) < _calendar_days(table.column("day")) else ""
    return (
        f"An average day{played} has {counted(round(average, 1 if average < 10 else None), 'listener')}; the most came "
        f"on {_day(best['day'])}{_also(table.column('listeners'), 'day')}: {number(best['listeners'])}."
    )


def listeners_by_week(table: Table) -> str:
    """The three last weeks: within the last one the data may end, so that it looks like a fall."""
    last, *before = reversed(table.records[-3:])
    parts = [
        f"The week of {spoken_date(last['week'])} has {counted(last['listeners'], 'listener')} {_new(last)} so far",
        *(f"that of {spoken_date(one['week'])} had {number(one['listeners'])} {_new(one)}" for one in before),
    ]
    return f"{', '.join(parts)}."


def retention(table: Table) -> str:
    """Of the cohorts old enough for the later of the two numbers, so that both are of the same listeners.

    Without the last week, within which the data may end, unless nobody could come again in another.
    """
    end = max(_week(row) for row in table.records)
    whole = [row for row in table.records if _week(row) < end]
    rows, so_far = (whole, "") if any(row["weeks_later"] for row in whole) else (table.records, " so far")
    last = min(4, max(row["weeks_later"] for row in rows))
    if not last:
        return "There is but one week so far: nobody can have come back in a later one."
    sizes = {row["cohort"]: row["cohort_listeners"] for row in rows if row["weeks_later"] >= last}
    cohorts, members = sorted(sizes), sum(sizes.values())
    parts = []
    for later in sorted({1, last}):
        came = sum(row["listeners"] for row in rows if row["weeks_later"] == later and row["cohort"] in sizes)
        weeks = "one week" if later == 1 else f"{later} weeks"
        parts.append(f"{number(came)} ({percent(came, members)}) listened {'again ' * (later == 1)}{weeks} later")
    first = f"the week of {spoken_date(cohorts[0])}"
    if cohorts[1:]:
        first = f"the weeks of {spoken_date(cohorts[0])} to {spoken_date(cohorts[-1])}"
    return f"Of {counted(members, 'listener')} whose first play was in {first}, {' and '.join(parts)}{so_far}."


def places(table: Table) -> str:
    known = [row for row in table.records if row["location"] is not None]
    if not known:
        return "No play tells its place."
    first = known[0]
    unknown = sum(row["plays"] for row in table.records if row["location"] is None)
    others = f" {counted(unknown, 'play')} of an unknown place." if unknown else ""
    return (
        f"{label(first['location'])} leads with {counted(first['plays'], 'play')}, "
        f"{number(first['percent_of_plays'])} % of all, by {counted(first['listeners'], 'listener')}.{others}"
    )


def browsers(table: Table) -> str:
    return _leader(table, "browser")


def devices(table: Table) -> str:
    mobile = sum(row["plays"] for row in table.records if row["device"].lower().endswith(("phone", "tablet")))
    if all(row["device"] in {label(None), OTHERS} for row in table.records):
        return _leader(table, "device")
    return f"{_leader(table, 'device')} Phones and tablets have {percent(mobile, table.total('plays'))} of the plays."


def free_and_paid(table: Table) -> str:
    by_level = {row["level"]: row for row in table.records}
    paid, free = by_level.get("paid"), by_level.get("free")
    if len(by_level) == 1:
        return f"Every play is on one plan: {label(table.records[0]['level'])}."
    if not paid or not free:
        return f"Nobody played on the {'free' if paid else 'paid'} plan."
    sessions = ""
    if paid["plays_per_session"] and free["plays_per_session"]:
        sessions = f", and {number(paid['plays_per_session'])} a session against {number(free['plays_per_session'])}"
    return (
        f"{counted(paid['listeners'], 'listener')} played on the paid plan and {number(free['listeners'])} on the free "
        f"one. The paid plan has {percent(paid['plays'], table.total('plays'))} of the plays: "
        f"{number(paid['plays_per_listener'])} a listener against {number(free['plays_per_listener'])}{sessions}."
    )


def level_changes(table: Table) -> str:
    up, down = table.total("upgrades"), table.total("downgrades")
    if not up and not down:
        return "Nobody changed between the plans."
    text = f"{counted(up, 'upgrade')} and {counted(down, 'downgrade')}"
    best = max(table.records, key=lambda row: row["upgrades"])
    if up < 2 or len(table.rows) == 1:
        return f"{text}."
    week = f"{spoken_date(best['week'])}{_also(table.column('upgrades'), 'week')}"
    return f"{text}; the week with the most upgrades, {number(best['upgrades'])}, began on {week}."


def before_upgrades(table: Table) -> str:
    return _before(table, "upgrade")


def before_downgrades(table: Table) -> str:
    return _before(table, "downgrade")


def session_lengths(table: Table) -> str:
    if not table.total("sessions"):
        return "No play tells its session."
    long = [row for row in table.records if row["from_minutes"] >= 60]
    return (
        f"The median session lasts {counted(table.records[0]['median_minutes'], 'minute')}; those of an hour and more "
        f"are {percent(sum(row['sessions'] for row in long), table.total('sessions'))} of the sessions and have "
        f"{percent(sum(row['plays'] for row in long), table.total('plays'))} of the plays."
    )


def plays_per_session(table: Table) -> str:
    if not table.total("sessions"):
        return "No play tells its session."
    first = table.records[0]
    many = sum(row["plays"] for row in table.records if row["from_plays"] > 20)
    return (
        f"The median session has {counted(first['median_plays'], 'play')}; "
        f"{percent(first['sessions'], table.total('sessions'))} of the sessions have just one, and those of more than "
        f"20 have {percent(many, table.total('plays'))} of the plays."
    )


def catalogue_played(table: Table) -> str:
    parts = [
        f"{number(row['played'])} of {counted(row['listed'], row['catalogue'].removesuffix('s'))} "
        f"({percent(row['played'], row['listed'])})"
        for row in table.records
    ]
    return f"Played at least once: {' and '.join(parts)}."


def matched_by_week(table: Table) -> str:
    matched, plays = table.total("matched_plays"), table.total("plays")
    left_out = ""
    if matched < plays:
        left_out = f" The pictures of songs and artists leave out the other {number(plays - matched)}."
    return (
        f"{number(matched)} of {counted(plays, 'play')} ({percent(matched, plays)}) could be matched with a song of "
        f"the catalogue by title, artist and length.{left_out}"
    )


def why_unmatched(table: Table) -> str:
    first = table.records[0]
    return (
        f"Of {counted(table.total('plays'), 'play')} without a match the commonest reason, with "
        f"{number(first['plays'])}, is this: {first['match']}."
    )


def wanted_artists(table: Table) -> str:
    named = [label(name) for name in table.column("artist")]
    if tied := _tied(table, named, "artist"):
        return tied
    first = table.records[0]
    return (
        f"{named[0]}, with {counted(first['plays'], 'play')} by {counted(first['listeners'], 'listener')}, is the most "
        "played artist whom the catalogue does not have."
    )


def stands_out(seen: int, visits: int, otherwise: float) -> bool:
    """Whether ``seen`` of ``visits`` is more than chance makes of a share (in %) that it has otherwise.

    Three standard deviations of the binomial distribution, since the most striking of a dozen pages is judged; and
    three visits at least.

    >>> stands_out(4, 8, 47.3), stands_out(8, 8, 1.4), stands_out(2, 8, 0.0)
    (False, True, False)
    """
    share = otherwise / 100
    return seen >= 3 and seen - visits * share > 3 * math.sqrt(visits * share * (1 - share))


def _day(day: str) -> str:
    return f"{WEEKDAYS[date.fromisoformat(day).isoweekday() % 7]}, {spoken_date(day)}"


def _calendar_days(days: Any) -> int:
    return (date.fromisoformat(max(days)) - date.fromisoformat(min(days))).days + 1


def _week(row: Row) -> date:
    """The week in which a row of ``retention`` counts who listened."""
    return date.fromisoformat(row["cohort"]) + timedelta(weeks=row["weeks_later"])


def _new(week: Row) -> str:
    return f"({number(week['new_listeners'])} new)"


def _also(values: Iterable[float], thing: str) -> str:
    """That the largest of the values is not the only one of its size.

    >>> _also([3, 2, 3], "day"), _also([3, 2], "day")
    (' (and 1 other day)', '')
    """
    ordered = sorted(values)
    others = ordered.count(ordered[-1]) - 1
    return f" (and {counted(others, f'other {thing}')})" if others else ""


def _tied(table: Table, named: list[str], thing: str) -> str:
    """What to say where several have the most plays; nothing where one has."""
    plays = table.column("plays")
    most = counted(plays[0], "play")
    if plays.count(plays[0]) > 2:
        return f"No {thing} stands out: several have the most plays, {most} each."
    return f"{named[0]} and {named[1]} lead with {most} each." if plays.count(plays[0]) == 2 else ""


def _leader(table: Table, name: str) -> str:
    named = [row for row in table.records if row[name] not in {label(None), OTHERS}]
    if not named:
        return f"No user agent tells its {name}."
    first = named[0]
    others = f", before {named[1][name]} with {number(named[1]['percent_of_plays'])} %" if named[1:] else ""
    return f"{first[name]} leads with {number(first['percent_of_plays'])} % of the plays{others}."


def _before(table: Table, change: str) -> str:
    """The page whose visits stand out most, of those that do not belong to the change itself."""
    changes, visits = table.records[0]["changes"], table.total("visits_before_change")
    text = f"Before {counted(changes, change)}{' (too few to rely on)' if changes < _FEW else ''}"
    if all(row["percent_of_other_visits"] is None for row in table.records):
        return f"{text}: no session without one is there to compare with."
    telling = [
        row
        for row in table.records
        if row["page"].lower() != change
        and stands_out(row["visits_before_change"], visits, row["percent_of_other_visits"])
    ]
    if not telling:
        return f"{text}: apart from {change.title()} itself no page is seen clearly more often than in other sessions."
    best = max(telling, key=lambda row: row["percent_before_change"] - row["percent_of_other_visits"])
    return (
        f"{text}: apart from {change.title()} itself {best['page']} stands out, with "
        f"{number(best['percent_before_change'])} % of the pages seen against "
        f"{number(best['percent_of_other_visits'])} % in other sessions on that plan."
    )
