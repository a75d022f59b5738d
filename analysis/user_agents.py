"""User agents -> browsers and devices, by ua-parser, which knows them by the lists of the uap-core project."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analysis.tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from ua_parser import Result

UNKNOWN = "(unknown)"
OTHERS = "(rarer user agents)"
_CONSOLES = ("PlayStation", "Xbox", "Nintendo")
_TELEVISIONS = ("TV", "Roku", "BRAVIA")
_TABLETS = ("iPad", "Kindle", "Nexus 7", "Nexus 9", "Nexus 10", "Tablet")
_TELEPHONES = ("iOS", "Android", "BlackBerry OS", "KaiOS", "Firefox OS", "Symbian OS", "Windows Mobile", "Bada")


def browsers(used: Table) -> Table:
    """The answer to ``questions.user_agents`` by browser: browser, plays, listeners, percent_of_plays."""
    return _by(used, "browser", lambda seen: seen.user_agent.family if seen.user_agent else UNKNOWN)


def devices(used: Table) -> Table:
    """The same by device ("Windows", "iOS phone"): device, plays, listeners, percent_of_plays."""
    return _by(used, "device", device)


def device(seen: Result) -> str:
    """The operating system, of phones and tablets with that word; what is none of these by its kind alone."""
    brand, model = (seen.device.brand or "", seen.device.model or seen.device.family) if seen.device else ("", "")
    system = seen.os.family if seen.os else UNKNOWN
    if brand == "Spider":
        return "bot"
    if any(name in seen.string for name in _CONSOLES):
        return "game console"
    if any(name in model for name in _TELEVISIONS):
        return "television"
    if any(name in model for name in _TABLETS) or (system == "Android" and _says_no_phone(seen.string)):
        return f"{system} tablet"
    return f"{system} phone" if system in _TELEPHONES else system


def _says_no_phone(user_agent: str) -> bool:
    """Android's browsers write Mobile on phones alone; other programs may write it nowhere.

    https://developer.chrome.com/docs/multidevice/user-agent
    """
    return user_agent.startswith("Mozilla/") and "Mobile" not in user_agent


def _by(used: Table, name: str, kind: Callable[[Result], str]) -> Table:
    from ua_parser import parse

    plays: Counter[str] = Counter()
    listeners: Counter[str] = Counter()
    for row in used.records:
        # Many loggers keep the quotation marks of the header.
        key = kind(parse((row["user_agent"] or "").strip('"')))
        plays[key] += row["plays"]
        listeners[key] += row["listeners"]
    for all_plays, all_listeners in set(zip(used.column("all_plays"), used.column("all_listeners"), strict=True)):
        if all_plays > plays.total():
            listeners[OTHERS] = all_listeners - listeners.total()
            plays[OTHERS] = all_plays - plays.total()
    total = plays.total()
    return Table(
        (name, "plays", "listeners", "percent_of_plays"),
        [(key, count, listeners[key], round(100 * count / total, 1)) for key, count in plays.most_common()],
    )
