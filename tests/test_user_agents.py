"""User agents -> browsers and devices, as ua-parser knows them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from scripts import ROOT

from analysis.tables import Table
from analysis.user_agents import browsers, devices

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

COLUMNS = ("user_agent", "plays", "listeners", "all_plays", "all_listeners")
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
ANDROID = "Mozilla/5.0 (Linux; Android 10; {})"

# user agent, browser, device
KNOWN = [
    (f"Mozilla/5.0 (Windows NT 6.1; WOW64) {WEBKIT} Chrome/36.0.1985.143 Safari/537.36", "Chrome", "Windows"),
    ("Mozilla/5.0 (Windows NT 6.3; WOW64; Trident/7.0; rv:11.0) like Gecko", "IE", "Windows"),
    (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/64.0 Safari/537.36 Edge/17.17134", "Edge", "Windows"),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.9; rv:31.0) Gecko/20100101 Firefox/31.0", "Firefox", "Mac OS X"),
    (f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Ubuntu Chromium/36.0 Chrome/36.0 Safari/537.36", "Chromium", "Ubuntu"),
    (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/116.0.0.0 Safari/537.36", "Chrome", "Chrome OS"),
    ("Mozilla/5.0 (X11; OpenBSD amd64; rv:28.0) Gecko/20100101 Firefox/28.0", "Firefox", "OpenBSD"),
    (
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 7_1_2 like Mac OS X) AppleWebKit/537.51.2 (KHTML, like Gecko) "
            "Version/7.0 "
            "Mobile/11D257 Safari/9537.53"
        ),
        "Mobile Safari",
        "iOS phone",
    ),
    (
        (
            "Mozilla/5.0 (iPad; CPU OS 12_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1 "
            "Mobile/15E148 "
            "Safari/604.1"
        ),
        "Mobile Safari",
        "iOS tablet",
    ),
    (f"{ANDROID.format('K')} {WEBKIT} Chrome/116.0.0.0 Mobile Safari/537.36", "Chrome Mobile", "Android phone"),
    (f"{ANDROID.format('K')} {WEBKIT} Chrome/116.0.0.0 Safari/537.36", "Chrome", "Android tablet"),
    (f"{ANDROID.format('Nexus 7 Build/JSS15Q')} {WEBKIT} Chrome/29.0 Safari/537.36", "Chrome", "Android tablet"),
    ("Mozilla/5.0 (Android 13; Tablet; rv:109.0) Gecko/114.0 Firefox/114.0", "Firefox Mobile", "Android tablet"),
    ("Spotify/8.6.72 Android/30 (SM-G973F)", "Spotify", "Android phone"),  # a program, which says nothing of Mobile
    (f"{ANDROID.format('SHIELD Android TV')} {WEBKIT} Chrome/84.0 Safari/537.36", "Chrome", "television"),
    (
        f"Mozilla/5.0 (Linux; Android 5.1.1; KFAUWI) {WEBKIT} Silk/80.5.3 like Chrome/80.0 Safari/537.36",
        "Amazon Silk",
        "Android tablet",
    ),
    (
        (
            "Mozilla/5.0 (X11; U; Linux armv7l like Android; en-us) AppleWebKit/531.2+ (KHTML, like Gecko) Version/5.0 "
            "Safari/533.2+ Kindle/3.0+"
        ),
        "Kindle",
        "Kindle tablet",
    ),
    (
        (
            "Mozilla/5.0 (compatible; MSIE 10.0; Windows Phone 8.0; Trident/6.0; IEMobile/10.0; ARM; Touch; NOKIA; "
            "Lumia 920)"
        ),
        "IE Mobile",
        "Windows Phone",
    ),
    (
        "Mozilla/5.0 (BB10; Touch) AppleWebKit/537.10+ (KHTML, like Gecko) Version/10.0.9.2372 Mobile Safari/537.10+",
        "BlackBerry WebKit",
        "BlackBerry OS phone",
    ),
    ("Mozilla/5.0 (PlayStation 4 3.11) AppleWebKit/537.73 (KHTML, like Gecko)", "(unknown)", "game console"),
    (
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) {WEBKIT} Chrome/58.0 Safari/537.36 Edge/16.16299",
        "Edge",
        "game console",
    ),
    (
        "Mozilla/5.0 (SMART-TV; Linux; Tizen 5.0) AppleWebKit/538.1 (KHTML, like Gecko) Version/5.0 Safari/538.1",
        "Safari",
        "television",
    ),
    ("Roku/DVP-9.10 (519.10E04111A)", "Roku", "television"),
    ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot", "bot"),
    ("curl/7.68.0", "curl", "(unknown)"),
    ("Mozilla/5.0", "(unknown)", "(unknown)"),
    ("ÃÂ\x01 <b>", "(unknown)", "(unknown)"),
    ("", "(unknown)", "(unknown)"),
    (None, "(unknown)", "(unknown)"),
]


@pytest.mark.parametrize(("user_agent", "browser", "device"), KNOWN)
def test_known_user_agents(user_agent: str | None, browser: str, device: str) -> None:
    used = Table(COLUMNS, [(user_agent, 3, 1, 3, 1)])
    assert browsers(used).rows == ((browser, 3, 1, 100.0),)
    assert devices(used).rows == ((device, 3, 1, 100.0),)


def test_user_agents_of_one_kind_are_added_up_with_their_quotation_marks_or_without() -> None:
    [chrome, ie] = [agent for agent, browser, _ in KNOWN if browser in {"Chrome", "IE"}][:2]
    used = Table(COLUMNS, [(ie, 4, 1, 12, 3), (f'"{chrome}"', 3, 1, 12, 3), (chrome, 5, 1, 12, 3)])
    table = browsers(used)
    assert table.columns == ("browser", "plays", "listeners", "percent_of_plays")
    assert table.rows == (("Chrome", 8, 2, 66.7), ("IE", 4, 1, 33.3))
    assert devices(used).rows == (("Windows", 12, 3, 100.0),)


def test_what_is_beyond_the_thousand_is_told() -> None:
    used = Table(COLUMNS, [("curl/7.68.0", 3, 1, 10, 5)])
    assert browsers(used).rows == (("(rarer user agents)", 7, 4, 70.0), ("curl", 3, 1, 30.0))


def test_no_play_at_all() -> None:
    assert browsers(Table(COLUMNS, [])).rows == ()


def test_the_sample_has_no_unknown_browser() -> None:
    logs = (ROOT / "sample_data" / "s3").rglob("*-events.json")
    assert _known_to_both(logs) > 5


def test_the_public_data_set_has_no_unknown_browser(real_data: Path) -> None:
    assert _known_to_both((real_data / "udacity-dend" / "log_data").rglob("*.json")) == 40


def _known_to_both(logs: Iterable[Path]) -> int:
    """How many user agents of logged-in listeners there are, each of which has a browser and a device."""
    events = [json.loads(line) for file in logs for line in file.read_text(encoding="utf-8").splitlines()]
    agents = sorted({event["userAgent"] for event in events if event["page"] == "NextSong"})
    used = Table(COLUMNS, [(agent, 1, 1, len(agents), len(agents)) for agent in agents])
    assert "(unknown)" not in {*browsers(used).column("browser"), *devices(used).column("device")}
    return len(agents)
