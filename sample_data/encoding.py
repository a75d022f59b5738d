"""JSON as the logs and the song files spell it."""

from __future__ import annotations

import json


def json_text(value: str | float | None, *, ascii_only: bool) -> str:
    r"""A value as JSON with ``/`` escaped, as PHP and many loggers write it.

    >>> json_text("café/bar", ascii_only=True)
    '"caf\\u00e9\\/bar"'
    """
    return json.dumps(value, ensure_ascii=ascii_only).replace("/", r"\/")


def doubly_encoded(text: str) -> str:
    """UTF-8 read as Latin-1, which is how some players report accents.

    >>> doubly_encoded("é")
    'Ã©'
    """
    return text.encode("utf-8").decode("latin-1")
