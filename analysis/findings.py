"""What an answer says, in one sentence computed from it. Each function takes the answer to the question of its name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from analysis.charts import WEEKDAYS, spoken_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.tables import Table

    Row = Mapping[str, Any]


def plays_by_day(table: Table) -> str:
    days = {row["day"]: sum(row[level] for level in table.columns[1:]) for row in table.records}
    total, best = sum(days.values()), max(days, key=lambda day: days[day])
    paid = percent(table.total("paid"), total) if "paid" in table.columns else "none"
    return (
        f"{total:,} plays on {counted(len(days), 'day')}, {paid} of them on the paid plan; the busiest day was "
        f"{_weekday(best)}, {spoken_date(best)}, with {days[best]:,}."
    )


def plays_by_hour(table: Table) -> str:
    best = max(table.records, key=lambda row: row["plays_per_day"])
    hours: dict[int, int] = {}
    for row in table.records:
        hours[row["hour"]] = hours.get(row["hour"], 0) + row["plays"]
    busiest = max(hours, key=lambda hour: hours[hour])
    return (
        f"Most is played on {WEEKDAYS[best['weekday']]}s at {best['hour']}:00 UTC ({best['plays_per_day']:,} plays an "
        f"hour); over the whole week the busiest hour is {busiest}:00 UTC, with {hours[busiest]:,} plays."
    )


def top_songs(table: Table) -> str:
    first = table.records[0]
    others = f", followed by “{table.records[1]['title']}” ({table.records[1]['plays']:,})" if table.rows[1:] else ""
    return (
        f"“{first['title']}” by {first['artist']} leads with {counted(first['plays'], 'play')} by "
        f"{counted(first['listeners'], 'listener')}{others}."
    )


def top_artists(table: Table) -> str:
    first = table.records[0]
    songs = f" of {first['songs']:,} songs" if first["songs"] > 1 else " of a single song"
    heard = counted(first["listeners"], "listener")
    return f"{first['artist']} leads with {counted(first['plays'], 'play')}{songs}, heard by {heard}."


def listeners_by_day(table: Table) -> str:
    average = table.total("listeners") / len(table.rows)
    best = max(table.records, key=lambda row: row["listeners"])
    return (
        f"{average:,.0f} listeners on an average day; the most were {best['listeners']:,}, on {_weekday(best['day'])}, "
        f"{spoken_date(best['day'])}."
    )


def listeners_by_week(table: Table) -> str:
    last = table.records[-1]
    text = (
        f"In the week of {spoken_date(last['week'])} {counted(last['listeners'], 'listener')} played something, "
        f"{last['returning_listeners']:,} of whom had done so in an earlier week"
    )
    if len(table.rows) < 2:
        return f"{text}."
    before = table.records[-2]
    return f"{text}; the week before there were {before['listeners']:,}, {before['new_listeners']:,} of them new."


def retention(table: Table) -> str:
    """Of all cohorts that were there long enough, weighted by their size."""
    parts = []
    for later in (1, 4):
        rows = [row for row in table.records if row["weeks_later"] == later]
        members = sum(row["cohort_listeners"] for row in rows)
        if members:
            came = sum(row["listeners"] for row in rows)
            weeks = "one week" if later == 1 else f"{later} weeks"
            parts.append(f"{percent(came, members)} listened again {weeks} later")
    if not parts:
        return "There is but one week so far: nobody can have come back yet."
    return f"Of those who came for the first time, {' and '.join(parts)}."


def places(table: Table) -> str:
    first = table.records[0]
    most = max(table.records, key=lambda row: row["listeners"])
    text = f"{place(first)} plays most: {counted(first['plays'], 'play')}, {first['percent']} % of all"
    text += f", by {counted(first['listeners'], 'listener')}"
    if most["location"] == first["location"]:
        return f"{text}, who are also the most."
    return f"{text}; the most listeners, {most['listeners']:,}, are in {place(most)}."


def browsers(table: Table) -> str:
    return _leader(table, "browser")


def devices(table: Table) -> str:
    mobile = sum(row["plays"] for row in table.records if row["device"].endswith((" phone", " tablet")))
    return (
        f"{_leader(table, 'device')} {percent(mobile, table.total('plays'))} of the plays come from phones and tablets."
    )


def free_and_paid(table: Table) -> str:
    by_level = {row["level"]: row for row in table.records}
    paid, free = by_level.get("paid"), by_level.get("free")
    if not paid or not free:
        return f"Everybody is on one plan: {label(table.records[0]['level'])}."
    listeners, plays = table.total("listeners"), table.total("plays")
    return (
        f"{percent(paid['listeners'], listeners)} of the listeners pay and make {percent(paid['plays'], plays)} of the "
        f"plays: {paid['plays_per_listener']:,} plays a listener against {free['plays_per_listener']:,}, and "
        f"{paid['plays_per_session']:,} a session against {free['plays_per_session']:,}."
    )


def level_changes(table: Table) -> str:
    up, down = table.total("upgrades"), table.total("downgrades")
    if not up and not down:
        return "Nobody changed between the plans."
    best = max(table.records, key=lambda row: row["upgrades"])
    text = f"{counted(up, 'upgrade')} and {counted(down, 'downgrade')}"
    return (
        f"{text}; most upgrades, {best['upgrades']:,}, in the week of {spoken_date(best['week'])}."
        if up
        else f"{text}."
    )


def before_upgrades(table: Table) -> str:
    return _before(table, "upgrade")


def before_downgrades(table: Table) -> str:
    return _before(table, "downgrade")


def session_lengths(table: Table) -> str:
    long = sum(row["sessions"] for row in table.records if row["from_minutes"] >= 60)
    plays = sum(row["plays"] for row in table.records if row["from_minutes"] >= 60)
    return (
        f"Half of the sessions last no longer than {table.records[0]['median_minutes']:,} minutes; those of an hour "
        f"and more are {percent(long, table.total('sessions'))} of them and hold "
        f"{percent(plays, table.total('plays'))} of the plays."
    )


def plays_per_session(table: Table) -> str:
    first = table.records[0]
    many = sum(row["plays"] for row in table.records if row["from_plays"] > 20)
    return (
        f"The median session has {counted(first['median_plays'], 'play')}; "
        f"{percent(first['sessions'], table.total('sessions'))} have just one, and sessions of more than 20 hold "
        f"{percent(many, table.total('plays'))} of all plays."
    )


def catalogue_played(table: Table) -> str:
    songs, artists = (next(row for row in table.records if row["catalogue"] == name) for name in ("songs", "artists"))
    return (
        f"{songs['played']:,} of {songs['listed']:,} songs ({percent(songs['played'], songs['listed'])}) and "
        f"{artists['played']:,} of {artists['listed']:,} artists ({percent(artists['played'], artists['listed'])}) "
        "were played at least once."
    )


def matched_by_week(table: Table) -> str:
    matched, plays = table.total("matched_plays"), table.total("plays")
    return (
        f"{matched:,} of {plays:,} plays ({percent(matched, plays)}) match a song of the catalogue by title, artist "
        f"and length; {plays - matched:,} match none, and every picture of songs and artists leaves them out."
    )


def why_unmatched(table: Table) -> str:
    unmatched = [row for row in table.records if row["match"] != "matched"]
    if not unmatched:
        return "Every play that was staged matches a song."
    first = unmatched[0]
    return (
        f"The commonest reason, with {counted(first['plays'], 'play')} of {table.total('plays'):,}: {first['match']}."
    )


def wanted_artists(table: Table) -> str:
    if not table.rows:
        return "None: every artist that was played is in the catalogue."
    first = table.records[0]
    return (
        f"{first['artist']}, with {counted(first['plays'], 'play')} by {counted(first['listeners'], 'listener')}, is "
        "the most played artist whom the catalogue does not have."
    )


def counted(number: float, thing: str) -> str:
    """
    >>> counted(1, "play"), counted(2000, "play")
    ('1 play', '2,000 plays')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def percent(part: float, whole: float) -> str:
    """
    >>> percent(1, 8), percent(319, 6820), percent(1, 100_000), percent(0, 0)
    ('12 %', '4.7 %', 'under 0.1 %', '0 %')
    """
    share = 100 * part / whole if whole else 0
    if 0 < share < 0.1:
        return "under 0.1 %"
    return f"{share:.1f} %" if 0 < share < 10 else f"{share:.0f} %"


def label(value: Any) -> str:
    """A value for people; NULL and empty text have one too."""
    return str(value) if value not in {None, ""} else "(unknown)"


def place(row: Row) -> str:
    """
    >>> place({"location": "Lansing-East Lansing, MI"}), place({"location": None})
    ('Lansing-East Lansing, MI', '(unknown)')
    """
    return label(row["location"])


def _weekday(day: str) -> str:
    return WEEKDAYS[date.fromisoformat(day).isoweekday() % 7]


def _leader(table: Table, name: str) -> str:
    first = table.records[0]
    others = f", before {table.records[1][name]} with {table.records[1]['percent']} %" if table.rows[1:] else ""
    return f"{first[name]} leads with {first['percent']} % of the plays{others}."


def _before(table: Table, change: str) -> str:
    """The page whose visits stand out most, of those that do not belong to the change itself."""
    if not table.rows:
        return f"No {change} is among the events that the last load staged."
    changes = table.records[0]["changes"]
    text = f"Seen in {counted(changes, 'session')} with {'an' if change == 'upgrade' else 'a'} {change}"
    others = [row for row in table.records if row["page"].lower() != change and row["before_change"]]
    telling = [row for row in others if row["percent_before_change"] > (row["percent_of_other_sessions"] or 0)]
    telling = [row for row in telling if row["page"] != "NextSong"]
    if not telling:
        return f"{text}: beside the page {change.title()} itself, no page is seen more often before it than otherwise."
    best = max(telling, key=lambda row: row["percent_before_change"] - (row["percent_of_other_sessions"] or 0))
    few = " (too few to rely on)" if changes < 30 else ""
    return (
        f"{text}{few}: beside the page {change.title()} itself, {best['page']} stands out, seen before "
        f"{best['percent_before_change']} % of them and in {best['percent_of_other_sessions'] or 0} % of the other "
        "sessions on that plan."
    )
