"""From an object's bytes to lines of UTF-8: decompressed, transcoded, without byte order mark and header lines.

Whatever the format of the rows, they see the same bytes. Everything streams: a piece at a time is held.

https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-file-compression.html
https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-conversion.html#copy-encoding
"""

from __future__ import annotations

import bz2
import codecs
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO

from local_redshift.copy.records import LONGEST_OBJECT
from local_redshift.errors import RedshiftError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from local_redshift.copy.objects import S3Object
    from local_redshift.copy.options import Values
    from local_redshift.copy.replacements import Replacements

_CHUNK = 4 * 1024 * 1024
_COMPRESSED = 4 * 1024  # bytes taken at a time: what they unfold to is held at once, a thousandfold and more
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_MARKS = (codecs.BOM_UTF8, *_UTF16)
# ENCODING -> the codec; UTF16 asks the byte order mark.
_CODECS = {"UTF8": "", "UTF-8": "", "UTF16": "", "UTF16LE": "utf-16-le", "UTF16BE": "utf-16-be", "ISO88591": "latin-1"}
ENCODINGS = tuple(_CODECS)
COMPRESSIONS = ("GZIP", "BZIP2", "ZSTD")


class WrongEncodingError(Exception):
    """A file is not in the encoding that the COPY names: it is left out, and counts as one error."""


class Decoder:
    """Reads objects as a COPY's options ask."""

    def __init__(self, options: Values, replacements: Replacements) -> None:
        self._encoding = str(options.get("ENCODING", "UTF8")).upper()
        self._compression = next((name for name in COMPRESSIONS if name in options), "")
        self._header = int(options.get("IGNOREHEADER", 0))
        self._replacing = _replacing(str(options["ACCEPTINVCHARS"])) if "ACCEPTINVCHARS" in options else ""
        self._replacements = replacements
        self._changes = bool(self._header or self._replacing) or self._encoding not in {"UTF8", "UTF-8"}

    def changes(self, beginning: bytes) -> bool:
        """Whether content that begins so cannot be read as it is."""
        return self._changes or beginning.startswith(_MARKS)

    @property
    def unpacks(self) -> bool:
        """Whether objects are compressed."""
        return self._compression != ""

    def unpacked(self, item: S3Object, source: BinaryIO) -> Iterator[bytes]:
        """The content of an object, decompressed. Raises RedshiftError, naming the object, for another compression."""
        return unpacked(item, source, self._compression) if self._compression else _pieces(source, _CHUNK)

    def decoded(self, item: S3Object, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The lines of an object's content as UTF-8. Raises WrongEncodingError."""
        chunks = _without_lines(self._transcoded(chunks), self._header)
        return self._replaced(item.url, chunks) if self._replacing else chunks

    def _transcoded(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        first = _at_least(chunks, len(codecs.BOM_UTF8))
        mark = next((mark for mark in _MARKS if first.startswith(mark)), b"")
        codec = self._codec(mark) if first else ""
        first = first.removeprefix(mark)
        if not codec:
            yield first
            yield from chunks
            return
        decoder = codecs.getincrementaldecoder(codec)("surrogatepass" if mark or "16" in codec else "strict")
        yield _utf8(decoder.decode(first))
        for chunk in chunks:
            yield _utf8(decoder.decode(chunk))
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            raise WrongEncodingError(f"File is not {self._encoding}: it ends within a character") from None

    def _codec(self, mark: bytes) -> str:
        """The codec of a file with this byte order mark, empty for UTF-8."""
        codec = _UTF16.get(mark, "") if self._encoding == "UTF16" else _CODECS[self._encoding]
        if self._encoding == "UTF16" and not codec:
            raise WrongEncodingError("File is not UTF16: it has no byte order mark")
        marked = {codecs.BOM_UTF8: ""}.get(mark, _UTF16.get(mark, codec))
        if marked != codec and codec != "latin-1":
            name = marked.upper() or "UTF-8"
            raise WrongEncodingError(f"File is not {self._encoding}: its byte order mark is that of {name}")
        return codec

    def _replaced(self, file: str, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Each byte that belongs to no UTF-8 character becomes the character of ACCEPTINVCHARS."""
        line = 1 + self._header
        for block in _lines(chunks):
            if _is_utf8(block):
                yield block
            else:
                rows = block.split(b"\n")
                for at, row in enumerate(rows):
                    if not _is_utf8(row):
                        self._replacements.note(file, line + at, row)
                        rows[at] = row.decode("utf-8", self._replacing).encode()
                yield b"\n".join(rows)
            line += block.count(b"\n")


def unpacked(item: S3Object, source: BinaryIO, compression: str) -> Iterator[bytes]:
    """The content of all members of a compressed file, one after another. Raises RedshiftError naming the object."""
    import zstandard

    make: Callable[[], Any] = {
        "GZIP": lambda: zlib.decompressobj(wbits=31),
        "BZIP2": bz2.BZ2Decompressor,
        "ZSTD": zstandard.ZstdDecompressor().decompressobj,
    }[compression]
    unpacker = None
    try:
        for piece in _pieces(source, _COMPRESSED):
            rest = piece if unpacker else piece.lstrip(b"\0")  # gzip files may be filled up with NULs
            while rest:
                unpacker = unpacker or make()
                yield unpacker.decompress(rest)
                rest = unpacker.unused_data.lstrip(b"\0") if unpacker.eof else b""
                unpacker = None if unpacker.eof else unpacker
    except (OSError, ValueError, zlib.error, zstandard.ZstdError) as error:
        raise _corrupt(item, compression, str(error)) from error
    if unpacker is not None:
        raise _corrupt(item, compression, "it ends too early")


def _corrupt(item: S3Object, compression: str, reason: str) -> RedshiftError:
    return RedshiftError(
        f"The object {item.url} is not a complete {compression.lower()} file: {reason}",
        hint=f"COPY with {compression} expects every object under the prefix to be compressed so.",
    )


def _pieces(source: BinaryIO, size: int) -> Iterator[bytes]:
    while piece := source.read(size):
        yield piece


def _at_least(chunks: Iterator[bytes], size: int) -> bytes:
    held = b""
    for chunk in chunks:
        held += chunk
        if len(held) >= size:
            break
    return held


def _without_lines(chunks: Iterator[bytes], count: int) -> Iterator[bytes]:
    for chunk in chunks:
        rest = chunk
        while count and rest:
            end = rest.find(b"\n")
            count -= end >= 0
            rest = rest[end + 1 :] if end >= 0 else b""
        if rest:
            yield rest


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, cut behind newlines, or in lines longer than a row may be, between characters."""
    held = b""
    for chunk in chunks:
        held += chunk
        end = held.rfind(b"\n") + 1
        if not end and len(held) > LONGEST_OBJECT:
            end = _character_end(held)
        if end:
            yield held[:end]
            held = held[end:]
    if held:
        yield held


def _character_end(text: bytes) -> int:
    """The last place near the end before which no character is cut in two."""
    for end in range(len(text) - 1, len(text) - 5, -1):
        if text[end] & 0xC0 != 0x80:
            return end
    return len(text)


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _replacing(character: str) -> str:
    """The name of a decoding error handler that writes ``character`` once for every byte that is no UTF-8."""

    def replace(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        return character * (error.end - error.start), error.end

    name = f"copy_acceptinvchars_{ord(character)}"
    codecs.register_error(name, replace)
    return name


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
