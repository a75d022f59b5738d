"""How long a state lasts: counted in the describes that see it, so that a test decides and no clock is needed."""

from __future__ import annotations

from dataclasses import dataclass, field

POLLS = {
    "creating": 3,
    "pausing": 2,
    "resuming": 2,
    "deleting": 2,
    "modifying": 1,
    "eni": 1,
    "starting": 1,
    "stopping": 2,
    "submitted": 1,
    "pending": 1,
    "scheduled": 1,
    "running": 2,
    "cancelling": 1,
    "bootstrapping": 1,
    "terminating": 1,
}
"""How many describes see each state; ``eni``: how many deletes of a group are refused after its cluster is gone."""

FOR_EVER = -1


@dataclass(frozen=True)
class Phase:
    """A state, what goes with it, and how many describes see it."""

    status: str
    availability: str = ""
    polls: int = FOR_EVER


@dataclass
class Clock:
    """The lengths of the states, and those that are held."""

    polls: dict[str, int] = field(default_factory=lambda: dict(POLLS))
    held: set[str] = field(default_factory=set)


class Life:
    """Phases one after another; the last has no end."""

    def __init__(self, clock: Clock, *phases: Phase) -> None:
        self.clock = clock
        self.phases = list(phases)
        self.seen = 0

    @property
    def phase(self) -> Phase:
        return self.phases[0]

    @property
    def settled(self) -> bool:
        return len(self.phases) == 1

    def see(self) -> Phase:
        """The phase that this describe shows."""
        while self._is_over():
            self.phases.pop(0)
            self.seen = 0
        self.seen += 1
        return self.phase

    def _is_over(self) -> bool:
        return not self.settled and self.phase.status.lower() not in self.clock.held and self.seen >= self.phase.polls
