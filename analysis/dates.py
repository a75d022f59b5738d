"""The dates of an answer as places on an axis: days or weeks, those between them on which nothing happened too."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

_MANY = 100  # nobody tells apart more bars than that


@dataclass(frozen=True)
class Dates:
    """ISO dates, sorted, without a repetition.

    >>> Dates.of(["2018-11-19", "2018-11-05"]).every
    ['2018-11-05', '2018-11-19']
    >>> Dates.of(["2018-11-01", "2018-11-02", "2018-11-04"]).every
    ['2018-11-01', '2018-11-02', '2018-11-03', '2018-11-04']
    """

    days: tuple[date, ...]

    @classmethod
    def of(cls, days: list[str]) -> Dates:
        return cls(tuple(sorted({date.fromisoformat(day) for day in days})))

    @property
    def span(self) -> int:
        """Days from the first to the last."""
        return (self.days[-1] - self.days[0]).days if self.days else 0

    @cached_property
    def step(self) -> int:
        """Days from one place to the next: 1, or 7 for weeks."""
        return math.gcd(*((after - day).days for day, after in pairwise(self.days))) or 1

    @property
    def many(self) -> bool:
        """Whether they are too many for a bar each."""
        return self.span // self.step >= _MANY

    @property
    def every(self) -> list[str]:
        """All places from the first date to the last. Of a long gap only the ends, where a line falls to nothing."""
        first, last = self.days[0].toordinal(), self.days[-1].toordinal()
        if not self.many:
            places = [*range(first, last + 1, self.step)]
        else:
            beside = {day.toordinal() + near for day in self.days for near in (-self.step, 0, self.step)}
            places = sorted(place for place in beside if first <= place <= last)
        return [date.fromordinal(place).isoformat() for place in places]

    @property
    def months(self) -> list[date]:
        """The first days of the months that begin within them.

        >>> [str(one) for one in Dates.of(["2018-11-01", "2018-12-31", "2019-01-02"]).months]
        ['2018-11-01', '2018-12-01', '2019-01-01']
        """
        first, last = self.days[0], self.days[-1]
        begins = (date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13))
        return [day for day in begins if first <= day <= last]
