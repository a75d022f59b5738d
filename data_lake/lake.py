"""A lake that is there, on this machine or in S3: its tables with their columns, partitions and files."""

from __future__ import annotations

import json
import shlex
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from data_lake.job.run import MARK
from data_lake.laptop import located
from warehouse import command
from warehouse.aws import DEFAULT_REGION
from warehouse.aws_errors import AwsFailed, doing
from warehouse.errors import WarehouseError
from warehouse.remedies import AWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data_lake.settings import LakeSettings

REMEDIES = {
    r"NoSuchBucket": "Check the bucket's name.",
    **{pattern: hint.replace("dwh.cfg", "dl.cfg") for pattern, hint in AWS.items()},
}
NULL = "__HIVE_DEFAULT_PARTITION__"
AT_ONCE = 16  # files on their way: S3 takes its time for each


class NoLake(WarehouseError):
    """Nothing that data_lake/etl.py wrote lies there."""


@dataclass(frozen=True)
class File:
    """``path`` is relative to the lake's folder."""

    path: str
    bytes: int


@dataclass(frozen=True)
class Table:
    """A table of a lake, with Spark's types (name -> type).

    ``columns`` are those of the star schema in its order, ``partitions`` those that are folders instead of being in the
    files; some are both.
    """

    name: str
    columns: dict[str, str]
    partitions: dict[str, str]
    files: tuple[File, ...]

    @property
    def stored(self) -> dict[str, str]:
        """The columns that are in the files, in the files' order."""
        return {name: kind for name, kind in self.columns.items() if name not in self.partitions}

    @property
    def all_columns(self) -> dict[str, str]:
        """The star schema's, then the partition columns that it has not."""
        return self.columns | self.partitions

    @property
    def folders(self) -> dict[str, dict[str, str | None]]:
        """The folder of each partition that is there, relative to the lake's, with its columns' values in order."""
        found = {file.path.rpartition("/")[0] for file in self.files} if self.partitions else set()
        read = {folder: dict(part.split("=", 1) for part in folder.split("/")[1:]) for folder in found}
        order = sorted(read, key=lambda folder: [(len(value), value) for value in read[folder].values()])
        return {
            folder: {name: None if value == NULL else value for name, value in read[folder].items()} for folder in order
        }


@dataclass(frozen=True)
class Lake:
    """``place`` is ``s3://bucket/prefix`` or an absolute path, without a slash at its end; ``region`` the bucket's."""

    place: str
    tables: tuple[Table, ...]
    region: str = ""

    @property
    def in_s3(self) -> bool:
        return self.place.startswith("s3://")


class Store(Protocol):
    """Where a lake lies. Every method may raise WarehouseError; ``path`` is relative to the lake's folder."""

    place: str

    def read(self, path: str) -> str | None:
        """A small file's text; None where it is not there."""

    def files(self, folder: str) -> Iterator[File]:
        """All files in a folder of the lake and below."""

    def local(self, lake: Lake, folder: Path) -> Path:
        """A folder of this machine with all of the lake's files: ``folder``, filled for that, unless it is here."""


def open_store(settings: LakeSettings) -> Store:
    """Where the lake of these settings lies."""
    place = located(settings.output, settings)
    return Bucket(settings, place.rstrip("/")) if place.startswith("s3://") else Folder(Path(place).absolute())


def find(store: Store) -> Lake:
    """The lake that lies there. Raises NoLake where none does, and AwsFailed."""
    mark = store.read(MARK)
    if mark is None:
        raise NoLake(f"There is no lake in {store.place}: it has no {MARK}.", _make(store.place))
    try:
        told = json.loads(mark)["tables"]
        tables = tuple(_table(name, one["columns"], one["partitions"], store.files(name)) for name, one in told.items())
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NoLake(f"{store.place}/{MARK} is not what data_lake/etl.py writes.", _make(store.place)) from None
    if not any(table.files for table in tables):
        raise NoLake(f"The lake in {store.place} holds no files.", _make(store.place))
    return Lake(store.place, tables, store.region if isinstance(store, Bucket) else "")


def _make(place: str) -> str:
    script = command.shown(Path(__file__).with_name("etl.py"))
    return f"{shlex.join([command.python(), script, '--output', place])} makes one."


def _table(name: str, columns: dict[str, str], partitions: list[str], files: Iterator[File]) -> Table:
    typed = {partition: columns.get(partition, "INT") for partition in partitions}
    return Table(name, columns, typed, tuple(sorted((file for file in files if _shown(file)), key=lambda f: f.path)))


def _shown(file: File) -> bool:
    """Whether Spark, Hive, Athena and Spectrum see it too; they take such names for files that are being written."""
    return not file.path.rpartition("/")[2].startswith((".", "_"))


class Folder:
    """A lake on this machine's disk."""

    def __init__(self, path: Path) -> None:
        self.place, self._path = str(path), path

    def read(self, path: str) -> str | None:
        try:
            return (self._path / path).read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise WarehouseError(f"{self.place}/{path} cannot be read: {error.strerror}.") from None

    def files(self, folder: str) -> Iterator[File]:
        try:
            for file in (self._path / folder).rglob("*"):
                if file.is_file():
                    yield File(file.relative_to(self._path).as_posix(), file.stat().st_size)
        except OSError as error:
            raise WarehouseError(
                f"{self.place}/{folder} cannot be listed: {error.strerror}.", "If it is being written, ask again."
            ) from None

    def local(self, lake: Lake, folder: Path) -> Path:  # noqa: ARG002  it is here
        return self._path


class Bucket:
    """A lake in S3, by the right that dl.cfg gives, or boto3's own chain."""

    def __init__(self, settings: LakeSettings, place: str) -> None:
        self.place = place
        self._bucket, _, self._prefix = place.removeprefix("s3://").partition("/")
        with self._doing("looking for AWS credentials"):
            session = settings.access.session()
            self._client: Any = session.client("s3", region_name=session.region_name or DEFAULT_REGION)

    @property
    def region(self) -> str:
        """The bucket's; empty where S3 does not tell."""
        with self._doing(f"asking for the region of {self._bucket}"):
            return str(self._client.head_bucket(Bucket=self._bucket).get("BucketRegion") or "")

    def read(self, path: str) -> str | None:
        try:
            with self._doing(f"reading {self.place}/{path}"):
                answer = self._client.get_object(Bucket=self._bucket, Key=self._key(path))
                return str(answer["Body"].read().decode("utf-8", "replace"))
        except AwsFailed as error:
            if error.code == "NoSuchKey":
                return None
            raise

    def files(self, folder: str) -> Iterator[File]:
        pages = self._client.get_paginator("list_objects_v2")
        with self._doing(f"listing {self.place}/{folder}"):
            for page in pages.paginate(Bucket=self._bucket, Prefix=f"{self._key(folder)}/"):
                for one in page.get("Contents", ()):
                    yield File(one["Key"].removeprefix(self._key("")), one["Size"])

    def local(self, lake: Lake, folder: Path) -> Path:
        files = [file.path for table in lake.tables for file in table.files]

        def fetch(path: str) -> None:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            self._client.download_file(self._bucket, self._key(path), str(folder / path))

        with self._doing(f"fetching {self.place}"), ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(fetch, files))
        return folder

    def _key(self, path: str) -> str:
        return f"{self._prefix}/{path}" if self._prefix else path

    def _doing(self, what: str) -> Any:
        return doing(what, REMEDIES)
