"""What the analysts' questions must answer on the public data set, computed in Python from its JSON files alone."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from pathlib import Path

    Record = dict[str, Any]
    Rows = list[tuple[Any, ...]]

SUBMITTED = {"Submit Upgrade": "upgrade", "Submit Downgrade": "downgrade"}
MINUTES = {0: "under 15 min", 15: "15 to 30 min", 30: "30 to 60 min", 60: "1 to 2 h", 120: "2 to 4 h", 240: "4 to 8 h",
           480: "8 h and more"}  # fmt: skip
PLAYS = {1: "1", 2: "2 to 5", 6: "6 to 10", 11: "11 to 20", 21: "21 to 50", 51: "51 to 100", 101: "over 100"}


def rounded(part: float, whole: float = 1, times: int = 1) -> float:
    """To one digit, halves away from zero."""
    exact = times * Decimal(str(part)) / Decimal(str(whole))
    return float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def doubly_encoded(*texts: str | None) -> bool:
    """Whether one of them is UTF-8 that was taken for Latin-1 and encoded again."""
    for text in filter(None, texts):
        try:
            if text.encode("latin-1").decode() != text:
                return True
        except UnicodeError:
            continue
    return False


def by(records: Iterable[Record], *keys: str) -> dict[Any, list[Record]]:
    groups: dict[Any, list[Record]] = defaultdict(list)
    for record in records:
        groups[tuple(record[key] for key in keys) if keys[1:] else record[keys[0]]].append(record)
    return groups


def distinct(records: Iterable[Record], key: str) -> int:
    return len({record[key] for record in records} - {None})


@dataclass
class RealAnswers:
    """The answers, each a method named like its question."""

    bucket: Path

    @cached_property
    def events(self) -> list[Record]:
        found = []
        for file in sorted((self.bucket / "log_data").rglob("*.json")):
            for line in file.read_text(encoding="utf-8").splitlines():
                event = json.loads(line)
                at = datetime.fromtimestamp(event["ts"] // 1000, UTC).replace(tzinfo=None)
                at += timedelta(milliseconds=event["ts"] % 1000)
                day = at.date()
                found.append({**event, "user": event["userId"] or None, "at": at, "day": day, "week": monday(day)})
        return found

    @cached_property
    def songs(self) -> list[Record]:
        files = (self.bucket / "song_data").rglob("*.json")
        songs = [json.loads(file.read_text(encoding="utf-8")) for file in files]
        # Some names are JSON numbers.
        return [{**song, "title": str(song["title"]), "artist_name": str(song["artist_name"])} for song in songs]

    @cached_property
    def plays(self) -> list[Record]:
        known: dict[Any, Record] = {}
        for song in sorted(self.songs, key=lambda song: song["song_id"], reverse=True):
            known[song["title"], song["artist_name"], song["duration"]] = song
        nothing = {"song_id": None, "artist_id": None}
        return [
            {
                **play,
                **{key: known.get((play["song"], play["artist"], play["length"]), nothing)[key] for key in nothing},
            }
            for play in self.events
            if play["page"] == "NextSong"
        ]

    @cached_property
    def artists(self) -> dict[str, Record]:
        """The row of an artist that the star schema keeps: with coordinates, with a place, with the shortest name."""

        def rank(song: Record) -> Any:
            name = song["artist_name"]
            return (
                song["artist_latitude"] is None,
                not song["artist_location"],
                len(name),
                name.encode(),
                song["song_id"],
            )

        return {one: min(songs, key=rank) for one, songs in by(self.songs, "artist_id").items()}

    @cached_property
    def sessions(self) -> list[list[Record]]:
        return list(by(self.plays, "user", "sessionId").values())

    def overview(self) -> Rows:
        times = [play["at"] for play in self.plays]
        paid = sum(play["level"] == "paid" for play in self.plays)
        matched = sum(play["song_id"] is not None for play in self.plays)
        return [(len(times), distinct(self.plays, "user"), len(self.sessions), paid, matched, min(times), max(times))]

    def plays_by_day(self) -> Rows:
        return sorted((*key, len(plays)) for key, plays in by(self.plays, "day", "level").items())

    def plays_by_hour(self) -> Rows:
        hours = Counter((play["at"].isoweekday() % 7, play["at"].hour) for play in self.plays)
        days = Counter(day.isoweekday() % 7 for day in {play["day"] for play in self.plays})
        return sorted((*key, count, rounded(count, days[key[0]])) for key, count in hours.items())

    def top_songs(self) -> Rows:
        titles = {song["song_id"]: song["title"] for song in self.songs}
        ranked = [
            (-len(plays), -distinct(plays, "user"), *key)
            for key, plays in by(self.plays, "song_id", "artist_id").items()
            if key[0]
        ]
        rows = [(titles[song], self.artists[artist]["artist_name"], -plays, -users)
                for plays, users, song, artist in sorted(ranked)[:15]]  # fmt: skip
        return sorted(rows, key=lambda row: (-row[2], -row[3], row[0].encode()))

    def top_artists(self) -> Rows:
        groups = {artist: plays for artist, plays in by(self.plays, "artist_id").items() if artist}
        ranked = [(-len(plays), -distinct(plays, "user"), artist) for artist, plays in groups.items()]
        rows = [
            (self.artists[artist]["artist_name"], self.artists[artist]["artist_location"], -plays,
             distinct(groups[artist], "song_id"), -users)
            for plays, users, artist in sorted(ranked)[:15]
        ]  # fmt: skip
        return sorted(rows, key=lambda row: (-row[2], -row[4], row[0].encode()))

    def listeners_by_day(self) -> Rows:
        return self._new_and_returning("day")

    def listeners_by_week(self) -> Rows:
        return self._new_and_returning("week")

    def _new_and_returning(self, unit: str) -> Rows:
        seen: set[Hashable] = set()
        rows: Rows = []
        for when, plays in sorted(by(self.plays, unit).items()):
            users = {play["user"] for play in plays}
            rows.append((when, len(users), len(users - seen), len(users & seen)))
            seen |= users
        return rows

    def retention(self) -> Rows:
        weeks = {week: {play["user"] for play in plays} for week, plays in sorted(by(self.plays, "week").items())}
        rows: Rows = []
        seen: set[Hashable] = set()
        for first, users in weeks.items():
            cohort = users - seen
            seen |= users
            for week in filter(lambda week: week >= first, weeks):
                came = len(cohort & weeks[week])
                rows.append((first, (week - first).days // 7, came, len(cohort), rounded(came, len(cohort), 100)))
        return rows

    def places(self) -> Rows:
        rows = [
            (place, len(plays), distinct(plays, "user"), rounded(len(plays), len(self.plays), 100))
            for place, plays in by(self.plays, "location").items()
        ]
        return sorted(rows, key=lambda row: (-row[1], row[0]))[:15]

    def user_agents(self) -> Rows:
        chosen: Counter[str] = Counter()
        for plays in by(self.plays, "user").values():
            used = Counter(play["userAgent"] for play in plays)
            chosen[min(used, key=lambda agent: (-used[agent], agent))] += 1
        counts = Counter(play["userAgent"] for play in self.plays)
        rows = [(agent, plays, chosen[agent], len(self.plays), chosen.total()) for agent, plays in counts.items()]
        return sorted(rows, key=lambda row: (-row[1], row[0]))

    def free_and_paid(self) -> Rows:
        rows: Rows = []
        for level, plays in sorted(by(self.plays, "level").items()):
            users, sessions = distinct(plays, "user"), len(by(plays, "user", "sessionId"))
            each = rounded(len(plays), users), rounded(len(plays), sessions)
            rows.append((level, users, sessions, len(plays), *each))
        return rows

    def level_changes(self) -> Rows:
        """Here by single plays: in this data set that is the same as by parts of sessions."""
        changes = {play["week"]: [0, 0] for play in self.plays}
        for plays in by(sorted(self.plays, key=lambda play: play["at"]), "user").values():
            for before, after in pairwise(plays):
                if before["level"] != after["level"]:
                    changes[after["week"]][after["level"] == "free"] += 1
        return sorted((week, *numbers) for week, numbers in changes.items())

    def before_changes(self) -> Rows:
        seen: dict[str, Counter[str]] = {"upgrade": Counter(), "downgrade": Counter()}
        otherwise: dict[str, Counter[str]] = {"upgrade": Counter(), "downgrade": Counter()}
        changes: Counter[str] = Counter()
        for (user, _, level), events in by(self.events, "user", "sessionId", "level").items():
            change = "upgrade" if level == "free" else "downgrade"
            at = min((event["at"] for event in events if SUBMITTED.get(event["page"]) == change), default=None)
            pages = [event["page"] for event in events if at is None or event["at"] < at]
            if user is not None:
                changes[change] += at is not None
                (otherwise if at is None else seen)[change].update(pages)
        for visits in (*seen.values(), *otherwise.values()):
            for page in ("NextSong", *SUBMITTED):
                del visits[page]
        rows = [
            (change, changes[change], page, seen[change][page],
             rounded(seen[change][page], seen[change].total(), 100),
             rounded(otherwise[change][page], otherwise[change].total(), 100))
            for change in seen
            for page in seen[change] | otherwise[change]
        ]  # fmt: skip
        return sorted(sorted(rows, key=lambda row: (-row[3], -row[5], row[2])), key=lambda row: row[0], reverse=True)

    def session_lengths(self) -> Rows:
        ends = [[play["at"].replace(microsecond=0) for play in plays] for plays in self.sessions]
        minutes = [Decimal((max(times) - min(times)).seconds) / 60 for times in ends]
        return self._classes(MINUTES, minutes, rounded(float(median(minutes))))

    def plays_per_session(self) -> Rows:
        counts = [len(plays) for plays in self.sessions]
        return self._classes(PLAYS, counts, median(counts))

    def _classes(self, names: dict[int, str], measures: list[Any], middle: float) -> Rows:
        rows: Rows = []
        for low, high in zip(names, [*list(names)[1:], 10**9], strict=True):
            within = [
                len(plays) for plays, measure in zip(self.sessions, measures, strict=True) if low <= measure < high
            ]
            rows.append((low, names[low], len(within), sum(within), middle))
        return rows

    def catalogue_played(self) -> Rows:
        songs = ("songs", len(self.songs), distinct(self.plays, "song_id"))
        return [songs, ("artists", len(self.artists), distinct(self.plays, "artist_id"))]

    def matched_by_week(self) -> Rows:
        rows: Rows = []
        for week, plays in sorted(by(self.plays, "week").items()):
            matched = sum(play["song_id"] is not None for play in plays)
            rows.append((week, len(plays), matched, len(plays) - matched, rounded(matched, len(plays), 100)))
        return rows

    def why_unmatched(self) -> Rows:
        names = {song["artist_name"] for song in self.songs}
        titles = {(song["artist_name"], song["title"]) for song in self.songs}

        def why(play: Record) -> str:
            if play["song_id"]:
                return "matched"
            if doubly_encoded(play["artist"], play["song"]):
                return "the log garbles its name"
            if play["artist"] not in names:
                return "the artist is not in the catalogue"
            if (play["artist"], play["song"]) not in titles:
                return "the artist is in it, with other titles"
            return "the title is in it, with another length"

        reasons = Counter(map(why, self.plays))
        return [(reason, plays, rounded(plays, len(self.plays), 100)) for reason, plays in reasons.most_common()]

    def wanted_artists(self) -> Rows:
        names = {song["artist_name"] for song in self.songs}
        rows = [
            (artist, len(plays), distinct(plays, "song"), distinct(plays, "user"))
            for artist, plays in by(self.plays, "artist").items()
            if artist not in names and not doubly_encoded(artist)
        ]
        return sorted(rows, key=lambda row: (-row[1], -row[3], row[0].encode()))[:15]

    def answer(self, question: str) -> Rows:
        method: Callable[[], Rows] = getattr(self, question)
        return method()
