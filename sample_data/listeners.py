"""The listeners: each is a function of the scenario and a number, as songs are. Numbers are in order of signing up."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sample_data.browsers import USER_AGENTS
from sample_data.encoding import json_text
from sample_data.places import METROPOLITAN_AREAS
from sample_data.scenario import MILLISECONDS_A_DAY
from sample_data.weighted import Weighted, choose
from sample_data.words import FIRST_NAMES, LAST_NAMES

if TYPE_CHECKING:
    from sample_data.scenario import Scenario

_EVENTS_A_LISTENER = 55
_THERE_AT_THE_START = 0.45
_LONG_SESSION = 12
_WEEK = 7 * MILLISECONDS_A_DAY
_CACHED = 20_000

_AGENTS = Weighted(USER_AGENTS)
_AREAS = Weighted(METROPOLITAN_AREAS)


class Loyalty(NamedTuple):
    """How likely such a listener starts a session when asked, and pays from the start."""

    first_week: float
    later: float
    long_sessions: float
    paid: float


_LOYALTIES = Weighted(
    {
        Loyalty(first_week=0.5, later=0.10, long_sessions=0.15, paid=0.1): 50,  # tries it, drifts away
        Loyalty(first_week=0.6, later=0.40, long_sessions=0.50, paid=0.45): 35,
        Loyalty(first_week=1.0, later=0.90, long_sessions=1.00, paid=0.9): 15,  # listens all day
    }
)


class Identity(NamedTuple):
    """What a log line says of who did it, each value as JSON text."""

    auth: str
    first_name: str
    gender: str
    last_name: str
    location: str
    registration: str
    user_agent: str
    user_id: str


LOGGED_OUT = Identity('"Logged Out"', "null", "null", "null", "null", "null", "null", '""')


class Listener(NamedTuple):
    number: int
    identity: Identity
    registered: int  # milliseconds since 1970
    loyalty: Loyalty
    level: str  # until the first change

    def inclination(self, now: int, length: int) -> float:
        """The likelihood, 0 to 1, of starting a session of ``length`` events now."""
        base = self.loyalty.first_week if now - self.registered < _WEEK else self.loyalty.later
        return base * self.loyalty.long_sessions if length > _LONG_SESSION else base


class Listeners:
    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self.count = max(4, scenario.events // _EVENTS_A_LISTENER)
        self._at_start = max(2, int(self.count * _THERE_AT_THE_START))
        self.listener = lru_cache(_CACHED)(self._listener)

    def signed_up(self, now: int) -> int:
        """How many have an account at that moment: listeners 0 to this number, exclusive."""
        period = self._scenario.ends - self._scenario.begins
        return self._at_start - (self._at_start - self.count) * (now - self._scenario.begins) // period

    def _listener(self, number: int) -> Listener:
        rng = self._scenario.randomness(f"listener {number}")
        loyalty = _LOYALTIES.pick(rng.random())
        gender = "F" if rng.random() < 0.55 else "M"
        registered = self._registered(number, rng.random())
        fields = (
            "Logged In",
            choose(FIRST_NAMES[gender], rng.random()),
            gender,
            choose(LAST_NAMES, rng.random()),
            _AREAS.pick(rng.random()),
            float(registered),
            _AGENTS.pick(rng.random()),
            str(number + 1),
        )
        identity = Identity(*(json_text(field, ascii_only=True) for field in fields))
        pays = number < self._at_start and rng.random() < loyalty.paid
        return Listener(number, identity, registered, loyalty, "paid" if pays else "free")

    def _registered(self, number: int, chance: float) -> int:
        """Sometime in the ten weeks before the period; for newcomers the moment ``signed_up`` first counts them."""
        newcomer = number - self._at_start
        if newcomer < 0:
            return self._scenario.begins - int(chance * 10 * _WEEK) - 1
        period = self._scenario.ends - self._scenario.begins
        return self._scenario.begins + newcomer * period // (self.count - self._at_start) + 1
