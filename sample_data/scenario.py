"""What decides every byte of a data set: its size, its period and its seed."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from datetime import date, timedelta

MILLISECONDS_A_DAY = 86_400_000
_EPOCH = date(1970, 1, 1)
_EARLIEST = date(1971, 1, 1)
_LATEST = date(9000, 1, 1)


@dataclass(frozen=True)
class Scenario:
    """Size, period and seed. Raises ValueError, one sentence, where a value makes no sense."""

    events: int = 4_000
    songs: int = 600
    days: int = 42
    start: date = date(2018, 11, 1)
    seed: int = 70

    def __post_init__(self) -> None:
        for name in ("events", "songs", "days"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be 1 or more, not {getattr(self, name)}")
        if self.start < _EARLIEST or (_LATEST - self.start).days < self.days:
            raise ValueError(f"the days must lie between {_EARLIEST} and {_LATEST}")

    @property
    def begins(self) -> int:
        """Midnight (UTC) of the first day, milliseconds since 1970."""
        return (self.start - _EPOCH).days * MILLISECONDS_A_DAY

    @property
    def ends(self) -> int:
        """Midnight after the last day, milliseconds since 1970."""
        return self.begins + self.days * MILLISECONDS_A_DAY

    def randomness(self, purpose: str) -> random.Random:
        """Random numbers that depend on the seed and on what they are for, and on nothing else.

        Only ``random()`` may be used of them: Python promises that its sequence never changes.
        """
        return random.Random(f"{self.seed} {purpose}")  # noqa: S311 - nothing secret is made of it

    def to_record(self) -> dict[str, int | str]:
        """The scenario as plain JSON values; ``from_record`` reads it back."""
        return {**asdict(self), "start": self.start.isoformat()}

    @classmethod
    def from_record(cls, record: dict[str, int | str]) -> Scenario:
        """Raises ValueError, TypeError or KeyError when the record was not written by ``to_record``."""
        numbers = {name: int(record[name]) for name in ("events", "songs", "days", "seed")}
        return cls(start=date.fromisoformat(str(record["start"])), **numbers)


def day_of(ts: int) -> date:
    """The UTC day of a moment in milliseconds since 1970."""
    return _EPOCH + timedelta(days=ts // MILLISECONDS_A_DAY)
