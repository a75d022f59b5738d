"""The statements of a load: from raw texts to values and problems, whatever format the texts came in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_redshift.copy.conversions import Text, convert, fault
from local_redshift.schema import literal, quote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_redshift.copy.options import Values
    from local_redshift.schema import Column

COUNTER = "redshift_copy_problems"  # a temporary sequence: its value tells how many rows were flagged


@dataclass(frozen=True)
class Source:
    """A relation of raw texts r0, r1..., of g0, g1... (why a path leads nowhere) where ``guarded``, and of ``root``.

    ``root`` is NULL, or why the whole value cannot be a row. Where ``counted``, the column ``held`` tells how many of
    the texts were found before the row turned out to be bad.
    """

    sql: str
    guarded: bool = False
    counted: bool = False


class Selects:
    """Writes the statements for one COPY."""

    def __init__(self, columns: Sequence[Column], options: Values, *, json: bool) -> None:
        """``json`` tells that texts of numbers come as JSON.

        Raises FeatureNotSupported for a column type that COPY cannot load here, InvalidParameterValue for a bad format.
        """
        self._columns = columns
        self._conversions = tuple(
            convert(column.type, options, Text(f'"r{index}"', f'"d{index}"', json))
            for index, column in enumerate(columns)
        )

    def insert(self, source: Source, target: str, *, hasty: bool) -> str:
        """Load the good rows; COUNTER counts the bad ones.

        An error would end the transaction, in which another way to read the file must still be tried. Being
        ``hasty``, a statement that is planned faster, counts a few good values as bad as well.
        """
        numbers = range(len(self._columns))
        values = ", ".join(f'{self._tried(index, source, hasty=hasty)} AS "v{index}"' for index in numbers)
        loaded = ", ".join(f'"v{index}"' for index in numbers)
        bad = " OR ".join(["root IS NOT NULL", *(f"({self._failed(index, source, hasty=hasty)})" for index in numbers)])
        return (
            f"INSERT INTO {target} ({self._names()}) SELECT {loaded} "
            f"FROM (SELECT *, {values} FROM ({self._derived(source)})) "
            f"WHERE CASE WHEN {bad} THEN nextval('temp.{COUNTER}') IS NULL ELSE true END"
        )

    def probe(self, source: Source) -> str:
        """Counts the rows, those that are none at all, and those with a bad value."""
        bad = " OR ".join(
            f"CASE WHEN {self._quick(index, source)} THEN false ELSE {self._is_bad(index, source)} END"
            for index in range(len(self._columns))
        )
        return (
            "SELECT count(*), count(*) FILTER (root IS NOT NULL), "
            f"count(*) FILTER (root IS NULL AND ({bad})) FROM ({self._derived(source)})"
        )

    def problems(self, source: Source) -> str:
        """The bad records: number, column's index (-1 for the whole record), code, reason, position, value."""
        firsts = [f"WHEN root IS NOT NULL THEN {_located(-1, fault(1216, 'root'), literal(''))}"]
        for index in range(len(self._columns)):
            located = _located(index, self._fault(index, source), self._shown(index))
            firsts.append(f"WHEN {self._is_bad(index, source)} THEN {located}")
        found = f"CASE {' '.join(firsts)} END"
        return (
            f"SELECT number, found.* FROM (SELECT number, {found} AS found FROM ({self._derived(source)})) "
            "WHERE found IS NOT NULL ORDER BY number"
        )

    def insert_good(self, source: Source, target: str) -> str:
        """Load the records whose number is not in the parameter ``$bad``."""
        values = [self._typed(index, self._conversions[index].value) for index in range(len(self._columns))]
        return (
            f"INSERT INTO {target} ({self._names()}) SELECT {', '.join(values)} FROM ({self._derived(source)}) "
            "WHERE number NOT IN (SELECT unnest(CAST($bad AS BIGINT[])))"
        )

    def _names(self) -> str:
        return ", ".join(quote(column.name) for column in self._columns)

    def _derived(self, source: Source) -> str:
        derived = "".join(
            f', {conversion.derived} AS "d{index}"'
            for index, conversion in enumerate(self._conversions)
            if conversion.derived
        )
        return f"SELECT *{derived} FROM ({source.sql})"

    def _typed(self, index: int, value: str) -> str:
        return f"CAST({value} AS {self._columns[index].type.duckdb})"

    def _is_bad(self, index: int, source: Source) -> str:
        """Holds where a column cannot be loaded: its path leads nowhere, its value is bad, or missing."""
        column, conversion = self._columns[index], self._conversions[index]
        conditions = [f'"g{index}" IS NOT NULL'] if source.guarded else []
        conditions.append(f"({conversion.bad})")
        if not column.nullable:
            conditions.append(f"({conversion.value}) IS NULL")
        bad = " OR ".join(conditions)
        return f"held > {index} AND ({bad})" if source.counted else bad

    def _fault(self, index: int, source: Source) -> str:
        """What is wrong where ``_is_bad`` holds."""
        conversion = self._conversions[index]
        missing = fault(1213, literal("Missing data for not-null field"))
        value = f"CASE WHEN {conversion.bad} THEN {conversion.fault} ELSE {missing} END"
        if not source.guarded:
            return value
        guard = f'"g{index}"'
        return f"CASE WHEN {guard} IS NOT NULL THEN {fault(1216, guard)} ELSE {value} END"

    def _quick(self, index: int, source: Source) -> str:
        """Holds only for good values, and is cheap."""
        conversion = self._conversions[index]
        guard = f'"g{index}" IS NULL AND ' if source.guarded else ""
        return f"{guard}{conversion.quick}" if conversion.quick else "false"

    def _tried(self, index: int, source: Source, *, hasty: bool) -> str:
        """The value, or NULL where it is bad."""
        conversion = self._conversions[index]
        quick = f"WHEN {self._quick(index, source)} THEN {self._typed(index, conversion.quick_value)}"
        if hasty and conversion.usual:
            return conversion.quick_value
        bad = f"WHEN {self._is_bad(index, source)} THEN NULL"
        return f"CASE {quick} {bad} ELSE {self._typed(index, conversion.value)} END"

    def _failed(self, index: int, source: Source, *, hasty: bool) -> str:
        """Holds where ``_tried`` found a bad value: as a rule a look at a NULL mask is all it takes."""
        column, conversion = self._columns[index], self._conversions[index]
        if hasty and conversion.usual:
            missing = "" if column.nullable else f' OR "v{index}" IS NULL'
            return f"NOT ({self._quick(index, source)}){missing}"
        return f'"v{index}" IS NULL' + (f" AND ({self._is_bad(index, source)})" if column.nullable else "")

    def _shown(self, index: int) -> str:
        """The text of a bad value as the load-error tables show it."""
        text = f'"r{index}"'
        if self._conversions[index].from_json:
            unquoted = f"json_extract_string(CAST({text} AS JSON), '$')"
            text = f"CASE WHEN starts_with({text}, '\"') THEN {unquoted} ELSE {text} END"
        return f"coalesce({text}, '')"


def _located(index: int, problem: str, value: str) -> str:
    return (
        f'struct_pack("column" := {index}, code := ({problem}).code, reason := ({problem}).reason, '
        f'"position" := ({problem})."position", value := {value})'
    )
