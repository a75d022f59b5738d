"""The dates of an answer as places on an axis: days or weeks, those between them on which nothing happened too."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

_MOST = 100  # nobody tells apart more bars than that


@dataclass(frozen=True)
class Dates:
    """From the ``first`` on, ``count`` days (``step`` 1) or weeks (``step`` 7), so many ``together`` in a place.

    >>> Dates.of(["2018-11-19", "2018-11-05"])
    Dates(first=datetime.date(2018, 11, 5), step=7, count=3, together=1)
    >>> Dates.of(["2018-11-19", "2018-11-05"]).places
    ['2018-11-05', '2018-11-12', '2018-11-19']
    >>> Dates.of(["2018-01-01", "2018-01-02", "2018-12-31"]).together
    7
    """

    first: date
    step: int
    count: int
    together: int

    @classmethod
    def of(cls, days: list[str]) -> Dates:
        """The places of these ISO dates; days that are too many for a bar each are put together by whole weeks."""
        ordered = sorted(map(date.fromisoformat, days))
        step = 7 if len(ordered) > 1 and all((after - day).days % 7 == 0 for day, after in pairwise(ordered)) else 1
        count = (ordered[-1] - ordered[0]).days // step + 1
        together = math.ceil(count / _MOST)
        if step == 1 and together > 1:
            together = 7 * math.ceil(together / 7)
        return cls(ordered[0], step, count, together)

    @property
    def span(self) -> int:
        """Days from the first date to the last."""
        return self.step * (self.count - 1)

    @property
    def unit(self) -> str:
        return "day" if self.step == 1 else "week"

    @property
    def places(self) -> list[str]:
        """The first date of each place."""
        begins = range(0, self.count, self.together)
        return [(self.first + timedelta(self.step * dates)).isoformat() for dates in begins]

    def place(self, day: str) -> int:
        """Which place a date has."""
        return (date.fromisoformat(day) - self.first).days // self.step // self.together

    def within(self, place: int) -> int:
        """How many dates are in a place: the last may have fewer than the others."""
        return min(self.together, self.count - place * self.together)
