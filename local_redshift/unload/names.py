"""What UNLOAD calls its objects: a slice and a part of it, or one number after the other.

https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html#unload-parallel
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_redshift.schema import literal
from local_redshift.unload.options import COMPRESSIONS, is_serial

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_redshift.copy.options import Values

NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
# What Hive writes as %XX in a folder's name; the sign of an escape comes first.
_ESCAPED = "%\"#'*/:=?\\{}[]^\n\r\t"


@dataclass(frozen=True)
class Names:
    """``prefix`` comes before every key, ``suffix`` after it; ``serial`` is PARALLEL OFF."""

    prefix: str
    suffix: str
    serial: bool

    def key(self, folder: str, part: int) -> str:
        """The key of a file, ``part`` counted from 0 in each folder; the laptop has one slice.

        >>> Names("venue_", ".gz", False).key("", 0), Names("p/", "", True).key("a=1", 2)
        ('venue_0000_part_00.gz', 'p/a=1/002')
        """
        number = f"{part:03}" if self.serial else f"0000_part_{part:02}"
        return f"{self.prefix}{folder}{'/' if folder else ''}{number}{self.suffix}"


def names(prefix: str, data_format: str, options: Values) -> Names:
    suffix = ".parquet" if data_format == "PARQUET" else ""
    suffix = next((COMPRESSIONS[name] for name in COMPRESSIONS if name in options), suffix)
    if extension := str(options.get("EXTENSION", "")):
        suffix = f".{extension.removeprefix('.')}"
    return Names(prefix, suffix, is_serial(options))


def folder_sql(columns: Sequence[tuple[str, str]]) -> str:
    """SQL of ``year=2019/month=9``; ``columns`` are names and SQL of their texts. Hive's rules for odd characters."""
    return " || '/' || ".join(
        f"{literal(_escaped(name) + '=')} || coalesce(nullif({_escaped_sql(text)}, ''), {literal(NO_VALUE)})"
        for name, text in columns
    )


def _escaped(text: str) -> str:
    return "".join(f"%{ord(sign):02X}" if sign in _ESCAPED else sign for sign in text)


def _escaped_sql(text: str) -> str:
    for sign in _ESCAPED:
        text = f"replace({text}, chr({ord(sign)}), '%{ord(sign):02X}')"
    return text
