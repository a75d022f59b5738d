"""COPY FORMAT PARQUET: columns by position, all files of a kind in one statement, the first error ends the load.

https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from local_redshift.copy.columns import target
from local_redshift.copy.decoding import unpacked
from local_redshift.copy.extraction import file_list
from local_redshift.copy.ledger import LOAD_FAILED
from local_redshift.copy.objects import detail_block
from local_redshift.copy.parquet_types import Element, mismatch, top_level
from local_redshift.copy.parquet_values import FAULT, FILE, value
from local_redshift.copy.problems import columnar_error
from local_redshift.copy.staging import Piece, Unit, temporary_folder
from local_redshift.errors import FeatureNotSupported, RedshiftError
from local_redshift.schema import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from local_redshift.copy.command import CopyContext
    from local_redshift.copy.ledger import Ledger
    from local_redshift.copy.objects import ObjectStore, S3Object
    from local_redshift.copy.statement import CopyStatement
    from local_redshift.schema import Column, Table

_MAGIC = b"PAR1"
_BATCH = 1024 * 1024 * 1024  # bytes of downloaded files at a time
_UNPACKED = {".gz": "GZIP", ".bz2": "BZIP2"}  # what a key's ending says of a file that is no Parquet
_SCAN_ERROR = 15007
_SCHEMA = (
    "SELECT file_name, name, type, try_cast(type_length AS INTEGER), repetition_type, coalesce(num_children, 0), "
    "converted_type, scale, precision, logical_type, duckdb_type FROM parquet_schema({}) ORDER BY file_name, column_id"
)


class File(NamedTuple):
    """A Parquet file as fetched, and its columns."""

    item: S3Object
    path: Path
    columns: tuple[Element, ...]
    rows: int


def check_parquet(statement: CopyStatement, columns: Sequence[Column]) -> None:
    """Refuse what columnar files cannot be loaded with. Raises RedshiftError, FeatureNotSupported."""
    if any(column.type.name == "super" for column in columns) and "SERIALIZETOJSON" not in statement.options:
        raise RedshiftError("SUPER column in COPY query requires SERIALIZETOJSON option")
    if statement.options.get("ACCEPTINVCHARS", "?") != "?":
        raise FeatureNotSupported("ACCEPTINVCHARS with Parquet is built in the local warehouse for '?' only")


class ParquetLoad:
    """One COPY's load: ``rows`` counts what was loaded."""

    def __init__(
        self, context: CopyContext, statement: CopyStatement, table: Table, columns: tuple[Column, ...], ledger: Ledger
    ) -> None:
        self.rows = 0
        self._context = context
        self._connection = context.connection
        self._statement = statement
        self._target = target(table)
        self._columns = columns
        self._ledger = ledger

    def run(self, store: ObjectStore, objects: Sequence[S3Object]) -> None:
        """Load the objects. Raises RedshiftError for the first that cannot be loaded."""
        with temporary_folder() as folder:
            for batch in self._batches(store, objects, folder):
                self._load(batch)

    # files

    def _batches(
        self, store: ObjectStore, objects: Sequence[S3Object], folder: Path
    ) -> Iterator[list[tuple[S3Object, Path]]]:
        """The objects that hold anything, fetched, about a gigabyte of downloads at a time."""
        batch: list[tuple[S3Object, Path]] = []
        size = 0
        for number, item in enumerate(objects):
            self._context.stop_if_cancelled()
            path = folder / f"{number}.parquet"
            store.fetch(item, path)
            self._check_length(item, path)
            if not path.stat().st_size:
                self._ledger.note_files([Unit(path, (Piece(item, 0, 0),))], 0)
                continue
            path = _plain(item, path)
            batch.append((item, path))
            size += 0 if path.is_symlink() else path.stat().st_size
            if size >= _BATCH:
                yield batch
                for _, used in batch:
                    used.unlink()
                batch, size = [], 0
        if batch:
            yield batch

    def _check_length(self, item: S3Object, path: Path) -> None:
        length = path.stat().st_size
        if item.promised is not None and item.promised != length:
            self._refuse(
                item, f"File '{item.url}' has {length} bytes, but content_length in the manifest is {item.promised}"
            )

    def _opened(self, batch: list[tuple[S3Object, Path]]) -> list[File]:
        """The files with their columns, which fit the table's."""
        import duckdb

        for item, path in batch:
            with path.open("rb") as content:
                content.seek(max(0, path.stat().st_size - len(_MAGIC)))
                end = content.read()
            if end != _MAGIC:
                self._refuse(
                    item, f"File '{item.url}' has an invalid version number: {end!r:.20}. It is no Parquet file"
                )
        paths = file_list([path for _, path in batch])
        elements: dict[str, list[Element]] = {}
        try:
            for path_name, *fields in self._connection.execute(_SCHEMA.format(paths)).fetchall():
                elements.setdefault(path_name, []).append(Element(*fields))
            counts = f"SELECT file_name, num_rows FROM parquet_file_metadata({paths})"
            rows = dict(self._connection.execute(counts).fetchall())
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            self._refuse_unreadable(error, batch)
        files = [File(item, path, top_level(elements[str(path)]), rows[str(path)]) for item, path in batch]
        for file in files:
            self._check_columns(file)
        return files

    def _check_columns(self, file: File) -> None:
        wanted, held = len(self._columns), len(file.columns)
        if held > wanted or (held < wanted and "FILLRECORD" not in self._statement.options):
            self._refuse(
                file.item,
                f"Unmatched number of columns between table and file. Table columns: {wanted}, Data columns: {held}, "
                f"File name: {file.item.url}",
            )
        for column, element in zip(self._columns, file.columns, strict=False):
            if reason := mismatch(column.type, element):
                named = reason.replace("{column}", f"{self._statement.source}.{column.name}")
                self._refuse(file.item, f"File '{file.item.url}' {named}", column)

    # rows

    def _load(self, batch: list[tuple[S3Object, Path]]) -> None:
        import duckdb

        groups: dict[tuple[tuple[str, str], ...], list[File]] = {}
        for file in self._opened(batch):
            groups.setdefault(tuple((each.name, each.engine_type) for each in file.columns), []).append(file)
        for files in groups.values():
            try:
                found = self._connection.execute(self._insert(files)).fetchone()
            except (duckdb.InterruptException, duckdb.OutOfMemoryException):
                raise
            except duckdb.Error as error:
                self._explain(error, files)
            self.rows += int(found[0]) if found else 0
            for file in files:
                self._ledger.note_files([_unit(file)], file.rows)

    def _insert(self, files: Sequence[File]) -> str:
        held = files[0].columns
        aliases = ", ".join(f"c{index}" for index in range(len(held)))
        replacing = "ACCEPTINVCHARS" in self._statement.options
        values = [
            value(column, held[index] if index < len(held) else None, index, replacing=replacing)
            for index, column in enumerate(self._columns)
        ]
        names = ", ".join(quote(column.name) for column in self._columns)
        return (
            f"INSERT INTO {self._target} ({names}) SELECT {', '.join(values)} FROM read_parquet("
            f"{file_list([file.path for file in files])}, filename = '{FILE}', hive_partitioning = false, "
            f"utf8_validation = '{'replace' if replacing else 'strict'}') AS t({aliases})"
        )

    # what goes wrong

    def _explain(self, error: Exception, files: Sequence[File]) -> NoReturn:
        """Turn the engine's error into that of the value, or of the file."""
        match = FAULT.search(str(error))
        if match is None:
            self._refuse_unreadable(error, [(file.item, file.path) for file in files])
        kind, index, told, path = match.groups()
        item = next(file.item for file in files if str(file.path) == path)
        column = self._columns[int(index)]
        if kind == "null":
            self._refuse(item, f"Cannot insert a NULL value into column {column.name}", column, code=1213)
        if kind == "multibyte":
            reason = "Multibyte character not supported for CHAR (Hint: Try using VARCHAR). Invalid char: "
            self._refuse(item, f"{reason}{told}", column, code=1220)
        if kind == "super":
            self._refuse(item, "String value exceeds the max size of 65535 bytes", column, code=1224)
        self._refuse(
            item,
            f"The length of the data column {column.name} is longer than the length defined in the table. "
            f"Table: {column.type.length}, Data: {told}, File name: {item.url}",
            column,
        )

    def _refuse_unreadable(self, error: Exception, batch: Sequence[tuple[S3Object, Path]]) -> NoReturn:
        text = str(error).splitlines()[0]
        item = next((item for item, path in batch if str(path) in text), batch[0][0])
        for each, path in batch:
            text = text.replace(str(path), each.url)
        reason = re.sub(r"^[A-Za-z ]*Error: ", "", text)
        code = 1220 if "valid UTF8" in reason or "UTF8 string" in reason else _SCAN_ERROR
        self._refuse(item, f"File '{item.url}' cannot be read: {reason}", code=code)

    def _refuse(
        self, item: S3Object, context: str, column: Column | None = None, *, code: int = _SCAN_ERROR
    ) -> NoReturn:
        """Write the error down, and raise it as the client is to see it."""
        self._ledger.errors.append(columnar_error(item.url, column, code, context))
        message = "Spectrum Scan Error"
        self._ledger.abort(message)
        detail = detail_block(message, code, context, "dory_util.cpp", query=self._context.query_id)
        raise RedshiftError(message, detail=detail, routine=LOAD_FAILED)


def _plain(item: S3Object, path: Path) -> Path:
    """The Parquet file itself: a key's ending may tell that it is compressed as a whole."""
    compression = next((name for ending, name in _UNPACKED.items() if item.key.endswith(ending)), None)
    with path.open("rb") as file:
        if compression is None or file.read(len(_MAGIC)) == _MAGIC:
            return path
        file.seek(0)
        plain = path.with_suffix(".unpacked")
        with plain.open("wb") as result:
            result.writelines(unpacked(item, file, compression))
    path.unlink()
    return plain


def _unit(file: File) -> Unit:
    return Unit(file.path, (Piece(file.item, file.path.stat().st_size, file.rows),))
