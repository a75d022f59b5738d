"""The rules of text, in one place: where a record ends, what its fields are, and what is wrong with it.

Files that the engine's reader takes alike never come here (see regular.py); all others do, and so does every file with
a row that is refused.

https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, NamedTuple

from local_redshift.copy.records import LONGEST_OBJECT, NOT_UTF8, not_utf8
from local_redshift.copy.text.faults import EXTRA_COLUMNS, LONG_NUL, NO_DELIMITER, TOO_LARGE, Fault, missing_newline
from local_redshift.copy.text.fields import Fields, field_reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from local_redshift.copy.text.format import TextFormat


class TextRecord(NamedTuple):
    """A record of text; ``line`` is its first line, from 1, ``starts`` where the fields begin in ``raw``.

    Of a record with a fault, ``texts`` holds the fields before the one at fault. None is NULL.
    """

    line: int
    raw: str
    texts: list[str | None]
    starts: list[int]
    fault: Fault | None = None


class Splitter:
    """Cuts the text of one file, fed block by block, into records.

    ``fillers`` are what FILLRECORD puts into the columns, as many as there are columns.
    """

    def __init__(self, text_format: TextFormat, fillers: Sequence[str | None], line: int = 1) -> None:
        self._format = text_format
        self._fillers = fillers
        self._line = line
        self._text = ""
        self._too_long = False  # within a line of which too much was read already
        self._bytes = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._fields = field_reader(text_format)

    def clone(self) -> Splitter:
        """A splitter that goes on from here as this one does."""
        other = Splitter(self._format, self._fillers, self._line)
        other._text, other._too_long = self._text, self._too_long
        other._bytes.setstate(self._bytes.getstate())
        return other

    @property
    def idle(self) -> bool:
        """Whether all that was fed has come out, so that the next block begins a record."""
        return not self._text and not self._too_long

    def skip(self, block: bytes) -> None:
        """Leave out a block that was dealt with in another way."""
        self._line += block.count(b"\n")

    def feed(self, block: bytes, *, last: bool = False) -> Iterator[TextRecord]:
        """The records that are complete with this block; after the last one, whatever remains."""
        text = self._text + self._bytes.decode(block, final=last)
        at = self._end_of_long_line(text)
        while at < len(text):
            fields, end = self._fields(text, at, last)
            if end < 0:
                if not last and len(text) - at <= LONGEST_OBJECT:
                    break
                end = text.find("\n", at) + 1 or len(text)
                self._too_long = not text.endswith("\n", at, end)
            record = self._record(text[at:end], fields)
            if record:
                yield record
            self._line += text.count("\n", at, end)
            at = end
        self._text = text[at:]

    def _end_of_long_line(self, text: str) -> int:
        if not self._too_long:
            return 0
        end = text.find("\n") + 1
        self._too_long = not end
        self._line += end > 0
        return end or len(text)

    def _record(self, source: str, fields: Fields) -> TextRecord | None:
        raw = source.removesuffix("\n").removesuffix("\r")
        if not raw and self._format.ignore_blank_lines:
            return None
        fault = self._fault_of_record(raw, fields)
        if fault:
            return TextRecord(self._line, raw.partition("\0")[0], [], [], fault)
        fields = self._completed(raw, fields)
        fault = self._first_fault(raw, fields)
        held = len(self._fillers) if fault is None or fault.column < 0 else fault.column
        return TextRecord(self._line, raw, fields.texts[:held], fields.starts, fault)

    def _fault_of_record(self, raw: str, fields: Fields) -> Fault | None:
        if "\0" in raw and not self._format.nul_is_null:
            return missing_newline(raw, max(raw.index("\0") - 1, 0))
        if fields.stray >= 0:
            return missing_newline(raw, fields.stray)
        if len(raw) > LONGEST_OBJECT // 4 and len(raw.encode("utf-8", "surrogateescape")) > LONGEST_OBJECT:
            return Fault(-1, *TOO_LARGE)
        return None

    def _completed(self, raw: str, fields: Fields) -> Fields:
        """The fields with those that FILLRECORD adds, without the nothing behind a delimiter that ends the line."""
        texts, starts, broken, _ = fields
        wanted = len(self._fillers)
        if broken or len(texts) == wanted:
            return fields
        if len(texts) == wanted + 1 and not self._format.quote and starts[-1] == len(raw):
            return Fields(texts[:-1], starts[:-1])
        if len(texts) > wanted:
            return fields
        if self._format.fill_record:
            added = self._fillers[len(texts) :]
            return Fields([*texts, *added], [*starts, *[len(raw)] * len(added)])
        return Fields(texts, starts, NO_DELIMITER)

    def _first_fault(self, raw: str, fields: Fields) -> Fault | None:
        texts, _, broken, _ = fields
        faults = [self._extra(fields)] if len(texts) > len(self._fillers) else []
        if broken and len(texts) <= len(self._fillers):
            faults = [self._fault(fields, len(texts) - 1, broken)]
        if "\0" in raw or not (raw.isascii() or NOT_UTF8.search(raw) is None):
            faults = [*self._bad_characters(fields), *faults]
        return faults[0] if faults else None

    def _extra(self, fields: Fields) -> Fault:
        return self._fault(fields, len(self._fillers), EXTRA_COLUMNS)._replace(column=-1)

    def _bad_characters(self, fields: Fields) -> Iterator[Fault]:
        """Fields before one that is broken, and in a column, that hold bytes of no character or NULs."""
        sound = len(fields.texts) - (fields.broken is not None)
        for index, text in enumerate(fields.texts[: min(sound, len(self._fillers))]):
            undecodable = NOT_UTF8.search(text or "")
            if undecodable:
                found = undecodable[0].encode("utf-8", "surrogateescape")
                yield self._fault(fields, index, (1220, not_utf8(found)))
            elif text and "\0" in text.rstrip("\0"):
                yield self._fault(fields, index, LONG_NUL)

    def _fault(self, fields: Fields, index: int, what: tuple[int, str]) -> Fault:
        text = fields.texts[index]
        value = NOT_UTF8.sub(".", self._format.null if text is None else text)
        return Fault(index, *what, fields.starts[index] - bool(self._format.widths), value)
