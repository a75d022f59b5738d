"""Whether the engine's CSV reader takes a text as Redshift does: found by looking at the bytes.

The reader differs where a plain field holds a quote (it lets it pass), in NULs, blank lines, carriage returns that end
no line, tabs around quotes, and escapes. A text with none of these means the same to both.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from local_redshift.copy.inspection import has_long_lines
from local_redshift.copy.records import LONGEST_OBJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_redshift.copy.text.format import TextFormat

_BLOCK = 32 * 1024 * 1024
_LONGEST_DELIMITER = 4  # bytes, to the engine's reader
_BLANK_LINE = re.compile(rb"\A\r?\n|\n\r?\n")


class Shape(NamedTuple):
    """How the engine is to read a regular text.

    ``trailing``: each line ends with one delimiter more than needed. ``spanning``: a record may span lines.
    """

    crlf: bool = False
    trailing: bool = False
    spanning: bool = False


class Regularity:
    """Looks at texts of one format that fill ``columns`` columns."""

    def __init__(self, text_format: TextFormat, columns: int) -> None:
        self._format = text_format
        self._columns = columns
        self._quote = text_format.quote.encode()
        self._delimiter = text_format.delimiter.encode()
        self._readable = len(self._delimiter) <= _LONGEST_DELIMITER
        delimiter = re.escape(self._delimiter)
        self._escape = re.compile(rb"\\(?!N(?:%b|[\r\n]|\Z))|(?<=[^\n])(?<!%b)\\" % (delimiter, delimiter))

    def shape(self, text: bytes) -> Shape | None:
        """The shape of a text that ends where a record does; None if it is irregular."""
        if not self._readable or b"\0" in text or self._is_escaped(text) or has_long_lines(text):
            return None
        crlf = self._ends_lines_with_crlf(text)
        quoted = self._quote and self._quote in text
        if crlf is None and not quoted:
            return None
        gap = b"\\r" if crlf is None else b""
        spanning = quoted and not self._has_sound_quotes(text, gap, b"\\n")
        if spanning and not self._has_sound_quotes(text, gap, b""):
            return None
        if not self._format.ignore_blank_lines and self._has_blank_lines(text):
            return None
        return Shape(bool(crlf), self._is_trailing(text), bool(spanning))

    def _has_sound_quotes(self, text: bytes, gap: bytes, inside: bytes) -> bool:
        return _quoted(self._quote, self._delimiter, gap, inside).match(text) is not None

    def _is_escaped(self, text: bytes) -> bool:
        """Whether a backslash escapes something; as a field of its own, \\N is the string for NULL."""
        if not self._format.escape or b"\\" not in text:
            return False
        return self._format.null != r"\N" or self._escape.search(text) is not None

    def _ends_lines_with_crlf(self, text: bytes) -> bool | None:
        """None where only some carriage returns end lines."""
        if b"\r" not in text:
            return False
        newlines = text.count(b"\n")
        return True if text.count(b"\r") == text.count(b"\r\n") == newlines else None

    def _has_blank_lines(self, text: bytes) -> bool:
        spaced = b"\n\n" in text or (b"\r" in text and b"\n\r\n" in text)
        if not spaced and not text.startswith((b"\n", b"\r\n")):
            return False
        if self._quote:
            quote = re.escape(self._quote)
            text = re.sub(b"%b[^%b]*%b" % (quote, quote, quote), self._quote, text)
        return _BLANK_LINE.search(text) is not None

    def _is_trailing(self, text: bytes) -> bool:
        if self._format.quote or not self._delimiter:
            return False
        line = text[: text.find(b"\n") + 1 or len(text)].rstrip(b"\r\n")
        return line.endswith(self._delimiter) and line.count(self._delimiter) == self._columns

    def blocks(self, file: BinaryIO) -> Iterator[bytes]:
        """A file in pieces of some megabytes that end where a record does, as far as the file is regular."""
        size = _BLOCK
        while chunk := file.read(size):
            end = self._last_end(chunk) if len(chunk) == size else len(chunk)
            if not end and size == _BLOCK:
                size += LONGEST_OBJECT
            else:
                size, end = _BLOCK, end or len(chunk)
                yield chunk[:end]
            file.seek(end - len(chunk), 1)

    def _last_end(self, text: bytes) -> int:
        """Where the last record that is complete ends: behind a newline with pairs of quotes before it."""
        if not self._quote or self._quote not in text:
            return text.rfind(b"\n") + 1
        end = text.rfind(self._quote) if text.count(self._quote) % 2 else len(text)
        while end > 0:
            start = text.rfind(self._quote, 0, end)
            newline = text.rfind(b"\n", start + 1, end)
            if newline >= 0 or start < 0:
                return newline + 1
            end = text.rfind(self._quote, 0, start)
        return 0


@cache
def _quoted(quote: bytes, delimiter: bytes, gap: bytes, inside: bytes) -> re.Pattern[bytes]:
    """Matches a text whose quotes open or close a field, or come in twos within one.

    No ``gap`` is between fields, and neither a quote nor an ``inside`` is in one that is quoted.

    The first alternative is the second for fields without quotes in them or blanks around them, and a few times faster.
    """
    q, d = re.escape(quote), re.escape(delimiter)
    end = b"(?:%b|\\n)" % d if gap else b"(?:%b|\\r?\\n)" % d
    blanks = b"" if b" " in delimiter else b" *+"
    part = b"[^%b%b]*+" % (q, inside)
    simple = b"%b%b%b%b" % (q, part, q, end)
    inner = b"%b%b(?:%b%b%b)*+%b" % (q, part, q, q, part, q)
    field = b"(?:[^%b%b]*(?:%b|\\n))?%b%b%b(?=%b|\\Z)" % (q, gap, d, blanks, inner, blanks, end)
    return re.compile(b"(?:%b|%b)*+[^%b%b]*\\Z" % (simple, field, q, gap))
