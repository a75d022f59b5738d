"""The options of COPY: what each takes, which do not go together, which are not built.

https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-conversion.html
https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-load.html
"""

from __future__ import annotations

from itertools import combinations
from typing import TypeAlias

from local_redshift.copy.decoding import COMPRESSIONS, ENCODINGS
from local_redshift.errors import FeatureNotSupported, InvalidParameterValue, SyntaxError_

Values: TypeAlias = "dict[str, str | int | bool]"

# Format -> how a refusal names it. DELIMITED is what Redshift reads when no format is given.
FORMATS = {
    "JSON": "of JSON",
    "CSV": "of CSV",
    "PARQUET": "of Parquet",
    "ORC": "of ORC",
    "AVRO": "of Avro",
    "FIXEDWIDTH": "of FIXEDWIDTH text",
    "SHAPEFILE": "of shapefiles",
    "DELIMITED": "of delimited text (no FORMAT given)",
}
BUILT_FORMATS = ("CSV", "DELIMITED", "FIXEDWIDTH", "JSON", "PARQUET")

# Option -> what follows it.
OPTIONS = {
    "ACCEPTANYDATE": "flag",
    "ACCEPTINVCHARS": "replacement",
    "BLANKSASNULL": "flag",
    "BZIP2": "flag",
    "COMPROWS": "number",
    "COMPUPDATE": "switch",
    "DATEFORMAT": "string",
    "DELIMITER": "string",
    "EMPTYASNULL": "flag",
    "ENCODING": "word",
    "ESCAPE": "flag",
    "EXPLICIT_IDS": "flag",
    "FILLRECORD": "flag",
    "GZIP": "flag",
    "IGNOREALLERRORS": "flag",
    "IGNOREBLANKLINES": "flag",
    "IGNOREHEADER": "number",
    "MANIFEST": "flag",
    "MAXERROR": "number",
    "NOLOAD": "flag",
    "NULL": "string",
    "QUOTE": "string",
    "REGION": "string",
    "REMOVEQUOTES": "flag",
    "ROUNDEC": "flag",
    "SERIALIZETOJSON": "flag",
    "STATUPDATE": "switch",
    "TIMEFORMAT": "string",
    "TRIMBLANKS": "flag",
    "TRUNCATECOLUMNS": "flag",
    "ZSTD": "flag",
}
NOT_BUILT = {"ENCRYPTED", "LZOP", "MASTER_SYMMETRIC_KEY", "READRATIO", "SSH", "JOB"}

# https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html#copy-json
_NOT_WITH_JSON = (
    "DELIMITER",
    "ESCAPE",
    "FILLRECORD",
    "IGNOREBLANKLINES",
    "NULL",
    "QUOTE",
    "REMOVEQUOTES",
    "SERIALIZETOJSON",
)
# https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html#copy-csv
_NOT_WITH_TEXT = {
    "CSV": ("ESCAPE", "REMOVEQUOTES", "SERIALIZETOJSON"),
    "FIXEDWIDTH": ("DELIMITER", "ESCAPE", "QUOTE", "REMOVEQUOTES", "SERIALIZETOJSON"),
    "DELIMITED": ("SERIALIZETOJSON",),
}
# https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
_WITH_PARQUET = {"ACCEPTINVCHARS", "EXPLICIT_IDS", "FILLRECORD", "MANIFEST", "SERIALIZETOJSON", "STATUPDATE"}
_PAIRS = (*combinations(COMPRESSIONS, 2), ("MAXERROR", "IGNOREALLERRORS"))
_LIMITS = {"MAXERROR": (0, 100_000), "COMPROWS": (1_000, 2_147_483_647), "IGNOREHEADER": (0, 2_147_483_647)}


def check(data_format: str, options: Values) -> None:
    """Refuse options that do not go together, and values out of range.

    Raises SyntaxError_, InvalidParameterValue, FeatureNotSupported.
    """
    _check_format(data_format, options)
    for first, second in _PAIRS:
        if first in options and second in options:
            raise SyntaxError_(f"{first} and {second} cannot be used together")
    for name, (least, most) in _LIMITS.items():
        if name in options and not least <= int(options[name]) <= most:
            raise InvalidParameterValue(f"{name} must be between {least} and {most}, not {options[name]}")
    encoding = str(options.get("ENCODING", "UTF8"))
    if encoding.upper() not in ENCODINGS:
        raise InvalidParameterValue(f"ENCODING must be one of {', '.join(ENCODINGS)}, not {encoding}")
    if len(str(options.get("ACCEPTINVCHARS", "?"))) != 1 or not str(options.get("ACCEPTINVCHARS", "?")).isascii():
        raise InvalidParameterValue("ACCEPTINVCHARS takes one ASCII character")


def _check_format(data_format: str, options: Values) -> None:
    """Refuse options that the format does not take."""
    if data_format == "JSON":
        for name in _NOT_WITH_JSON:
            if name in options:
                raise SyntaxError_(f"{'NULL AS' if name == 'NULL' else name} is not supported with JSON")
    for name in _NOT_WITH_TEXT.get(data_format, ()):
        if name in options:
            raise SyntaxError_(f"{data_format} is not compatible with {name}")
    if data_format == "DELIMITED" and "QUOTE" in options:
        raise SyntaxError_("COPY quote available only in CSV mode")
    if data_format == "PARQUET":
        for name in options:
            if name not in _WITH_PARQUET:
                raise FeatureNotSupported(f"{name} argument is not supported for PARQUET based COPY")
