"""Numbers, shares and names as people write them."""

from __future__ import annotations

from typing import Any


def number(value: float) -> str:
    """
    >>> number(2.0), number(254.1), number(6820)
    ('2', '254.1', '6,820')
    """
    return f"{value:,.15g}"


def counted(value: float, thing: str) -> str:
    """
    >>> counted(1, "play"), counted(2000, "play"), counted(0.5, "play")
    ('1 play', '2,000 plays', '0.5 plays')
    """
    return f"{number(value)} {thing}{'' if value == 1 else 's'}"


def percent(part: float, whole: float) -> str:
    """A share for people; only nothing is 0 %, and only all of it 100 %.

    >>> percent(1, 8), percent(319, 6820), percent(0, 0)
    ('12 %', '4.7 %', '0 %')
    >>> percent(1, 100_000), percent(99_999, 100_000), percent(5, 5)
    ('under 0.1 %', 'over 99 %', '100 %')
    """
    share = 100 * part / whole if whole else 0
    if 0 < share < 0.1:
        return "under 0.1 %"
    if 99.5 <= share < 100:
        return "over 99 %"
    return f"{share:.1f} %" if 0 < share < 9.95 else f"{share:.0f} %"


def label(value: Any) -> str:
    """A value for people; NULL and empty text have one too."""
    return str(value) if value not in {None, ""} else "(unknown)"
