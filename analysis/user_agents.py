"""User agents -> browsers and devices, by ua-parser, which knows them by the lists of the uap-core project."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analysis.tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from ua_parser import Result

UNKNOWN = "unknown"
_TABLETS = ("iPad", "Kindle", "Nexus 7", "Nexus 10", "Tablet")
_DESKTOPS = ("Windows", "Mac OS X", "Linux", "Ubuntu", "Fedora", "Chrome OS", "Debian", "FreeBSD")


def browsers(used: Table) -> Table:
    """The answer to ``questions.user_agents`` by browser: browser, plays, listeners, percent (of the plays)."""
    return _by(used, "browser", lambda seen: seen.user_agent.family if seen.user_agent else UNKNOWN)


def devices(used: Table) -> Table:
    """The same by operating system and what runs it: device ("iOS phone"), plays, listeners, percent."""
    return _by(used, "device", device)


def device(seen: Result) -> str:
    """The operating system, and whether a computer, a tablet or a phone runs it."""
    system = seen.os.family if seen.os else UNKNOWN
    model = (seen.device.model or seen.device.family or "") if seen.device else ""
    if any(name in model for name in _TABLETS):
        return f"{system} tablet"
    if system in _DESKTOPS or system == UNKNOWN:
        return system
    return f"{system} phone"


def _by(used: Table, name: str, kind: Callable[[Result], str]) -> Table:
    from ua_parser import parse

    plays: Counter[str] = Counter()
    listeners: Counter[str] = Counter()
    for row in used.records:
        # Many loggers keep the quotation marks of the header.
        key = kind(parse((row["user_agent"] or "").strip('"')))
        plays[key] += row["plays"]
        listeners[key] += row["listeners"]
    total = max(plays.total(), 1)
    return Table(
        (name, "plays", "listeners", "percent"),
        [(key, count, listeners[key], round(100 * count / total, 1)) for key, count in plays.most_common()],
    )
