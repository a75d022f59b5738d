"""The jsonpaths file: the n-th path feeds the n-th column.

https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html#copy-json-jsonpaths
"""

from __future__ import annotations

import json
import re
from typing import TypeAlias

from local_redshift.errors import RedshiftError

Path: TypeAlias = "tuple[str | int, ...]"  # keys and array indexes, from the root

_BRACKET = re.compile(r"\[\s*(?:'([^'\[\]]*)'|\"([^\"\[\]]*)\"|(\d+))\s*\]")
_DOT = re.compile(r"\.([^.\[\]'\"]+)|\[\s*(\d+)\s*\]")


def read_jsonpaths(content: bytes, url: str) -> tuple[Path, ...] | None:
    """The paths of a file; None where its key is not ``jsonpaths``: Redshift then reads as with 'auto'.

    Raises RedshiftError, naming the file and the place, for what is no jsonpaths file.
    """
    try:
        document = json.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _invalid(url, f"it is not UTF-8 (byte {error.start})") from None
    except json.JSONDecodeError as error:
        raise _invalid(url, f"{error.msg} at line {error.lineno}, column {error.colno}") from None
    if not isinstance(document, dict):
        raise _invalid(url, "it must hold one JSON object")
    if "jsonpaths" not in document:
        return None
    expressions = document["jsonpaths"]
    if not isinstance(expressions, list):
        raise _invalid(url, '"jsonpaths" must be an array of strings')
    paths = tuple(_path(expression, index, url) for index, expression in enumerate(expressions, start=1))
    if {_notation(expression) for expression in expressions} >= {"bracket", "dot"}:
        raise _invalid(url, "bracket and dot notation are mixed")
    return paths


def _path(expression: object, index: int, url: str) -> Path:
    if not isinstance(expression, str) or not expression.strip():
        raise _invalid(url, f"path {index} is empty or not a string")
    text = expression.strip()
    if not text.startswith("$"):
        raise _invalid(url, f"path {index}, {expression}, must begin with $")
    notation = _DOT if _notation(text) == "dot" else _BRACKET
    steps: list[str | int] = []
    at = 1
    while at < len(text):
        match = notation.match(text, at)
        key = next((group for group in match.groups() if group is not None), None) if match else None
        if match is None or not key or key == "*":
            raise _invalid(url, f"path {index}, {expression}, is not supported from {text[at:]!r} on")
        steps.append(int(key) if _is_index(match[0]) else key)
        at = match.end()
    return tuple(steps)


def _is_index(step: str) -> bool:
    return re.fullmatch(r"\[\s*\d+\s*\]", step) is not None


def _notation(expression: object) -> str:
    """``bracket``, ``dot``, or ``either`` for a path of indexes alone."""
    text = str(expression)
    if re.search(r"\[\s*['\"]", text):
        return "bracket"
    return "dot" if "." in text else "either"


def _invalid(url: str, reason: str) -> RedshiftError:
    return RedshiftError(
        f"Invalid JSONPath format: {url}: {reason}",
        hint="A jsonpaths file reads {\"jsonpaths\": [\"$['key']\", \"$['object']['key']\", \"$['array'][0]\"]}.",
    )
