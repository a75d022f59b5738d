"""The fields of one record: CSV, delimited with escapes and quotes, and of fixed widths."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from local_redshift.copy.text.faults import BAD_QUOTES, OPEN_QUOTE, TOO_SHORT

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_redshift.copy.text.format import TextFormat

_BLANKS = " \t"  # around quotes, where they are no delimiter
_LINE = re.compile(r"[^\r\n]*")
_END = r"\r?\n|\Z"
_ESCAPED = re.compile(r"\\([\s\S])")


class Fields(NamedTuple):
    """What is in a record: values, None for NULL, and where the fields begin.

    ``broken`` is the code and the reason where the last of them cannot be read, ``stray`` the place behind a carriage
    return that ends no line.
    """

    texts: list[str | None]
    starts: list[int]
    broken: tuple[int, str] | None = None
    stray: int = -1


# The fields of the record at a place of a text, and where the next record begins: -1 where this one has no end yet.
FieldReader: TypeAlias = "Callable[[str, int, bool], tuple[Fields, int]]"

_NOTHING = Fields([], [])


def field_reader(text_format: TextFormat) -> FieldReader:
    """What reads the fields of records of a format."""
    return _FixedWidths(text_format) if text_format.widths else _Delimited(text_format)


class _FixedWidths:
    def __init__(self, text_format: TextFormat) -> None:
        self._widths = text_format.widths
        self._null = text_format.null
        self._fill = text_format.fill_record

    def __call__(self, text: str, at: int, last: bool) -> tuple[Fields, int]:
        newline = text.find("\n", at)
        if newline < 0 and not last:
            return _NOTHING, -1
        end = newline if newline >= 0 else len(text)
        return self._fields(text[at:end].removesuffix("\r")), end + (newline >= 0)

    def _fields(self, raw: str) -> Fields:
        if "\r" in raw:
            return Fields([], [], stray=raw.index("\r") + 1)
        starts = [0, *accumulate(self._widths)]
        held = [start for start in starts[:-1] if start < len(raw) or not start]
        pieces = [raw[start : start + width] for start, width in zip(held, self._widths, strict=False)]
        texts = [None if piece.rstrip(" ") == self._null else piece for piece in pieces]
        if len(held) < len(self._widths):
            short = Fields([*texts, ""], [*held, starts[len(held)]], TOO_SHORT)
            return Fields(texts, held) if self._fill else short
        rest = raw[starts[-1] :]
        return Fields([*texts, rest], starts) if rest.strip(" ") else Fields(texts, held)


class _Delimited:
    """One regular expression reads a field and what ends it: a delimiter, the end of the line or of the text."""

    def __init__(self, text_format: TextFormat) -> None:
        self._format = text_format
        delimiter = re.escape(text_format.delimiter)
        body = _csv_body(text_format) if text_format.quote else _body(text_format)
        self._pattern = re.compile(rf"(?:{body})(?P<end>{delimiter}|{_END})")
        self._opened = re.compile(_opening(text_format) if text_format.quote else r"(?!)")
        self._special = re.compile(_special(text_format))

    def __call__(self, text: str, at: int, last: bool) -> tuple[Fields, int]:
        newline = text.find("\n", at)
        if newline >= 0 and not self._special.search(text, at, newline):
            return self._plain(text[at:newline]), newline + 1
        return self._thorough(text, at, last)

    def _plain(self, line: str) -> Fields:
        """The fields of a line with nothing special in it."""
        delimiter, null = self._format.delimiter, self._format.null
        sources = line.split(delimiter)
        starts = [0, *accumulate(len(source) + len(delimiter) for source in sources[:-1])]
        if null not in line and not (self._format.escape and "\\" in line):
            return Fields([*sources], starts)
        return Fields([self._value(source, quoted=False) for source in sources], starts)

    def _thorough(self, text: str, at: int, last: bool) -> tuple[Fields, int]:
        texts: list[str | None] = []
        starts: list[int] = []
        start, match_at = at, self._pattern.match
        while match := match_at(text, at):
            quoted, plain, end = match.group("quoted", "plain", "end")
            texts.append(self._value(plain, quoted=False) if quoted is None else self._value(quoted, quoted=True))
            starts.append(at - start)
            at = match.end()
            if end == "":
                return (Fields(texts, starts), at) if last else (_NOTHING, -1)
            if end[-1] == "\n":
                return Fields(texts, starts), at
        return self._broken(text, start, at, Fields(texts, starts), last=last)

    def _value(self, source: str, *, quoted: bool) -> str | None:
        if source == self._format.null:
            return None
        if self._format.quote:
            quote = self._format.quote
            return source.replace(quote * 2, quote) if quoted else source
        if not self._format.escape or "\\" not in source:
            return source
        text = _ESCAPED.sub(r"\1", source)
        return None if text == self._format.null else text

    def _broken(self, text: str, start: int, at: int, read: Fields, *, last: bool) -> tuple[Fields, int]:
        """The fields up to one that cannot be read; the record ends with the line in which that is seen."""
        stray = self._stray(text, at)
        if stray == len(text) and not last:
            return _NOTHING, -1
        if stray >= 0:
            return Fields([], [], stray=stray - start), text.find("\n", stray) + 1 or (len(text) if last else -1)
        value, seen = self._before_fault(text, at)
        end = text.find("\n", seen) + 1 if seen >= 0 else 0
        reason = BAD_QUOTES if self._format.quote else OPEN_QUOTE
        broken = Fields([*read.texts, value], [*read.starts, at - start], reason)
        return broken, end or (len(text) if last and seen >= 0 else -1)

    def _stray(self, text: str, at: int) -> int:
        """The place behind a carriage return that ends no line, where that is what is wrong; else -1."""
        plain = _LINE.match(text, at)
        end = plain.end() if plain else at
        if text[end : end + 1] != "\r" or text[end : end + 2] == "\r\n" or self._opened.match(text, at):
            return -1
        return end + 1

    def _before_fault(self, text: str, at: int) -> tuple[str, int]:
        """The part of a field before what is wrong with it, and where that is seen: -1 for a quote that never ends."""
        quote = self._format.quote
        opened = self._opened.match(text, at)
        if opened and opened.end() == len(text):
            return opened["inner"].partition("\n")[0], -1
        if opened:
            return opened["inner"].replace(quote * 2, quote), opened.end()
        line = _LINE.match(text, at)
        before = line[0] if line else ""
        before = before.partition(quote)[0] if quote else before
        return before, at + len(before)


def _blanks(text_format: TextFormat) -> str:
    return f"(?:{'|'.join(blank for blank in _BLANKS if blank not in text_format.delimiter) or '(?!)'})*+"


def _opening(text_format: TextFormat) -> str:
    """A quoted field of CSV up to its end or to what is wrong with it."""
    quote = re.escape(text_format.quote)
    return rf"{_blanks(text_format)}{quote}(?P<inner>[^{quote}]*+(?:{quote}{quote}[^{quote}]*+)*+)"


def _csv_body(text_format: TextFormat) -> str:
    """A quoted field with blanks around, which do not count; or a plain one, which has no quotes."""
    quote, blanks = re.escape(text_format.quote), _blanks(text_format)
    inner = rf"[^{quote}]*+(?:{quote}{quote}[^{quote}]*+)*+"
    return rf"{blanks}{quote}(?P<quoted>{inner}){quote}{blanks}|(?P<plain>{_until(text_format, quote)}*+)"


def _body(text_format: TextFormat) -> str:
    """A field up to the next delimiter; with REMOVEQUOTES, up to the quote that it began with before a delimiter."""
    delimiter = re.escape(text_format.delimiter)
    step = r"(?:\\(?:[\s\S]|\Z)|[^\\\r\n])" if text_format.escape else r"[^\r\n]"
    until = rf"(?:\\(?:[\s\S]|\Z)|{_until(text_format, chr(92) * 2)})" if text_format.escape else _until(text_format)
    plain = rf"(?P<plain>{until}*+)"
    if not text_format.remove_quotes:
        return rf"(?P<quoted>(?!))|{plain}"
    quoted = rf"(?P<mark>['\"])(?P<quoted>{step}*?)(?P=mark)(?={delimiter}|{_END})"
    return rf"{quoted}|(?!['\"]){plain}"


def _until(text_format: TextFormat, special: str = "") -> str:
    """A character that belongs to a plain field: no line end, none of the ``special``, no delimiter begins there."""
    delimiter = re.escape(text_format.delimiter)
    if len(text_format.delimiter) == 1:
        return rf"[^{delimiter}{special}\r\n]"
    return rf"(?:(?!{delimiter})[^{special}\r\n])"


def _special(text_format: TextFormat) -> str:
    """What keeps a line from being cut at its delimiters and no more: the common \\N may be split off."""
    quotes = re.escape(text_format.quote) + ("'\"" if text_format.remove_quotes else "")
    return rf"[\r{quotes}]" + (r"|\\(?!N)" if text_format.escape else "")
