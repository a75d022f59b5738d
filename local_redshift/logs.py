"""Log lines that are one line whatever a client sent: ``event key=value key=value``."""

from __future__ import annotations

import json
import logging

LOGGER = logging.getLogger("local_redshift")


def line(event: str, **fields: object) -> str:
    """``line("connected", user="a b", session=3)`` -> ``connected user="a b" session=3``."""
    return " ".join([event, *(f"{name}={_shown(value)}" for name, value in fields.items())])


def _shown(value: object) -> str:
    text = str(value)
    plain = text.isascii() and text.isprintable() and text and not set(text) & set(' "=')
    return text if plain else json.dumps(text)
