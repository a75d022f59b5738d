"""Files and folders through Hadoop's file systems: S3, or this machine's disk. Paths are URLs or local paths."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING, Any

from data_lake.job.errors import OutputError, doing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyspark.sql import DataFrame, SparkSession


class Files:
    """Every method may raise LakeError."""

    def __init__(self, spark: SparkSession) -> None:
        context: Any = spark.sparkContext
        self._jvm = context._jvm
        self._configuration = context._jsc.hadoopConfiguration()
        # Hive's, which stands before it in Spark, does not rename over a file.
        self._disk = self._jvm.org.apache.hadoop.fs.LocalFileSystem()
        self._disk.initialize(self._jvm.java.net.URI("file:///"), self._configuration)
        self._disk.setWriteChecksum(False)

    def exists(self, path: str) -> bool:
        with doing(f"looking for {path}"):
            return bool(self._system(path).exists(self._path(path)))

    def is_folder(self, path: str) -> bool:
        with doing(f"looking for {path}"):
            found = self._system(path).exists(self._path(path))
            return bool(found and self._system(path).getFileStatus(self._path(path)).isDirectory())

    def lies_in(self, path: str, folder: str) -> bool:
        """Whether a path is a folder or below it."""
        return f"{self._whole(path)}/".startswith(f"{self._whole(folder)}/")

    def literal(self, path: str) -> str:
        """A path for Spark to read, which takes some characters for a pattern, those of the working folder too."""
        return re.sub(r"[\\{}\[\]*?]", r"\\\g<0>", self._whole(path))

    def folders(self, path: str) -> list[str]:
        """The names of the folders in a folder; none where it is not there."""
        with doing(f"listing {path}"):
            if not self.exists(path):
                return []
            found = self._system(path).listStatus(self._path(path))
            return sorted(one.getPath().getName() for one in found if one.isDirectory())

    def under(self, path: str) -> list[str]:
        """The files in a folder and in those below it, relative to it; none where it is not there."""
        return list(self.sizes(path))

    def sizes(self, path: str) -> dict[str, int]:
        """The same with their bytes, in the names' order."""
        with doing(f"listing {path}"):
            base = self._system(path).makeQualified(self._path(path)).toUri().getPath().rstrip("/") + "/"
            found = ((one.getPath().toUri().getPath()[len(base) :], one.getLen()) for one in self._statuses(path))
            return dict(sorted(found))

    def modified(self, path: str) -> float:
        """Seconds since 1970 when the youngest file below a folder was written; 0 where none is."""
        with doing(f"listing {path}"):
            return max((one.getModificationTime() / 1000 for one in self._statuses(path)), default=0.0)

    def make_folder(self, path: str) -> None:
        with doing(f"making the folder {path}", OutputError):
            if not self._system(path).mkdirs(self._path(path)):
                raise OutputError(f"The folder {path} cannot be made.", "Check its permissions, or choose another.")

    def delete(self, path: str) -> None:
        """A file, or a folder with all that is in it; no error where it is not there."""
        with doing(f"deleting {path}", OutputError):
            self._system(path).delete(self._path(path), True)

    def read(self, path: str) -> str | None:
        """A small file's text; None where it is not there."""
        with doing(f"reading {path}"):
            if not self.exists(path):
                return None
            with closing(self._system(path).open(self._path(path))) as stream:
                return bytes(self._jvm.org.apache.commons.io.IOUtils.toByteArray(stream)).decode()

    def write(self, path: str, text: str) -> None:
        """A small file, replaced in one piece on S3."""
        with (
            doing(f"writing {path}", OutputError),
            closing(self._system(path).create(self._path(path), True)) as stream,
        ):
            stream.write(bytearray(text.encode()))

    def replace(self, source: str, target: str) -> None:
        """Put a file in the place of another (or of none), so that a reader sees the one or the other, whole.

        A disk renames over it. S3 has no rename: an object appears when its upload is complete, so the new one is
        uploaded over the old; where there is none, it is copied within S3.
        """
        with doing(f"publishing {target}", OutputError):
            system, old, new = self._system(target), self._path(target), self._path(source)
            system.mkdirs(old.getParent())
            if system.getUri().getScheme() != "file" and system.exists(old):
                utilities = self._jvm.org.apache.hadoop.fs.FileUtil
                moved = utilities.copy(system, new, system, old, True, True, self._configuration)
            else:
                moved = system.rename(new, old)
        if not moved:
            raise OutputError(f"{target} cannot be written.", "Check the folder's permissions, then run it again.")

    def _statuses(self, path: str) -> Iterator[Any]:
        if self._system(path).exists(self._path(path)):
            found = self._system(path).listFiles(self._path(path), True)
            while found.hasNext():
                yield found.next()

    def _whole(self, path: str) -> str:
        with doing(f"looking for {path}"):
            return str(self._system(path).makeQualified(self._path(path)).toString())

    def _path(self, path: str) -> Any:
        return self._jvm.org.apache.hadoop.fs.Path(path)

    def _system(self, path: str) -> Any:
        system = self._path(path).getFileSystem(self._configuration)
        return self._disk if system.getUri().getScheme() == "file" else system


def parquet(spark: SparkSession, folder: str, columns: dict[str, str]) -> DataFrame:
    """The Parquet in a folder, over ``columns`` (name -> type) whatever the files say of themselves."""
    schema = ", ".join(f"`{name}` {kind}" for name, kind in columns.items())
    return spark.read.schema(schema).parquet(Files(spark).literal(folder))


def joined(folder: str, *names: str) -> str:
    """A path below a folder.

    >>> joined("s3://lake/", "songs", "year=1999")
    's3://lake/songs/year=1999'
    """
    return "/".join([folder.rstrip("/"), *names])


def first_existing(files: Files, folder: str, names: Iterable[str]) -> str | None:
    return next((path for path in (joined(folder, name) for name in names) if files.exists(path)), None)
