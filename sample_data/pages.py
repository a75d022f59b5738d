"""The pages of the service and what a listener does after each: a table for free accounts, one for paid ones."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sample_data.weighted import Weighted


@dataclass(frozen=True, eq=False, slots=True)
class Page:
    """A page as a log line names it, and the longest stay on it in seconds (0: as long as the song plays)."""

    name: str
    method: str
    status: int
    stay: int
    logged_in: bool = True


NEXT_SONG = Page("NextSong", "PUT", 200, 0)
HOME = Page("Home", "GET", 200, 90)
ABOUT = Page("About", "GET", 200, 60)
HELP = Page("Help", "GET", 200, 120)
ERROR = Page("Error", "GET", 404, 20)
SETTINGS = Page("Settings", "GET", 200, 40)
SAVE_SETTINGS = Page("Save Settings", "PUT", 307, 2)
UPGRADE = Page("Upgrade", "GET", 200, 60)
SUBMIT_UPGRADE = Page("Submit Upgrade", "PUT", 307, 2)
DOWNGRADE = Page("Downgrade", "GET", 200, 60)
SUBMIT_DOWNGRADE = Page("Submit Downgrade", "PUT", 307, 2)
LOGOUT = Page("Logout", "PUT", 307, 2)
LOGIN = Page("Login", "PUT", 307, 2, logged_in=False)
OUTSIDE_HOME = replace(HOME, logged_in=False)
OUTSIDE_ABOUT = replace(ABOUT, logged_in=False)
OUTSIDE_HELP = replace(HELP, logged_in=False)

# The level a page sets, from the event after it on.
SETS_LEVEL = {SUBMIT_UPGRADE: "paid", SUBMIT_DOWNGRADE: "free"}

FIRST = Weighted({NEXT_SONG: 50, HOME: 38, OUTSIDE_HOME: 8, LOGIN: 4})
VISITOR = Weighted({OUTSIDE_HOME: 7, OUTSIDE_ABOUT: 2, OUTSIDE_HELP: 1})

_Steps = dict[Page, dict[Page, float]]
_EITHER: _Steps = {
    ABOUT: {NEXT_SONG: 80, HOME: 20},
    ERROR: {NEXT_SONG: 60, HOME: 20, HELP: 20},
    SAVE_SETTINGS: {HOME: 50, NEXT_SONG: 50},
    SUBMIT_UPGRADE: {HOME: 100},
    SUBMIT_DOWNGRADE: {HOME: 100},
    LOGOUT: {OUTSIDE_HOME: 100},
    LOGIN: {HOME: 100},
    OUTSIDE_HOME: {LOGIN: 70, OUTSIDE_HOME: 20, OUTSIDE_ABOUT: 6, OUTSIDE_HELP: 4},
    OUTSIDE_ABOUT: {OUTSIDE_HOME: 50, LOGIN: 50},
    OUTSIDE_HELP: {OUTSIDE_HOME: 50, LOGIN: 50},
}
_FREE: _Steps = {
    NEXT_SONG: {NEXT_SONG: 906, HOME: 50, UPGRADE: 16, LOGOUT: 10, SETTINGS: 7, HELP: 5, ABOUT: 4, ERROR: 2},
    HOME: {NEXT_SONG: 84, HOME: 6, UPGRADE: 3, SETTINGS: 2, HELP: 2, ABOUT: 2, LOGOUT: 1},
    HELP: {NEXT_SONG: 70, HOME: 20, UPGRADE: 10},
    SETTINGS: {NEXT_SONG: 55, SAVE_SETTINGS: 20, HOME: 15, UPGRADE: 10},
    UPGRADE: {SUBMIT_UPGRADE: 45, NEXT_SONG: 40, HOME: 15},
}
_PAID: _Steps = {
    NEXT_SONG: {NEXT_SONG: 926, HOME: 40, LOGOUT: 11, DOWNGRADE: 9, SETTINGS: 6, HELP: 4, ABOUT: 2, ERROR: 2},
    HOME: {NEXT_SONG: 88, HOME: 5, SETTINGS: 3, HELP: 1, ABOUT: 1, DOWNGRADE: 1, LOGOUT: 1},
    HELP: {NEXT_SONG: 75, HOME: 15, DOWNGRADE: 10},
    SETTINGS: {NEXT_SONG: 55, SAVE_SETTINGS: 20, HOME: 13, DOWNGRADE: 12},
    DOWNGRADE: {NEXT_SONG: 60, HOME: 17, SUBMIT_DOWNGRADE: 23},
}
NEXT: dict[str, dict[Page, Weighted[Page]]] = {
    level: {page: Weighted(weights) for page, weights in {**_EITHER, **steps}.items()}
    for level, steps in (("free", _FREE), ("paid", _PAID))
}
