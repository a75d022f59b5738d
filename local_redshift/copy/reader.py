"""The SELECTs of a load: from staged files to raw texts, from raw texts to values and problems.

Three ways to the raw texts: the engine's JSON reader splits lines into columns (fast), or gives whole root values
from which paths are taken, or the values come as parameters, one by one found in a file that failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_redshift.copy.conversions import convert, fault
from local_redshift.copy.extraction import Extraction, documents, file_list, guard, part, root_problem, text
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

    def _located(index: int, problem: str, value: str) -> str:
    return (
        f'struct_pack("column" := {index}, code := ({problem}).code, reason := ({problem}).reason, '
        f'"position" := ({problem})."position", value := {value})'
    )
