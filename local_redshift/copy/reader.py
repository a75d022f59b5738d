"""The SELECTs of a load: from staged files to raw texts, from raw texts to values and problems.

Three ways to the raw texts: the engine's JSON reader splits lines into columns (fast), or gives whole root values
from which paths are taken, or the values come as parameters, one by one found in a file that failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_redshift.copy.conversions import convert, fault
from local_redshift.copy.extraction import Extraction, documents, file_list, guard, json_part, root_problem, scalar_text
from local_redshift.schema import literal, quote

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path as FilePath

    from local_redshift.copy.columns import Mapping
    from local_redshift.copy.jsonpaths import Path
    from local_redshift.copy.options import Values

COUNTER = "redshift_copy_problems"  # a temporary sequence: its value tells how many rows were flagged


@dataclass(frozen=True)
class Source:
    """A relation of raw texts r0, r1..., of g0, g1... (why a path leads nowhere) where ``guarded``, and of ``root``.

    ``root`` is NULL, or why the whole value cannot be a row.
    """

    sql: str
    guarded: bool


class Reader:
    """Writes the SELECTs for one COPY."""

    def __init__(self, mapping: Mapping, options: Values) -> None:
        self._mapping = mapping
        self._columns = mapping.columns
        self._conversions = tuple(
            convert(column.type, options, f'"r{index}"', f'"d{index}"') for index, column in enumerate(mapping.columns)
        )

    # sources

    def lines(self, files: Sequence[FilePath], keys: frozenset[str] = frozenset()) -> Source | None:
        """Split lines into columns: None where the keys do not allow it.

        ``keys`` are those that occur in the data, needed for 'auto ignorecase' alone. Lines that are no JSON, and
        such without any of the keys, come out as rows of NULLs: ``root`` tells of both.
        """
        wanted: dict[str, str] = {}
        for index, paths in enumerate(self._paths(keys)):
            key = paths[0][0] if len(paths) == 1 and len(paths[0]) == 1 else None
            kind = self._kind(index)
            if not isinstance(key, str) or wanted.setdefault(key, kind) != kind:
                return None
        if not wanted or len({key.lower() for key in wanted}) < len(wanted):
            return None
        types = ", ".join(f"{literal(key)}: '{kind}'" for key, kind in wanted.items())
        texts = [
            f'CAST({quote(str(paths[0][0]))} AS VARCHAR) AS "r{index}"' for index, paths in enumerate(self._paths(keys))
        ]
        nothing = " AND ".join(f"{quote(key)} IS NULL" for key in wanted)
        return Source(
            f"SELECT {', '.join(texts)}, CASE WHEN {nothing} THEN 'Invalid value.' END AS root "
            f"FROM read_json({file_list(files)}, format = 'newline_delimited', records = true, ignore_errors = true, "
            f"compression = 'none', columns = {{{types}}})",
            guarded=False,
        )

    def documents(self, files: Sequence[FilePath], *, by_line: bool, keys: frozenset[str] = frozenset()) -> Source:
        """Take paths from whole values: a line each, or wherever one ends and the next begins."""
        return self._extracted(f"SELECT json FROM {documents(files, by_line=by_line)}", keys)

    def records(self, keys: frozenset[str] = frozenset()) -> Source:
        """Take paths from the values of the parameter ``$raw``, a list; ``number`` counts them from 1."""
        values = "SELECT unnest($raw) AS raw, unnest(range(1, len($raw) + 1)) AS number"
        return self._extracted(
            f"SELECT CASE WHEN json_valid(raw) THEN CAST(raw AS JSON) END AS json, number FROM ({values})",
            keys,
            "number, ",
        )

    @property
    def needs_keys(self) -> bool:
        """Whether the data's own keys must be known: 'auto ignorecase'."""
        return self._mapping.ignore_case

    def _paths(self, keys: frozenset[str]) -> list[tuple[Path, ...]]:
        """The paths of each column: several where the data spells its key in several ways."""
        if not self._mapping.ignore_case:
            return [(path,) for path in self._mapping.paths]
        spelled: dict[str, list[Path]] = {}
        for key in sorted(keys):
            spelled.setdefault(key.lower(), []).append((key,))
        return [tuple(spelled.get(str(path[0]), [path])) for path in self._mapping.paths]

    def _kind(self, index: int) -> str:
        return "JSON" if self._conversions[index].from_json else "VARCHAR"

    def _extracted(self, values: str, keys: frozenset[str], passed: str = "") -> Source:
        paths = self._paths(keys)
        texts = Extraction("json_extract_string", "texts")
        parts = Extraction("json_extract", "parts")
        types = Extraction("json_type", "types")
        selected = []
        for index, alternatives in enumerate(paths):
            from_json = self._conversions[index].from_json
            raw = json_part(alternatives, parts) if from_json else scalar_text(alternatives, texts, types)
            selected.append(f'{raw} AS "r{index}"')
            selected.append(f'{guard(alternatives, types)} AS "g{index}"')
        selected.append(f"{root_problem(self._mapping.wants_objects, types)} AS root")
        parsed = ", ".join(["*", *(extraction.sql for extraction in (texts, parts, types) if extraction.paths)])
        return Source(f"SELECT {passed}{', '.join(selected)} FROM (SELECT {parsed} FROM ({values}))", guarded=True)

    # what is selected from them

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
            "WHERE NOT list_contains(CAST($bad AS BIGINT[]), number)"
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
        return " OR ".join(conditions)

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
