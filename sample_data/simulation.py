"""The days of the service, event by event in the order of time.

A day's sessions are planned first (when, how long), then played side by side, so that memory holds the plan of one
day and the sessions now open, whatever the size.
"""

from __future__ import annotations

import heapq
from itertools import accumulate
from typing import TYPE_CHECKING

from sample_data.listeners import LOGGED_OUT, Listener, Listeners
from sample_data.pages import FIRST, NEXT, NEXT_SONG, SETS_LEVEL, VISITOR, Page
from sample_data.plays import NO_PLAY, Play, Plays
from sample_data.scenario import MILLISECONDS_A_DAY, Scenario, day_of
from sample_data.weighted import Weighted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sample_data.listeners import Identity

Event = tuple[int, str]  # milliseconds since 1970, the log line
Planned = tuple[int, int]  # when a session starts, how many events it has

# The clock of the logs: two listeners' plays share a moment now and then.
_TICK, _PHASE = 500, 296
_TICKS_AN_HOUR = 3_600_000 // _TICK
_LONGEST_STEP = 420_000  # no song and no stay on a page is longer
_VISITORS = 0.04
_LONGEST_VISIT = 5
_ATTEMPTS = 80

# Monday to Sunday, and midnight to eleven in the evening, UTC.
_WEEKDAYS = (10, 11, 13, 12, 14, 8, 6)
_HOURS = Weighted(dict(enumerate((5, 4, 3, 3, 3, 4, 5, 7, 8, 9, 10, 11, 12, 12, 13, 15, 17, 18, 17, 14, 12, 10, 8, 6))))
# Shortest and longest session of a kind, and its share.
_LENGTHS = Weighted({(1, 1): 33, (2, 5): 27, (6, 15): 20, (16, 40): 14, (41, 90): 6})


class Simulation:
    def __init__(self, scenario: Scenario) -> None:
        self.plays = Plays(scenario)
        self._scenario = scenario
        self._listeners = Listeners(scenario)
        self._newest = self._listeners.signed_up(scenario.begins)
        self._rng = scenario.randomness("events")
        self._levels: dict[int, str] = {}  # of the listeners who changed it
        self._listening: set[int] = set()

    def events(self) -> Iterator[Event]:
        """Every event in the order of time; exactly as many as the scenario says."""
        playing: list[tuple[int, int, str, Iterator[Event]]] = []
        for number, (start, length) in enumerate(self._plan(), start=1):
            while playing and playing[0][0] < start:
                yield _advance(playing)
            session = self._session(number, start, length)
            heapq.heappush(playing, (start, number, next(session)[1], session))
        while playing:
            yield _advance(playing)

    def _plan(self) -> Iterator[Planned]:
        """Every session in the order of starting; their lengths add up to the scenario's events."""
        bounds = list(accumulate(self._weight(day) for day in range(self._scenario.days)))
        planned = 0
        for day, bound in enumerate(bounds):
            target = self._scenario.events * bound // bounds[-1]
            midnight = self._scenario.begins + day * MILLISECONDS_A_DAY
            yield from sorted(self._plan_day(midnight, target - planned))
            planned = target

    def _weight(self, day: int) -> int:
        """How busy a day is: its weekday, the growth of the service, chance."""
        weekday = day_of(self._scenario.begins + day * MILLISECONDS_A_DAY).weekday()
        growth = 100 + 60 * day // self._scenario.days
        return _WEEKDAYS[weekday] * growth * (80 + int(40 * self._rng.random()))

    def _plan_day(self, midnight: int, quota: int) -> Iterator[Planned]:
        rng = self._rng
        while quota > 0:
            ticks = _HOURS.pick(rng.random()) * _TICKS_AN_HOUR + int(rng.random() * _TICKS_AN_HOUR)
            start = midnight + ticks * _TICK + _PHASE
            shortest, longest = _LENGTHS.pick(rng.random())
            wished = shortest + int(rng.random() * (longest - shortest + 1))
            possible = 1 + (self._scenario.ends - start) // _LONGEST_STEP
            length = min(wished, possible, quota)
            quota -= length
            yield start, length

    def _session(self, number: int, start: int, length: int) -> Iterator[Event]:
        listener = self._someone(start, length)
        return self._visit(number, start, length) if listener is None else self._listen(listener, number, start, length)

    def _someone(self, start: int, length: int) -> Listener | None:
        """Who starts a session: a newcomer, a listener who likes to and is not listening already, or nobody known."""
        if self._newest < self._listeners.signed_up(start):
            self._newest += 1
            return self._listeners.listener(self._newest - 1)
        if length <= _LONGEST_VISIT and self._rng.random() < _VISITORS:
            return None
        for _ in range(_ATTEMPTS):
            number = int(self._rng.random() * self._newest)
            if number not in self._listening:
                listener = self._listeners.listener(number)
                if self._rng.random() < listener.inclination(start, length):
                    return listener
        return None

    def _visit(self, session: int, ts: int, length: int) -> Iterator[Event]:
        """A session of somebody who never logs in."""
        for item in range(length):
            page = VISITOR.pick(self._rng.random())
            yield ts, _line(LOGGED_OUT, session, item, ts, "free", page, NO_PLAY)
            ts += self._stay(page)

    def _listen(self, listener: Listener, session: int, ts: int, length: int) -> Iterator[Event]:
        self._listening.add(listener.number)
        level = self._levels.get(listener.number, listener.level)
        page = FIRST.pick(self._rng.random())
        for item in range(length):
            play = self.plays.pick(self._rng) if page is NEXT_SONG else NO_PLAY
            identity = listener.identity if page.logged_in else LOGGED_OUT
            yield ts, _line(identity, session, item, ts, level, page, play)
            if page in SETS_LEVEL:
                level = self._levels[listener.number] = SETS_LEVEL[page]
            ts += -(-play.lasts // _TICK) * _TICK if page is NEXT_SONG else self._stay(page)
            page = NEXT[level][page].pick(self._rng.random())
        self._listening.discard(listener.number)

    def _stay(self, page: Page) -> int:
        """Milliseconds on a page that plays nothing, a tick at least."""
        return _TICK + int(self._rng.random() * page.stay * 1000) // _TICK * _TICK


def _advance(playing: list[tuple[int, int, str, Iterator[Event]]]) -> Event:
    """Takes the earliest event of the open sessions and asks its session for the next."""
    ts, number, line, session = playing[0]
    following = next(session, None)
    if following is None:
        heapq.heappop(playing)
    else:
        heapq.heapreplace(playing, (following[0], number, following[1], session))
    return ts, line


def _line(who: Identity, session: int, item: int, ts: int, level: str, page: Page, play: Play) -> str:
    return (
        f'{{"artist":{play.artist},"auth":{who.auth},"firstName":{who.first_name},"gender":{who.gender},'
        f'"itemInSession":{item},"lastName":{who.last_name},"length":{play.length},"level":"{level}",'
        f'"location":{who.location},"method":"{page.method}","page":"{page.name}","registration":{who.registration},'
        f'"sessionId":{session},"song":{play.song},"status":{page.status},"ts":{ts},'
        f'"userAgent":{who.user_agent},"userId":{who.user_id}}}'
    )
