"""Taking paths out of whole JSON values, as SQL over a column ``json``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_redshift.copy.records import LONGEST_OBJECT
from local_redshift.schema import literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path as FilePath

    from local_redshift.copy.jsonpaths import Path

_NOT_AN_OBJECT = "Invalid JSONPath format: Member is not an object."
_NOT_IN_ARRAY = "Invalid JSONPath format: Not an array or index out of range."


class Extraction:
    """One call of a JSON function for many paths: a call for each would parse the value as often."""

    def __init__(self, function: str, name: str) -> None:
        self.paths: list[Path] = []
        self._function = function
        self._name = name

    def at(self, path: Path) -> str:
        """What the function gives for ``path``, as SQL over the column that ``sql`` makes."""
        if path not in self.paths:
            self.paths.append(path)
        return f"{self._name}[{self.paths.index(path) + 1}]"

    @property
    def sql(self) -> str:
        return f"{self._function}(json, [{', '.join(map(_json_path, self.paths))}]) AS {self._name}"


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
            text = (
                _part(alternatives, parts) if self._conversions[index].from_json else _text(alternatives, texts, types)
            )
            selected.append(f'{text} AS "r{index}"')
            selected.append(f'{_guard(alternatives, types)} AS "g{index}"')
        selected.append(f"{_root_problem(self._mapping.wants_objects, types)} AS root")
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


def documents(files: Sequence[FilePath], *, by_line: bool) -> str:
    """The engine's reader of whole values; by line it gives NULL for what is no JSON, else it raises."""
    how = "format = 'newline_delimited', ignore_errors = true" if by_line else "format = 'unstructured'"
    return f"read_json_objects({file_list(files)}, {how}, compression = 'none')"


def keys_of(values: str) -> str:
    """The distinct first-level keys of a relation of values ``json``."""
    return f"SELECT DISTINCT unnest(json_keys(json)) FROM ({values}) WHERE json_type(json) = 'OBJECT'"


def part(paths: tuple[Path, ...], parts: Extraction) -> str:
    """The JSON text at the first of the paths that leads to something."""
    return _first([f"nullif(CAST({parts.at(path)} AS VARCHAR), 'null')" for path in paths])


def text(paths: tuple[Path, ...], texts: Extraction, types: Extraction) -> str:
    """The scalar's text at the first of the paths that leads to something, floats written as in columns of lines."""
    found = []
    for path in paths:
        text, number = texts.at(path), f"CAST({texts.at(path)} AS DOUBLE)"
        # Integers and floats that are too large for the engine stay as they are written.
        is_float = f"{types.at(path)} = 'DOUBLE' AND regexp_matches({text}, '[.eE]') AND isfinite({number})"
        found.append(f"CASE WHEN {is_float} THEN CAST({number} AS VARCHAR) ELSE {text} END")
    return _first(found)


def _first(found: list[str]) -> str:
    return f"coalesce({', '.join(found)})" if len(found) > 1 else found[0]


def _json_path(path: Path) -> str:
    steps = [f"[{step}]" if isinstance(step, int) else f'."{_escaped(step)}"' for step in path]
    return literal("$" + "".join(steps))


def _escaped(key: str) -> str:
    return key.replace("\\", "\\\\").replace('"', '\\"')


def guard(paths: tuple[Path, ...], types: Extraction) -> str:
    """Why a path leads nowhere, step by step: a missing member is NULL, a missing element is an error."""
    checks = []
    for path in paths:
        for depth, step in enumerate(path):
            held = types.at(path[:depth]) if isinstance(step, int) or depth > 0 else ""
            if isinstance(step, int):
                element = types.at(path[: depth + 1])
                checks.append(f"WHEN {held} <> 'NULL' AND {element} IS NULL THEN {literal(_NOT_IN_ARRAY)}")
            elif held:
                checks.append(f"WHEN {held} NOT IN ('OBJECT', 'NULL') THEN {literal(_NOT_AN_OBJECT)}")
    return f"CASE {' '.join(checks)} END" if checks else "CAST(NULL AS VARCHAR)"


def root_problem(wants_objects: bool, types: Extraction) -> str:
    root = types.at(())
    other = literal(_NOT_AN_OBJECT if wants_objects else "Invalid value.")
    allowed = "('OBJECT')" if wants_objects else "('OBJECT', 'ARRAY')"
    return (
        f"CASE WHEN json IS NULL OR {root} NOT IN ('OBJECT', 'ARRAY') THEN 'Invalid value.' "
        f"WHEN {root} NOT IN {allowed} THEN {other} "
        f"WHEN strlen(CAST(json AS VARCHAR)) > {LONGEST_OBJECT} THEN 'JSON object is larger than 4 MB' END"
    )


def file_list(files: Sequence[FilePath]) -> str:
    return f"[{', '.join(literal(str(file)) for file in files)}]"
