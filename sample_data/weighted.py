"""Choosing among weighted things with one random number."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

T = TypeVar("T")


class Weighted(Generic[T]):
    """Things with weights; ``pick(number)`` turns a random number in [0, 1) into one of them.

    >>> Weighted({"often": 9, "seldom": 1}).pick(0.95)
    'seldom'
    """

    def __init__(self, weights: Mapping[T, float]) -> None:
        self._things: Sequence[T] = tuple(weights)
        self._bounds = list(accumulate(weights.values()))

    def pick(self, number: float) -> T:
        return self._things[bisect_right(self._bounds, number * self._bounds[-1])]


def choose(things: Sequence[T], number: float) -> T:
    """One of the things, all equally likely, by a random number in [0, 1)."""
    return things[int(number * len(things))]
