"""What ACCEPTINVCHARS replaced: how many rows, and where the first of them are.

https://docs.aws.amazon.com/redshift/latest/dg/r_STL_REPLACEMENTS.html
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_redshift.copy.columns import Mapping
    from local_redshift.copy.jsonpaths import Path

_MOST = 100  # rows that are noted; of each slice, and there is one
_UNDECODABLE = re.compile("[\udc80-\udcff]")
_KEY = re.compile(r'"((?:[^"\\]|\\.)*)"\s*:')


class Replacement(NamedTuple):
    """A line of a file, from 1, with bytes that are no UTF-8; they are lone surrogates in ``raw``."""

    file: str
    line: int
    raw: str


class Replacements:
    """Collects them while a load's files are decoded."""

    def __init__(self) -> None:
        self.rows = 0
        self.first: list[Replacement] = []

    def note(self, file: str, line: int, raw: bytes) -> None:
        self.rows += 1
        if len(self.first) < _MOST:
            self.first.append(Replacement(file, line, raw.decode("utf-8", "surrogateescape")))


def json_column(mapping: Mapping) -> Callable[[str], str]:
    """A function from a raw line to the first column whose value was replaced in; an empty string if none was."""
    columns = [(column.name, path) for column, path in zip(mapping.columns, mapping.paths, strict=True)]

    def first_column(raw: str) -> str:
        try:
            document = json.loads(raw, parse_int=float)
        except ValueError:  # the line is a part of an object
            document = dict.fromkeys(_KEY.findall(raw[: _place(raw)])[-1:], raw)
        return next((name for name, path in columns if _is_replaced(document, path, mapping.ignore_case)), "")

    return first_column


def _place(raw: str) -> int:
    found = _UNDECODABLE.search(raw)
    return found.start() if found else 0


def _is_replaced(document: object, path: Path, ignore_case: bool) -> bool:
    held = document
    for step in path:
        if isinstance(held, dict) and ignore_case:
            held = {key.lower(): value for key, value in held.items()}
        try:
            held = held[step]  # type: ignore[index]
        except (LookupError, TypeError):
            return False
    return _UNDECODABLE.search(json.dumps(held, ensure_ascii=False)) is not None
