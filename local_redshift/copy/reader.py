"""From staged files of JSON to raw texts, as SQL.

Three ways to the raw texts: the engine's JSON reader splits lines into columns (fast), or gives whole root values
from which paths are taken, or the values come as parameters, one by one found in a file that failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_redshift.copy.extraction import Extraction, documents, file_list, guard, json_part, root_problem, scalar_text
from local_redshift.copy.literals import Literals
from local_redshift.copy.selects import Selects, Source
from local_redshift.schema import literal, quote

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path as FilePath

    from local_redshift.copy.columns import Mapping
    from local_redshift.copy.jsonpaths import Path
    from local_redshift.copy.options import Values


class Reader(Selects):
    """Writes the statements for one COPY of JSON."""

    def __init__(self, mapping: Mapping, options: Values) -> None:
        super().__init__(mapping.columns, options, json=True)
        self._mapping = mapping
        self.literals = Literals(mapping)

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
            f"compression = 'none', columns = {{{types}}})"
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
