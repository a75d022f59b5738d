"""From staged files of text to raw texts, as SQL.

Two ways to the raw texts: the engine's CSV reader splits regular files, and records that were split here come in a file
of their own, which it reads as well.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING
from uuid import uuid4

from local_redshift.copy.extraction import file_list
from local_redshift.copy.records import LONGEST_OBJECT
from local_redshift.copy.selects import Selects, Source
from local_redshift.copy.text.regular import Shape
from local_redshift.schema import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from local_redshift.copy.options import Values
    from local_redshift.copy.text.format import TextFormat
    from local_redshift.copy.text.splitter import TextRecord
    from local_redshift.schema import Column

REJECTS = "redshift_copy_rejects"  # a temporary table: rows that the engine's reader could not split
REJECT_SCANS = "redshift_copy_reject_scans"
_BUFFER = 32 * 1024 * 1024
# Regular files hold no NUL. A string that they may hold would let a field too many pass at the end of a row.
_NO_NULL = "\0"
_NULL = f"\1{uuid4().hex}"  # NULL in a file of split records


class TextReader(Selects):
    """Writes the statements for one COPY of text."""

    def __init__(self, columns: Sequence[Column], text_format: TextFormat, options: Values) -> None:
        super().__init__(columns, options, json=False)
        self._format = text_format

    def files(self, files: Sequence[Path], shape: Shape) -> Source:
        """Regular files of one shape; what the engine's reader cannot split is left out and noted in REJECTS."""
        if self._format.widths:
            return self._fixed(files, shape)
        names = [f"c{index}" for index in range(len(self._columns) + shape.trailing)]
        texts = [self._text(name) for name in names[: len(self._columns)]]
        bad = [f"{names[-1]} <> ''"] if shape.trailing else []
        bad += [self._open_quote(name) for name in names] if self._format.remove_quotes else []
        scan = _scan(files, names, self._format.delimiter, self._format.quote, _NO_NULL, shape)
        return _source(texts, bad, scan)

    def _text(self, name: str) -> str:
        text = name
        if self._format.remove_quotes:
            text = f"CASE WHEN {_begins_quoted(name)} THEN substring({name}, 2, length({name}) - 2) ELSE {name} END"
        return f"nullif({text}, {_character(self._format.null)})"

    def _open_quote(self, name: str) -> str:
        return f"({_begins_quoted(name)} AND (strlen({name}) < 2 OR NOT suffix({name}, left({name}, 1))))"

    def _fixed(self, files: Sequence[Path], shape: Shape) -> Source:
        texts, at = [], 0
        for width in self._format.widths:
            piece = f"substring(c0, {at + 1}, {width})"
            texts.append(f"CASE WHEN rtrim({piece}, ' ') = {_character(self._format.null)} THEN NULL ELSE {piece} END")
            at += width
        last = at - self._format.widths[-1]
        bad = [f"length(c0) > {at} AND trim(substring(c0, {at + 1}), ' ') <> ''", f"length(c0) <= {last}"]
        scan = _scan(files, ["c0"], "\1", "", _NO_NULL, shape)
        return _source(texts, bad if last else bad[:1], scan)

    def records(self, file: Path) -> Source:
        """The records that ``write_records`` has written; ``number`` counts them from 1."""
        names = [f"c{index}" for index in range(len(self._columns))]
        texts = ", ".join(f'{name} AS "r{index}"' for index, name in enumerate(names))
        scan = _scan([file], ["number", "held", *names], ",", '"', _NULL, Shape(spanning=True), rejecting=False)
        return Source(
            f"SELECT CAST(number AS BIGINT) AS number, CAST(held AS INTEGER) AS held, {texts}, "
            f"CAST(NULL AS VARCHAR) AS root FROM {scan}",
            counted=True,
        )

    def write_records(self, file: Path, records: Iterable[TextRecord]) -> bool:
        """Write records down so that the engine reads each text as it is here; False if one of them has a fault."""
        nothing = [_NULL] * len(self._columns)
        sound = True
        with file.open("w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\n")
            for number, record in enumerate(records, start=1):
                held = len(record.texts)
                texts = [_NULL if text is None else text for text in record.texts]
                writer.writerow([number, held, *texts, *nothing[held:]])
                sound = sound and record.fault is None
        return sound


def _source(texts: list[str], bad: list[str], scan: str) -> Source:
    selected = ", ".join(f'{text} AS "r{index}"' for index, text in enumerate(texts))
    root = f"CASE WHEN {' OR '.join(bad)} THEN '' END" if bad else "CAST(NULL AS VARCHAR)"
    return Source(f"SELECT {selected}, {root} AS root FROM {scan}")


def _begins_quoted(name: str) -> str:
    return f"left({name}, 1) IN ('\"', '''')"


def _scan(
    files: Sequence[Path],
    names: Sequence[str],
    delimiter: str,
    quote: str,
    null: str,
    shape: Shape,
    *,
    rejecting: bool = True,
) -> str:
    """The engine's CSV reader, nothing left to its guesses but whether lines end with a carriage return.

    Several threads guess where the first record of their share begins, and take lines within quotes for rows.
    """
    columns = ", ".join(f"{name}: 'VARCHAR'" for name in names)
    line_ends = "" if shape.crlf else r", new_line = '\n'"
    rejects = (
        f", ignore_errors = true, store_rejects = true, rejects_limit = 1, "
        f"rejects_table = '{REJECTS}', rejects_scan = '{REJECT_SCANS}'"
    )
    return (
        f"read_csv({file_list(files)}, auto_detect = false, header = false, strict_mode = true, compression = 'none', "
        f"delim = {_character(delimiter)}, quote = {_character(quote)}, escape = {_character(quote)}, comment = '', "
        f"nullstr = {_character(null)}, columns = {{{columns}}}, max_line_size = {LONGEST_OBJECT}, "
        f"buffer_size = {_BUFFER}, parallel = {not shape.spanning}{line_ends}{rejects if rejecting else ''})"
    )


def _character(text: str) -> str:
    return " || ".join(f"chr({ord(each)})" for each in text) if not text.isprintable() else literal(text)
