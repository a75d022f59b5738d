"""dl.cfg and the environment -> what the lake reads and writes, and by whose right.

Environment variables (``DL_INPUT_DATA``, ``DL_OUTPUT_DATA``, ``DL_S3_ROOT``) come before the file. Without a file the
lake is made on this machine from the sample data.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse import aws
from warehouse.config import SAMPLE_DATA
from warehouse.config_file import Key, Reader, Value
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_FILE = Path("dl.cfg")
_BUCKET = r"[A-Za-z0-9][A-Za-z0-9._-]{2,254}"  # with the capitals and lengths of the oldest ones

# Classic projects have them in [AWS], [S3] or [IO], or in sections of their own; nobody has another key of that name.
_DATA = ("LAKE", "AWS", "S3", "DATA", "IO", "DL", "PATHS", "PATH", "STORAGE", "DATALAKE", "DEFAULT")
KEYS = {
    **aws.KEYS,
    "input": Key(_DATA, ("INPUT_DATA", "INPUT", "INPUT_PATH", "INPUT_DATA_PATH"), ("DL_INPUT_DATA",)),
    "output": Key(_DATA, ("OUTPUT_DATA", "OUTPUT", "OUTPUT_PATH", "OUTPUT_DATA_PATH"), ("DL_OUTPUT_DATA",)),
    "s3_root": Key(("LOCAL",), ("S3_ROOT",), ("DL_S3_ROOT",)),
    "jars": Key(("LOCAL",), ("JARS",), ("DL_JARS",)),
}


@dataclass(frozen=True)
class LakeSettings:
    """The configuration, validated. Secrets do not show in ``repr``.

    ``input`` holds song_data/ and log_data/ (or their zip archives), ``output`` is the lake's folder; each is
    ``s3://bucket/prefix`` or a local path. ``s3_root`` is the folder that stands for S3 (s3://bucket/key is
    s3_root/bucket/key); None means S3 itself, which Spark reads with ``jars`` (local files; none: Hadoop's own for this
    Spark, which it then gets from Maven).
    """

    input: str = "s3://udacity-dend/"
    output: str = "lake"
    s3_root: Path | None = SAMPLE_DATA
    jars: tuple[str, ...] = ()
    access: aws.Access = field(default_factory=aws.Access)
    file: Path | None = None
    notices: tuple[str, ...] = ()


def load(file: Path | None = None, environment: Mapping[str, str] = os.environ) -> LakeSettings:
    """Read ``file`` (None: dl.cfg; all defaults where it does not exist) and the environment. Raises ConfigError.

    S3_ROOT is the sample data's unless what to read, or a place in S3 to write to, is told: then S3 itself is meant.
    """
    reader = Reader(file or DEFAULT_FILE, KEYS, environment)
    defaults = LakeSettings()
    output = place(reader, "output", defaults.output)
    on_s3 = reader.filled("input") is not None or output.startswith("s3://")
    return LakeSettings(
        input=place(reader, "input", defaults.input),
        output=output,
        s3_root=_s3_root(reader, None if on_s3 else defaults.s3_root),
        jars=tuple(reader.text("jars").split()),
        access=aws.read(reader),
        file=reader.file if reader.file.exists() else None,
        notices=_unread(reader),
    )


def _unread(reader: Reader) -> tuple[str, ...]:
    """Of the sections that are the lake's alone: in the others may be what infrastructure/lake.py reads."""
    unread = [key for key in reader.unread() if key.startswith(("[LAKE]", "[LOCAL]"))]
    return (f"{reader.file} has keys that are not read here: {', '.join(unread)}.",) if unread else ()


def place(reader: Reader, setting: str, default: str) -> str:
    """``s3://bucket/prefix``, as it stands or from its s3a:// and s3n:// spellings; else a path as the file means it.

    Raises ConfigError.
    """
    value = reader.filled(setting)
    if value is None:
        return default
    scheme, colon, rest = value.text.partition("://")
    if not colon and not re.match("s3[an]?:", scheme.lower()):
        return reader.path(setting)
    if scheme.lower() not in {"s3", "s3a", "s3n"} or not re.fullmatch(_BUCKET, rest.partition("/")[0]):
        raise _no_place(value)
    return f"s3://{rest}"


def _no_place(value: Value) -> ConfigError:
    """Hadoop once took keys within a URL: those are not shown."""
    if re.search(r"://[^/]*[:@]", value.text):
        return ConfigError(
            f"{value.place} has something before or behind the bucket's name.",
            "Write s3://bucket/prefix alone; keys go into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of [AWS].",
        )
    return ConfigError(f"{value.place} is {value.text!r}, neither s3://bucket/prefix nor a folder.")


def _s3_root(reader: Reader, default: Path | None) -> Path | None:
    if reader.find("s3_root") is None:
        return default
    path = reader.path("s3_root")
    return Path(path) if path else None
