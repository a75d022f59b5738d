"""User agents of the period, with weights.

Many loggers keep the quotation marks of the header: so does the first group.
"""

from __future__ import annotations

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"

_QUOTED: dict[str, float] = {
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT} Chrome/70.0.3538.77 Safari/537.36": 20,
    f"Mozilla/5.0 (Windows NT 6.1; Win64; x64) {_WEBKIT} Chrome/70.0.3538.77 Safari/537.36": 9,
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_1) {_WEBKIT} Chrome/70.0.3538.77 Safari/537.36": 12,
    f"Mozilla/5.0 (X11; Linux x86_64) {_WEBKIT} Chrome/69.0.3497.100 Safari/537.36": 5,
    f"Mozilla/5.0 (Linux; Android 9; Pixel 2) {_WEBKIT} Chrome/70.0.3538.80 Mobile Safari/537.36": 6,
    f"Mozilla/5.0 (Linux; Android 8.0.0; SM-G950F) {_WEBKIT} Chrome/69.0.3497.100 Mobile Safari/537.36": 6,
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT} Chrome/64.0.3282.140 Safari/537.36 Edge/17.17134": 4,
    f"Mozilla/5.0 (Windows NT 10.0; WOW64) {_WEBKIT} Chrome/69.0.3497.100 Safari/537.36 OPR/56.0.3051.52": 2,
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_1) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/12.0.1 Safari/605.1.15": 9,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 12_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/12.0 Mobile/15E148 Safari/604.1": 12,
    "Mozilla/5.0 (iPad; CPU OS 11_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/11.0 Mobile/15E148 Safari/604.1": 4,
}
_BARE: dict[str, float] = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:63.0) Gecko/20100101 Firefox/63.0": 9,
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.13; rv:62.0) Gecko/20100101 Firefox/62.0": 4,
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:63.0) Gecko/20100101 Firefox/63.0": 4,
    "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko": 3,
    "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)": 1,
}

USER_AGENTS: dict[str, float] = {**{f'"{agent}"': weight for agent, weight in _QUOTED.items()}, **_BARE}
