"""dwh.cfg and the environment -> Settings.

The file is the classic one, read as people really write it: values bare or quoted, ``%`` in passwords, keys in
either of the usual spellings and in any case, a byte order mark, a comment behind a value. Environment variables
(``DWH_HOST``, ``DWH_DB_PASSWORD``, ...; see KEYS) come before the file. An empty HOST means the laptop.
"""

from __future__ import annotations

import configparser
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from warehouse.errors import ConfigError

DEFAULT_FILE = Path("dwh.cfg")
SAMPLE_DATA = Path(__file__).resolve().parent.parent / "sample_data" / "s3"
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")

Sections = Mapping[str, Mapping[str, str]]


class Key(NamedTuple):
    """Where a setting may stand; the first spelling is the one that messages use."""

    sections: tuple[str, ...]
    names: tuple[str, ...]
    variables: tuple[str, ...]


_CLUSTER = ("CLUSTER", "DWH")
KEYS = {
    "host": Key(_CLUSTER, ("HOST", "DWH_HOST", "DWH_ENDPOINT"), ("DWH_HOST", "DWH_ENDPOINT")),
    "database": Key(_CLUSTER, ("DB_NAME", "DWH_DB", "DWH_DB_NAME"), ("DWH_DB_NAME", "DWH_DB")),
    "user": Key(_CLUSTER, ("DB_USER", "DWH_DB_USER"), ("DWH_DB_USER",)),
    "password": Key(_CLUSTER, ("DB_PASSWORD", "DWH_DB_PASSWORD"), ("DWH_DB_PASSWORD",)),
    "port": Key(_CLUSTER, ("DB_PORT", "DWH_PORT", "DWH_DB_PORT"), ("DWH_DB_PORT", "DWH_PORT")),
    "sslmode": Key(_CLUSTER, ("SSLMODE",), ("DWH_SSLMODE",)),
    "sslrootcert": Key(_CLUSTER, ("SSLROOTCERT",), ("DWH_SSLROOTCERT",)),
    "arn": Key(("IAM_ROLE", *_CLUSTER), ("ARN", "ROLE_ARN", "DWH_ROLE_ARN"), ("DWH_ROLE_ARN", "DWH_ARN")),
    "log_data": Key(("S3",), ("LOG_DATA",), ("DWH_LOG_DATA",)),
    "log_jsonpath": Key(("S3",), ("LOG_JSONPATH", "LOG_JSON_PATH"), ("DWH_LOG_JSONPATH",)),
    "song_data": Key(("S3",), ("SONG_DATA",), ("DWH_SONG_DATA",)),
    "region": Key(("S3",), ("REGION",), ("DWH_S3_REGION",)),
    "local_database": Key(("LOCAL",), ("DATABASE",), ("DWH_LOCAL_DATABASE",)),
    "s3_root": Key(("LOCAL",), ("S3_ROOT",), ("DWH_S3_ROOT",)),
}
_SECRETS = frozenset({"DB_PASSWORD", "DWH_DB_PASSWORD", "SECRET"})


@dataclass(frozen=True)
class Settings:
    """The configuration, validated. The password does not show in ``repr``.

    ``local_database`` and ``s3_root`` matter on the laptop only; ``s3_root`` None means S3 itself.
    """

    host: str = ""
    port: int = 5439
    database: str = "dev"
    user: str = ""
    password: str = field(default="", repr=False)
    sslmode: str = "verify-full"
    sslrootcert: str = ""
    arn: str = ""
    log_data: str = "s3://udacity-dend/log_data"
    log_jsonpath: str = "s3://udacity-dend/log_json_path.json"
    song_data: str = "s3://udacity-dend/song_data"
    region: str = ""
    local_database: Path = Path("sparkify.duckdb")
    s3_root: Path | None = SAMPLE_DATA
    file: Path | None = None

    @property
    def on_laptop(self) -> bool:
        return not self.host

    @property
    def copy_authorization(self) -> str:
        """The clause of a COPY that says by whose right S3 is read: the role in ARN, else the cluster's default."""
        return f"IAM_ROLE '{self.arn}'" if self.arn else "IAM_ROLE default"

    @property
    def copy_region(self) -> str:
        """The REGION clause of a COPY; empty where bucket and cluster lie in one region."""
        return f"REGION '{self.region}'" if self.region else ""


_in_use: Settings | None = None


def use(file: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Load the settings and make them those of this process; sql_queries.py takes them from ``current``.

    ``file`` None means dwh.cfg in the working directory, which need not exist.
    Raises ConfigError.
    """
    global _in_use
    _in_use = load(file or DEFAULT_FILE, environment)
    return _in_use


def current() -> Settings:
    """The settings that ``use`` loaded; dwh.cfg's where nobody called it."""
    return _in_use or use()


def load(file: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read ``file`` (all defaults where it does not exist) and the environment. Raises ConfigError."""
    sections = read(file) if file.exists() else {}
    settings = _Reader(file, sections, environment).settings()
    if settings.on_laptop and sections and not {"CLUSTER", "DWH", "LOCAL"} & sections.keys():
        raise ConfigError(
            f"{file} has no section [CLUSTER] (for a cluster) nor [LOCAL] (for the laptop).",
            "dwh.cfg.example shows what belongs into it.",
        )
    return settings


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
            f"{file}, line {error.lineno}: no section before the first key.", "Put a line such as [CLUSTER] above it."
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
        for section in parser.sections()
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


class _Value(NamedTuple):
    text: str
    place: str  # for messages: "dwh.cfg: [CLUSTER] DB_PORT" or "the environment's DWH_DB_PORT"


class _Reader:
    """One file and one environment, asked for each setting in turn."""

    def __init__(self, file: Path, sections: Sections, environment: Mapping[str, str]) -> None:
        self.file = file
        self.sections = sections
        self.environment = environment

    def settings(self) -> Settings:
        host, port, database = _endpoint(self.find("host"))
        on_laptop = not host
        far = not on_laptop and host not in LOOPBACK  # python -m local_redshift needs no role, nor other data
        defaults = Settings()
        return Settings(
            host=host,
            port=self._port(port, defaults.port),
            database=self.text("database") or database or defaults.database,
            user=self.text("user") if on_laptop else self.required("user"),
            password=self.text("password") if on_laptop else self.required("password"),
            sslmode=self._sslmode(host),
            sslrootcert=self._path("sslrootcert"),
            arn=self._plain("arn", r"arn:aws[\w-]*:iam::\d{12}:role/[^'\s]+|default", "a role's ARN", far),
            log_data=self._s3("log_data", defaults.log_data, far),
            log_jsonpath=self._s3("log_jsonpath", defaults.log_jsonpath, far),
            song_data=self._s3("song_data", defaults.song_data, far),
            region=self._plain("region", r"[a-z]{2}[a-z-]*-\d", "a region such as us-west-2"),
            local_database=Path(self._path("local_database") or self.file.parent / defaults.local_database),
            s3_root=self._s3_root(defaults.s3_root),
            file=self.file if self.file.exists() else None,
        )

    def find(self, setting: str) -> _Value | None:
        """The value and its place: the environment first, then the first spelling with something behind it."""
        key = KEYS[setting]
        for variable in key.variables:
            if variable in self.environment:
                return _Value(self.environment[variable].strip(), f"the environment's {variable}")
        found = [
            _Value(self.sections[section][name], f"{self.file}: [{section}] {name}")
            for section in key.sections
            for name in key.names
            if name in self.sections.get(section, {})
        ]
        return next((value for value in found if value.text), found[0] if found else None)

    def text(self, setting: str) -> str:
        value = self.find(setting)
        return value.text if value else ""

    def required(self, setting: str) -> str:
        text = self.text(setting)
        if not text:
            key = KEYS[setting]
            raise ConfigError(
                f"{self.file}: [{key.sections[0]}] {key.names[0]} is missing, and a cluster (HOST) needs it.",
                f"Fill it in, or set {key.variables[0]} in the environment. With HOST empty the laptop is used.",
            )
        return text

    def _port(self, from_endpoint: str, default: int) -> int:
        value = self.find("port") or _Value(from_endpoint, "the port in HOST")
        text = value.text or from_endpoint
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
            raise ConfigError(f"{value.place} is {text!r}, not a port number (1 to 65535; Redshift's is 5439).")
        return int(text)

    def _sslmode(self, host: str) -> str:
        # A server on this machine (python -m local_redshift, an SSH tunnel) has no certificate for "localhost".
        default = "prefer" if host in LOOPBACK else Settings.sslmode
        value = self.find("sslmode")
        if not value or not value.text:
            return default
        if value.text not in SSL_MODES:
            raise ConfigError(f"{value.place} is {value.text!r}, not one of {', '.join(SSL_MODES)}.")
        return value.text

    def _plain(self, setting: str, pattern: str, what: str, required: bool = False) -> str:
        """A value that ends up between quotes in a COPY."""
        value = self.find(setting)
        if not value or not value.text:
            return self.required(setting) if required else ""
        if not re.fullmatch(pattern, value.text):
            raise ConfigError(f"{value.place} is {value.text!r}, not {what}.")
        return "" if value.text == "default" else value.text

    def _s3(self, setting: str, default: str, required: bool) -> str:
        pattern = r"s3://[^/'\s]+(/[^']*)?" + ("|auto|auto ignorecase" if setting == "log_jsonpath" else "")
        return self._plain(setting, pattern, "an S3 path such as s3://bucket/prefix", required) or default

    def _path(self, setting: str) -> str:
        """A path as the file means it: relative to the file's own folder; from the environment to the working one."""
        value = self.find(setting)
        if not value or not value.text:
            return ""
        path = Path(value.text).expanduser()
        return str(path if value.place.startswith("the environment") else self.file.parent / path)

    def _s3_root(self, default: Path | None) -> Path | None:
        if self.find("s3_root") is None:
            return default
        path = self._path("s3_root")
        return Path(path) if path else None


def _endpoint(value: _Value | None) -> tuple[str, str, str]:
    """Host, port and database of what the AWS console calls the endpoint: ``HOST[:PORT[/DATABASE]]``."""
    if value is None or not value.text:
        return "", "", ""
    match = re.fullmatch(r"([\w.-]+|::1)(?::(\w+))?(?:/(\w+))?", value.text)
    if match is None:
        raise ConfigError(f"{value.place} is {value.text!r}, not a host name.")
    return match[1], match[2] or "", match[3] or ""
