"""The options of UNLOAD: what each takes, which do not go together, which are not built.

https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html#unload-parameters
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from local_redshift.errors import FeatureNotSupported, InvalidParameterValue, SyntaxError_

if TYPE_CHECKING:
    from local_redshift.copy.options import Values

# DELIMITED is what Redshift writes when no format is given.
FORMATS = ("CSV", "DELIMITED", "JSON", "PARQUET")

# Option -> what follows it.
OPTIONS = {
    "ADDQUOTES": "flag",
    "ALLOWOVERWRITE": "flag",
    "BZIP2": "flag",
    "CLEANPATH": "flag",
    "DELIMITER": "string",
    "ESCAPE": "flag",
    "EXTENSION": "string",
    "GZIP": "flag",
    "HEADER": "flag",
    "MANIFEST": "manifest",
    "MAXFILESIZE": "size",
    "NULL": "string",
    "PARALLEL": "switch",
    "PARTITION": "partition",
    "REGION": "string",
    "ZSTD": "flag",
}
NOT_BUILT = {"ENCRYPTED", "FIXEDWIDTH", "KMS_KEY_ID", "MASTER_SYMMETRIC_KEY", "ROWGROUPSIZE"}

COMPRESSIONS = {"GZIP": ".gz", "BZIP2": ".bz2", "ZSTD": ".zst"}
_TEXT_ALONE = ("ADDQUOTES", "DELIMITER", "ESCAPE", "HEADER", "NULL")
_NOT_WITH = {
    "CSV": ("ADDQUOTES", "ESCAPE"),
    "JSON": _TEXT_ALONE,
    "PARQUET": (*_TEXT_ALONE, *COMPRESSIONS),
}
_PAIRS = (*combinations(COMPRESSIONS, 2), ("ALLOWOVERWRITE", "CLEANPATH"))
MEGABYTE = 1024 * 1024
SMALLEST, LARGEST = 5 * MEGABYTE, int(6.2 * 1024 * MEGABYTE)  # bytes of a file


def check(data_format: str, options: Values) -> None:
    """Refuse options that do not go together. Raises SyntaxError_, InvalidParameterValue, FeatureNotSupported."""
    for name in _NOT_WITH.get(data_format, ()):
        if name in options:
            raise SyntaxError_(f"{'NULL AS' if name == 'NULL' else name} is not supported for UNLOAD to {data_format}")
    for first, second in _PAIRS:
        if first in options and second in options:
            raise SyntaxError_(f"{first} and {second} cannot be used together")
    if not SMALLEST <= int(options.get("MAXFILESIZE", LARGEST)) <= LARGEST:
        raise InvalidParameterValue("MAXFILESIZE must be between 5 MB and 6.2 GB")
    if data_format == "PARQUET" and is_serial(options):
        _refuse_order(options)
    _check_texts(options)


def is_serial(options: Values) -> bool:
    """PARALLEL OFF: one file after the other, in the query's order."""
    return options.get("PARALLEL") in {"OFF", "FALSE"}


def _refuse_order(options: Values) -> None:
    """Where the engine writes several Parquet files, each thread has its own."""
    for name, words in (("MAXFILESIZE", "MAXFILESIZE"), ("PARTITION", "PARTITION BY")):
        if name in options:
            raise FeatureNotSupported(f"UNLOAD to PARQUET with PARALLEL OFF and {words} is not built")


def _check_texts(options: Values) -> None:
    delimiter, null = str(options.get("DELIMITER", "|")), str(options.get("NULL", ""))
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '\r\n\0"':
        raise InvalidParameterValue("UNLOAD delimiter must be a single ASCII character, no line end and no quote")
    if "ESCAPE" in options and delimiter == "\\":
        raise InvalidParameterValue("UNLOAD delimiter cannot be a backslash with ESCAPE")
    if delimiter in null or {"\n", "\r"} & set(null):
        raise InvalidParameterValue("UNLOAD null string must hold neither the delimiter nor a line end")
    if "/" in str(options.get("EXTENSION", "")):
        raise InvalidParameterValue("EXTENSION must not hold a slash")
