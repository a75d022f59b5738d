"""What the engine's JSON reader lets pass although it is no JSON: found by looking at the bytes.

It accepts a comma before a closing bracket, NaN and Infinity. Programs that write such files write them so
throughout, so that looking at the beginning of a large file is enough.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, BinaryIO

from local_redshift.copy.records import LONGEST_OBJECT, refuse_constant

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLOSING = (re.compile(rb"}(?<=[,\s]})"), re.compile(rb"\](?<=[,\s]\])"))
_CONSTANTS = (re.compile(rb"NaN"), re.compile(rb"Infinity"))
_BEFORE_VALUE = b":,[-"


def is_lax(content: bytes) -> bool:
    """Whether a line holds a trailing comma or a constant that JSON does not know, outside strings."""
    return any(not _is_json(_line(content, at)) for at in _suspicious(content))


def has_long_lines(content: bytes | BinaryIO) -> bool:
    """Whether a line may be longer than an object may be: hops from newline to newline, leaving out what is between."""
    if isinstance(content, bytes):
        return len(content) > LONGEST_OBJECT and _hops(content)
    size = content.seek(0, 2)
    if size <= LONGEST_OBJECT:
        return False
    import mmap

    with mmap.mmap(content.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        return _hops(mapped)


def _hops(content: object) -> bool:
    data: bytes = content  # type: ignore[assignment]  # mmap finds as bytes does
    at = 0
    while at + LONGEST_OBJECT < len(data):
        newline = data.rfind(b"\n", at, at + LONGEST_OBJECT)
        if newline < 0:
            return True
        at = newline + 1
    return False


def _suspicious(content: bytes) -> Iterator[int]:
    for pattern in _CLOSING:
        for match in pattern.finditer(content):
            at = _before(content, match.start())
            if content[at : at + 1] == b",":
                yield at
    for pattern in _CONSTANTS:
        for match in pattern.finditer(content):
            before = content[_before(content, match.start())]
            if before in _BEFORE_VALUE:
                yield match.start()


def _before(content: bytes, at: int) -> int:
    """The place of the last byte before ``at`` that is not blank."""
    at -= 1
    while at > 0 and content[at] in b" \t\r\n":
        at -= 1
    return max(at, 0)


def _line(content: bytes, at: int) -> bytes:
    end = content.find(b"\n", at)
    return content[content.rfind(b"\n", 0, at) + 1 : len(content) if end < 0 else end]


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line, parse_constant=refuse_constant, parse_int=float)
    except (ValueError, RecursionError):
        return False
    return True
