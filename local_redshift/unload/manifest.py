"""The manifest of an UNLOAD: which files were written and, with VERBOSE, what is in them.

https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD_command_examples.html#unload-examples-manifest
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_redshift.data_types import RedshiftType

    Entry = tuple[str, int, int]  # URL, bytes, rows with a header


def manifest(
    entries: Sequence[Entry], columns: Sequence[tuple[str, RedshiftType]], *, verbose: bool, sized: bool
) -> str:
    """The manifest's text; ``sized`` tells the files' sizes, which COPY asks of columnar files."""
    found: dict[str, Any] = {"entries": [_entry(entry, verbose=verbose, sized=sized) for entry in entries]}
    if verbose:
        found["schema"] = {"elements": [{"name": name, "type": _type(kind)} for name, kind in columns]}
        found["meta"] = {
            "content_length": sum(size for _, size, _ in entries),
            "record_count": sum(rows for _, _, rows in entries),
        }
        found["author"] = {"name": "Amazon Redshift", "version": "1.0.0"}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _entry(entry: Entry, *, verbose: bool, sized: bool) -> dict[str, Any]:
    url, size, rows = entry
    if verbose:
        return {"url": url, "meta": {"content_length": size, "record_count": rows}}
    return {"url": url, "meta": {"content_length": size}} if sized else {"url": url}


def _type(kind: RedshiftType) -> dict[str, Any]:
    found: dict[str, Any] = {"base": kind.name}
    if kind.length is not None:
        found["max_length"] = kind.length
    if kind.precision is not None:
        found |= {"precision": kind.precision, "scale": kind.scale}
    return found
