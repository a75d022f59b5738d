"""Zip archives as input, as they are: Spark cannot split them, so each is unpacked by one task."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from typing import TYPE_CHECKING

from data_lake.job.files import Files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from pyspark.sql import DataFrame, SparkSession

CHUNK = 8 * 1024 * 1024  # bytes of whole lines that make a row, until Spark takes them apart


class ArchiveError(Exception):
    """An archive that cannot be unpacked; names it and its member."""


def lines(spark: SparkSession, archive: str) -> DataFrame:
    """The lines of every member: ``file`` (``archive.zip!member``), ``value``, ``readable``: whether it is UTF-8."""
    chunks = spark.sparkContext.binaryFiles(Files(spark).literal(archive)).flatMap(_unpacked)
    frame = spark.createDataFrame(chunks, "file STRING, chunk STRING, readable BOOLEAN")
    return frame.selectExpr("file", "explode(split(chunk, '\n')) AS value", "readable")


def _unpacked(archive: tuple[str, bytes]) -> Iterator[tuple[str, str, bool]]:
    """Runs on a worker: the members' lines, a chunk at a time."""
    name, content = archive
    member = ""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            for member in opened.namelist():
                if not _hidden(member):
                    with opened.open(member) as stream:
                        for text, readable in _texts(_plain(member, stream)):
                            yield f"{name}!{member}", text, readable
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise ArchiveError(f"{name}{'!' if member else ''}{member} is damaged: {error}.") from None
    except (RuntimeError, NotImplementedError) as error:  # encrypted; packed in a way that Python does not know
        raise ArchiveError(f"{name}!{member} cannot be unpacked: {error}.") from None


def _hidden(member: str) -> bool:
    """Folders, and what macOS puts beside the files; in folders Spark passes over such names too."""
    return member.endswith("/") or any(part.startswith((".", "_")) for part in member.split("/"))


def _plain(member: str, stream: IO[bytes]) -> IO[bytes]:
    return gzip.open(stream) if member.endswith(".gz") else stream  # type: ignore[return-value]


def _texts(stream: IO[bytes]) -> Iterator[tuple[str, bool]]:
    """Whole lines, many at a time; line by line where some are not UTF-8, to tell which."""
    while lines := stream.readlines(CHUNK):
        chunk = b"".join(lines)
        for part in [chunk] if _readable(chunk) else lines:
            yield part.decode(errors="replace"), _readable(part)


def _readable(part: bytes) -> bool:
    try:
        part.decode()
    except UnicodeDecodeError:
        return False
    return True
