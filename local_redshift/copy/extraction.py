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


def documents(files: Sequence[FilePath], *, by_line: bool) -> str:
    """The engine's reader of whole values; by line it gives NULL for what is no JSON, else it raises."""
    how = "format = 'newline_delimited', ignore_errors = true" if by_line else "format = 'unstructured'"
    return f"read_json_objects({file_list(files)}, {how}, compression = 'none')"


def keys_of(values: str) -> str:
    """The distinct first-level keys of a relation of values ``json``."""
    return f"SELECT DISTINCT unnest(json_keys(json)) FROM ({values}) WHERE json_type(json) = 'OBJECT'"


def json_part(paths: tuple[Path, ...], parts: Extraction) -> str:
    """The JSON text at the first of the paths that leads to something."""
    return _first([f"nullif(CAST({parts.at(path)} AS VARCHAR), 'null')" for path in paths])


def scalar_text(paths: tuple[Path, ...], texts: Extraction, types: Extraction) -> str:
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
