"""JSON numbers that load into strings, kept as they are written: ``1.10``, ``1e5``.

The engine reads a number and writes it anew, 1.10 as 1.1. Where such numbers feed string columns, they are quoted
before the engine sees them. Programs that write them write them throughout: the beginning of a file tells.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local_redshift.copy.columns import Mapping

_SAMPLED = 32 * 1024
# What would come out otherwise: -0, a fraction with zeros at its end, a tiny one, more digits than a double holds, an
# exponent.
_REWRITTEN = (
    rb"(-0(?![\d.eE])|-?\d+\.\d+0(?![\deE])|-?0\.0000\d+(?![eE])|(?=[-\d.]{19})-?\d+\.\d+(?![eE])"
    rb"|-?\d+(?:\.\d+)?[eE][+-]?\d+)(?=\s*[,}])"
)
_ANY = re.compile(rb":\s*" + _REWRITTEN)


class Literals:
    """Quotes the numbers that one COPY loads into string columns."""

    def __init__(self, mapping: Mapping) -> None:
        keys = _string_keys(mapping)
        spelled = b"|".join(re.escape(json.dumps(key, ensure_ascii=False)[1:-1].encode()) for key in sorted(keys))
        flags = re.IGNORECASE if mapping.ignore_case else 0
        self._pattern = re.compile(rb'(?<!\\)("(?:' + spelled + rb')"\s*:\s*)' + _REWRITTEN, flags) if keys else None

    def occur(self, content: bytes) -> bool:
        """Whether the beginning of some content holds such numbers."""
        sample = content[:_SAMPLED]
        return (
            self._pattern is not None
            and _ANY.search(sample) is not None  # the quicker of the two
            and self._pattern.search(sample) is not None
        )

    def quoted(self, content: bytes) -> bytes:
        """The content with those numbers as strings; no number may be cut at its end."""
        return content if self._pattern is None else self._pattern.sub(rb'\1"\2"', content)


def _string_keys(mapping: Mapping) -> set[str]:
    """The keys that feed string columns and nothing else; none where whole values are kept, whose numbers must stay."""
    if any(column.type.name == "super" for column in mapping.columns):
        return set()
    strings: set[str] = set()
    others: set[str] = set()
    for column, path in zip(mapping.columns, mapping.paths, strict=True):
        if path and isinstance(path[-1], str):
            (strings if column.type.is_string else others).add(path[-1])
    return strings - others
