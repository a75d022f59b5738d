"""Finding the records of a file that could not be loaded at once: where each begins and ends, and what is no JSON.

Only files that failed come here. Values are not looked at: that is done in the engine, by the conversions that
every load uses.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_OBJECT = 4 * 1024 * 1024  # bytes; https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
_BLOCK = 32 * 1024 * 1024
_LONGEST_TOKEN = 16  # characters of a number, literal or escape that a block may have cut in two
_BLANKS = re.compile(r"[ \t\n\r\x0b\x0c]*")
NOT_UTF8 = re.compile("[\udc80-\udcff]+")


class Record(NamedTuple):
    """A root value, or a stretch of text that is none; ``line`` is its last line, from 1."""

    file: str
    line: int
    raw: str
    reason: str = ""  # why it is no JSON, empty if it is
    code: int = 1216


def blocks(file: BinaryIO) -> Iterator[bytes]:
    """A file in pieces of some megabytes that end with a line, as far as lines are not enormous."""
    while block := file.read(_BLOCK):
        yield block if block.endswith(b"\n") else block + file.readline(LONGEST_OBJECT)


def refuse_constant(name: str) -> float:
    """For JSONDecoder: NaN and Infinity are no JSON, though Python reads them."""
    raise ValueError(name)


class Scanner:
    """Cuts the text of one file, fed block by block, into records."""

    def __init__(self, file: str, line: int = 1) -> None:
        self._file = file
        self._line = line
        self._text = ""
        self._bytes = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        # Numbers become floats, of any length: only the end of a value matters here.
        self._json = json.JSONDecoder(parse_constant=refuse_constant, parse_int=float)

    @property
    def idle(self) -> bool:
        """Whether all that was fed has come out, so that the next block begins a record."""
        return not self._text.strip()

    def skip(self, block: bytes) -> None:
        """Leave out a block that was dealt with in another way."""
        self._line += block.count(b"\n")

    def feed(self, block: bytes, *, last: bool = False) -> Iterator[Record]:
        """The records that are complete with this block; after the last one, whatever remains."""
        text = self._text + self._bytes.decode(block, final=last)
        at = _end_of_blanks(text, 0)
        self._line += text.count("\n", 0, at)
        while at < len(text):
            end, reason = self._value(text, at)
            if reason and not last and end < 0 and len(text) - at <= LONGEST_OBJECT + _BLOCK:
                break
            if reason:
                end = _end_of_line(text, at)
            yield self._record(text, at, end, reason)
            at = self._pass(text, at, end)
        self._text = text[at:]

    def _value(self, text: str, at: int) -> tuple[int, str]:
        """Where the value ends; or why there is none, with -1 if more text could mend it."""
        if text[at] not in "{[":
            return at, "Invalid value."
        try:
            return self._json.raw_decode(text, at)[1], ""
        except json.JSONDecodeError as error:
            incomplete = error.msg.startswith("Unterminated") or error.pos >= len(text.rstrip()) - _LONGEST_TOKEN
            return -1 if incomplete else at, "Invalid value."
        except (ValueError, RecursionError):
            return at, "Invalid value."

    def _record(self, text: str, at: int, end: int, reason: str) -> Record:
        line = self._line + text.count("\n", at, end)
        raw = text[at:end]
        undecodable = None if raw.isascii() else NOT_UTF8.search(raw)
        if undecodable is None:
            return Record(self._file, line, raw, reason)
        found = undecodable[0].encode("utf-8", "surrogateescape")
        return Record(self._file, line, NOT_UTF8.sub(".", raw), not_utf8(found), 1220)

    def _pass(self, text: str, at: int, end: int) -> int:
        end = _end_of_blanks(text, end)
        self._line += text.count("\n", at, end)
        return end


def not_utf8(found: bytes) -> str:
    """https://docs.aws.amazon.com/redshift/latest/dg/multi-byte-character-load-errors.html"""
    lead = found[0]
    kind = 1 if lead >= 0xF8 else 3 if lead < 0xC2 or lead > 0xF4 else 2 if len(found) == 1 else 4
    return (
        "String contains invalid or unsupported UTF8 codepoints. "
        f"Bad UTF8 hex sequence: {found[:4].hex(' ')} (error {kind})"
    )


def _end_of_blanks(text: str, at: int) -> int:
    match = _BLANKS.match(text, at)
    return match.end() if match else at


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
