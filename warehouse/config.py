"""dwh.cfg and the environment -> Settings.

Environment variables (``DWH_HOST``, ``DWH_DB_PASSWORD``, ...; see KEYS) come before the file. An empty HOST means
the laptop.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse import aws
from warehouse.cluster import Cluster, named_by
from warehouse.config_file import Key, Reader, Value
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEFAULT_FILE = Path("dwh.cfg")
SAMPLE_DATA = Path(__file__).resolve().parent.parent / "sample_data" / "s3"
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
PORT = "a port number (1 to 65535; Redshift's is 5439)"

_CLUSTER = ("CLUSTER", "DWH")
KEYS = {
    "host": Key(_CLUSTER, ("HOST", "DWH_HOST", "DWH_ENDPOINT"), ("DWH_HOST", "DWH_ENDPOINT")),
    "database": Key(_CLUSTER, ("DB_NAME", "DWH_DB", "DWH_DB_NAME"), ("DWH_DB_NAME", "DWH_DB")),
    "user": Key(_CLUSTER, ("DB_USER", "DWH_DB_USER", "DWH_USER"), ("DWH_DB_USER",)),
    "password": Key(_CLUSTER, ("DB_PASSWORD", "DWH_DB_PASSWORD", "DWH_PASSWORD"), ("DWH_DB_PASSWORD",)),
    "port": Key(_CLUSTER, ("DB_PORT", "DWH_PORT", "DWH_DB_PORT"), ("DWH_DB_PORT", "DWH_PORT")),
    "sslmode": Key(_CLUSTER, ("SSLMODE",), ("DWH_SSLMODE",)),
    "sslrootcert": Key(_CLUSTER, ("SSLROOTCERT",), ("DWH_SSLROOTCERT",)),
    "arn": Key(("IAM_ROLE", *_CLUSTER), ("ARN", "ROLE_ARN", "DWH_ROLE_ARN", "DWH_ARN"), ("DWH_ROLE_ARN", "DWH_ARN")),
    "log_data": Key(("S3",), ("LOG_DATA",), ("DWH_LOG_DATA",)),
    "log_jsonpath": Key(("S3",), ("LOG_JSONPATH", "LOG_JSON_PATH"), ("DWH_LOG_JSONPATH",)),
    "song_data": Key(("S3",), ("SONG_DATA",), ("DWH_SONG_DATA",)),
    "region": Key(("S3",), ("REGION",), ("DWH_S3_REGION",)),
    **aws.KEYS,
    "identifier": Key(
        _CLUSTER, ("CLUSTER_IDENTIFIER", "DWH_CLUSTER_IDENTIFIER", "IDENTIFIER"), ("DWH_CLUSTER_IDENTIFIER",)
    ),
    "cluster_type": Key(_CLUSTER, ("CLUSTER_TYPE", "DWH_CLUSTER_TYPE"), ("DWH_CLUSTER_TYPE",)),
    "local_database": Key(("LOCAL",), ("DATABASE",), ("DWH_LOCAL_DATABASE",)),
    "s3_root": Key(("LOCAL",), ("S3_ROOT",), ("DWH_S3_ROOT",)),
}


@dataclass(frozen=True)
class Settings:
    """The configuration, validated. The password does not show in ``repr``.

    ``local_database`` and ``s3_root`` matter on the laptop only; ``s3_root`` None means S3 itself. ``cluster`` is the
    one that AWS is asked for a password of, with ``access``, where there is none (``warehouse.credentials``);
    ``login_from`` tells whose it is then.
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
    cluster: Cluster | None = None
    access: aws.Access = field(default_factory=aws.Access)
    login_from: str = ""

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


def use(file: Path | None = None, environment: Mapping[str, str] = os.environ, *, loads: bool = True) -> Settings:
    """Load the settings and make them those of this process; sql_queries.py takes them from ``current``.

    ``file`` None means dwh.cfg in the working directory, which need not exist.
    Raises ConfigError.
    """
    global _in_use
    _in_use = load(file or DEFAULT_FILE, environment, loads=loads)
    return _in_use


def current() -> Settings:
    """The settings that ``use`` loaded; dwh.cfg's where nobody called it."""
    return _in_use or use()


@contextmanager
def defaults() -> Iterator[None]:
    """Within it ``current`` is the defaults: for those to whom dwh.cfg says nothing, and may be unfinished."""
    global _in_use
    before, _in_use = _in_use, Settings()
    try:
        yield
    finally:
        _in_use = before


def load(file: Path, environment: Mapping[str, str] = os.environ, *, loads: bool = True) -> Settings:
    """Read ``file`` (all defaults where it does not exist) and the environment.

    Without ``loads``, what COPY needs on a cluster (ARN, [S3]) may be absent. Raises ConfigError.
    """
    reader = Reader(file, KEYS, environment)
    settings = _settings(reader, loads=loads)
    if settings.on_laptop and reader.sections and not {"CLUSTER", "DWH", "LOCAL"} & reader.sections.keys():
        raise ConfigError(
            f"{file} has no section [CLUSTER] (for a cluster) nor [LOCAL] (for the laptop).",
            "dwh.cfg.example shows what belongs into it.",
        )
    return settings


def _settings(reader: Reader, *, loads: bool) -> Settings:
    host, port, database = endpoint(reader.find("host"))
    on_laptop = not host
    far = loads and not on_laptop and host not in LOOPBACK  # python -m local_redshift needs no role, nor other data
    defaults = Settings()
    password = reader.text("password")
    cluster = None if on_laptop or password else _cluster(reader, host)
    return Settings(
        host=host,
        port=reader.number("port", 1, 65535, PORT, int(port or defaults.port)),
        database=reader.text("database") or database or defaults.database,
        user=reader.text("user") if on_laptop or cluster else _required(reader, "user"),
        password=password,
        # A server on this machine (python -m local_redshift, an SSH tunnel) has no certificate for "localhost".
        sslmode=reader.choice("sslmode", SSL_MODES, "prefer" if host in LOOPBACK else defaults.sslmode),
        sslrootcert=reader.path("sslrootcert"),
        arn=_arn(reader, far),
        log_data=_s3(reader, "log_data", defaults.log_data, far),
        log_jsonpath=_s3(reader, "log_jsonpath", defaults.log_jsonpath, far),
        song_data=_s3(reader, "song_data", defaults.song_data, far),
        region=reader.matching("region", aws.REGION, "a region such as us-west-2"),
        local_database=Path(reader.path("local_database") or reader.file.parent / defaults.local_database),
        s3_root=_s3_root(reader, defaults.s3_root),
        file=reader.file if reader.file.exists() else None,
        cluster=cluster,
        access=aws.read(reader) if cluster else defaults.access,
    )


def _cluster(reader: Reader, host: str) -> Cluster:
    """The cluster or workgroup whose password AWS is asked for. Raises ConfigError where nothing names it."""
    told = named_by(host)
    if told:
        return told
    name = reader.text("identifier").lower()
    if not name:
        raise reader.missing(
            "password",
            "a cluster (HOST)",
            "Or set CLUSTER_IDENTIFIER beside it, for a temporary password from AWS. With HOST empty the laptop is "
            "used.",
        )
    return Cluster(name, aws.read(reader).region, serverless=reader.text("cluster_type").lower() == "serverless")


def _required(reader: Reader, setting: str) -> str:
    text = reader.text(setting)
    if not text:
        raise reader.missing(setting, "a cluster (HOST)", "With HOST empty the laptop is used.")
    return text


# What ends up between quotes in a COPY is checked for its shape.


def _arn(reader: Reader, far: bool) -> str:
    if far:
        _required(reader, "arn")
    arn = reader.matching("arn", r"arn:aws[\w-]*:iam::\d{12}:role/[^'\s]+|default", "a role's ARN")
    return "" if arn == "default" else arn


def _s3(reader: Reader, setting: str, default: str, far: bool) -> str:
    if far:
        _required(reader, setting)
    return s3_path(reader, setting, default)


def s3_path(reader: Reader, setting: str, default: str) -> str:
    """A setting of [S3]: ``s3://bucket/prefix``, or for the jsonpaths file ``auto``. Raises ConfigError."""
    pattern = r"s3://[^/'\s]+(/[^']*)?" + ("|auto|auto ignorecase" if setting == "log_jsonpath" else "")
    return reader.matching(setting, pattern, "an S3 path such as s3://bucket/prefix", default)


def _s3_root(reader: Reader, default: Path | None) -> Path | None:
    if reader.find("s3_root") is None:
        return default
    path = reader.path("s3_root")
    return Path(path) if path else None


def endpoint(value: Value | None) -> tuple[str, str, str]:
    """Host, port and database of what the AWS console calls the endpoint: ``HOST[:PORT[/DATABASE]]``."""
    if value is None or not value.text:
        return "", "", ""
    match = re.fullmatch(r"([\w.-]+|::1)(?::(\w+))?(?:/(\w+))?", value.text)
    if match is None:
        raise ConfigError(
            f"{value.place} is {value.text!r}, not a host name.",
            "Fill in the endpoint; or leave it empty, for the laptop and until infrastructure/setup.py fills it in.",
        )
    port = match[2] or ""
    if port and not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        raise ConfigError(f"the port in HOST is {port!r}, not {PORT}.")
    return match[1], port, match[3] or ""
