"""One classic dwh.cfg as people really write it, and the environment before it.

Values bare or quoted, ``%`` in passwords, keys in either of the usual spellings and in any case, a byte order mark,
a comment behind a value. What the settings are is told by tables of ``Key``: see ``warehouse.config`` and
``infrastructure.settings``.
"""

from __future__ import annotations

import configparser
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from warehouse.errors import ConfigError

Sections = Mapping[str, Mapping[str, str]]

# A bare value of these keys is taken to the letter, since `#` may belong to it.
_SECRETS = frozenset(
    (
        *("DB_PASSWORD", "DWH_DB_PASSWORD", "DWH_PASSWORD"),
        *("SECRET", "AWS_SECRET_ACCESS_KEY", "SECRET_ACCESS_KEY", "SECRET_KEY", "AWS_SECRET_KEY"),
        *("TOKEN", "AWS_SESSION_TOKEN", "SESSION_TOKEN"),
    )
)
_OF_AWS = re.compile(r"\s*(AWS_|INPUT|OUTPUT)", re.IGNORECASE)  # how the first keys of a classic dl.cfg begin
_YES, _NO = frozenset({"yes", "true", "on", "1"}), frozenset({"no", "false", "off", "0"})


class Key(NamedTuple):
    """Where a setting may stand; the first spelling is the one that messages use."""

    sections: tuple[str, ...]
    names: tuple[str, ...]
    variables: tuple[str, ...]


def read(file: Path) -> dict[str, dict[str, str]]:
    """The sections of a classic dwh.cfg, names in upper case, values unquoted. Raises ConfigError.

    Messages name lines, never what stands in them: it may be a password.
    """
    parser = configparser.RawConfigParser(allow_no_value=True)
    try:
        parser.read_string(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file} is not UTF-8 text.") from None
    except configparser.MissingSectionHeaderError as error:
        raise ConfigError(
            f"{file}, line {error.lineno}: no section before the first key.",
            f"Put a line such as {'[AWS]' if _OF_AWS.match(error.line) else '[CLUSTER]'} above it.",
        ) from None
    except configparser.DuplicateOptionError as error:
        raise ConfigError(f"{file}, line {error.lineno}: {error.option.upper()} stands there twice.") from None
    except configparser.DuplicateSectionError as error:
        raise ConfigError(f"{file}, line {error.lineno}: section [{error.section}] stands there twice.") from None
    except configparser.ParsingError as error:
        lines = ", ".join(str(line) for line, _ in error.errors)
        raise ConfigError(f"{file}, line {lines}: neither a section nor KEY = value.") from None
    return {
        section.upper(): {key.upper(): unquote(value or "", key.upper()) for key, value in parser.items(section)}
        for section in (*parser.sections(), *([parser.default_section] if parser.defaults() else []))
    }


def unquote(value: str, key: str = "") -> str:
    """A value without its quotes and without a comment behind it.

    >>> unquote("'s3://b/log_data'  # the logs"), unquote('"x"'), unquote("dev ; the default")
    ('s3://b/log_data', 'x', 'dev')

    A bare password is taken to the letter, since ``#`` may belong to it:

    >>> unquote("Pa%ss #1", "DB_PASSWORD")
    'Pa%ss #1'
    """
    quoted = re.fullmatch(r"""(["'])(.*?)\1\s*([#;].*)?""", value)
    if quoted:
        return quoted[2]
    return value if key in _SECRETS else re.sub(r"(^|\s+)[#;].*", "", value)


class Value(NamedTuple):
    text: str
    place: str  # for messages: "dwh.cfg: [CLUSTER] DB_PORT" or "the environment's DWH_DB_PORT"


class Reader:
    """One file and one environment, asked for the settings of ``keys``. Every question may raise ConfigError."""

    def __init__(self, file: Path, keys: Mapping[str, Key], environment: Mapping[str, str]) -> None:
        self.file = file
        self.sections: Sections = read(file) if file.exists() else {}
        self._keys = keys
        self._environment = environment

    def find(self, setting: str) -> Value | None:
        """The value and its place: the environment first, then the first spelling with something behind it."""
        key = self._keys[setting]
        for variable in key.variables:
            if variable in self._environment:
                return Value(self._environment[variable].strip(), f"the environment's {variable}")
        found = [
            Value(self.sections[section][name], f"{self.file}: [{section}] {name}")
            for section in key.sections
            for name in key.names
            if name in self.sections.get(section, {})
        ]
        return next((value for value in found if value.text), found[0] if found else None)

    def filled(self, setting: str) -> Value | None:
        """The value and its place, where there is something in it."""
        value = self.find(setting)
        return value if value and value.text else None

    def text(self, setting: str) -> str:
        value = self.find(setting)
        return value.text if value else ""

    def unread(self) -> list[str]:
        """Filled keys that no setting reads, such as ``[CLUSTER] NUM_NODE``, though they look like ours.

        In the sections that settings have, any key; in others those that are spelled like one of a setting. [S3] may
        hold more paths, for a ``sql_queries.py`` of one's own.
        """
        sections = {section for key in self._keys.values() for section in key.sections} - {"S3"}
        names = {name for key in self._keys.values() for name in key.names}
        read_ = {(section, name) for key in self._keys.values() for section in key.sections for name in key.names}
        for_all = self.sections.get("DEFAULT", {}).items()  # configparser shows them in every section
        return [
            f"[{section}] {name}"
            for section, keys in self.sections.items()
            for name, text in keys.items()
            if text and (section, name) not in read_ and (section in sections or name in names)
            if section == "DEFAULT" or (name, text) not in for_all
        ]

    def missing(self, setting: str, because: str, remedy: str = "") -> ConfigError:
        """The error that ``setting`` must be filled in; ``because`` is who needs it."""
        key = self._keys[setting]
        variable = f", or set {key.variables[0]} in the environment" if key.variables else ""
        return ConfigError(
            f"{self.file}: [{key.sections[0]}] {key.names[0]} is missing, and {because} needs it.",
            f"Fill it in{variable}. {remedy}".strip(),
        )

    def matching(self, setting: str, pattern: str, what: str, default: str = "") -> str:
        """A value that fits the whole pattern; ``what`` tells in a message what it should have been."""
        value = self.filled(setting)
        if value and not re.fullmatch(pattern, value.text):
            raise ConfigError(f"{value.place} is {value.text!r}, not {what}.")
        return value.text if value else default

    def choice(self, setting: str, choices: tuple[str, ...], default: str) -> str:
        value = self.filled(setting)
        if value and value.text not in choices:
            raise ConfigError(f"{value.place} is {value.text!r}, not one of {', '.join(choices)}.")
        return value.text if value else default

    def number(self, setting: str, low: int, high: int, what: str, default: int) -> int:
        """A whole number from ``low`` to ``high``; ``what`` tells in a message what it should have been."""
        value = self.filled(setting)
        if value is None:
            return default
        if not (value.text.isascii() and value.text.isdigit() and low <= int(value.text) <= high):
            raise ConfigError(f"{value.place} is {value.text!r}, not {what}.")
        return int(value.text)

    def flag(self, setting: str, default: bool) -> bool:
        value = self.filled(setting)
        if value is None:
            return default
        if value.text.lower() not in _YES | _NO:
            raise ConfigError(f"{value.place} is {value.text!r}, neither yes nor no.")
        return value.text.lower() in _YES

    def path(self, setting: str) -> str:
        """A path as the file means it: relative to the file's own folder; from the environment to the working one."""
        value = self.filled(setting)
        if value is None:
            return ""
        path = Path(value.text).expanduser()
        return str(path if value.place.startswith("the environment") else self.file.parent / path)
