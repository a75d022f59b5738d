"""How a COPY's text is to be read: delimiter, quotes, escapes, the string that stands for NULL, widths.

https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html
https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-conversion.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_redshift.errors import InvalidParameterValue, RedshiftError

if TYPE_CHECKING:
    from local_redshift.copy.options import Values

TEXT_FORMATS = {"CSV", "DELIMITED", "FIXEDWIDTH"}

_DEFAULT_NULL = r"\N"
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}
_LINE_ENDS = re.compile(r"[\r\n]")
_WIDTH = re.compile(r"\s*([^:,]+?)\s*:\s*(\d+)\s*")


@dataclass(frozen=True)
class TextFormat:
    """What of a COPY's options shapes its text; ``widths`` are characters, empty where fields are delimited.

    ``quote`` is CSV's, empty without CSV.
    """

    delimiter: str
    quote: str = ""
    null: str = _DEFAULT_NULL
    widths: tuple[int, ...] = ()
    escape: bool = False
    remove_quotes: bool = False
    fill_record: bool = False
    ignore_blank_lines: bool = False

    @property
    def nul_is_null(self) -> bool:
        """NULL AS '\\0': a field may be a NUL, which ends a record otherwise."""
        return self.null == "\0"


def text_format(name: str, argument: str, options: Values) -> TextFormat:
    """The format of a COPY.

    Raises InvalidParameterValue for a delimiter, quote or null string that cannot be told from others, and for a
    specification of widths that is none.
    """
    fixed = name == "FIXEDWIDTH"
    given = str(options.get("DELIMITER", "," if name == "CSV" else "|"))
    found = TextFormat(
        delimiter="" if fixed else unescaped(given),
        quote=str(options.get("QUOTE", '"')) if name == "CSV" else "",
        null=_null_string(str(options.get("NULL", _DEFAULT_NULL))),
        widths=_widths(argument) if fixed else (),
        escape="ESCAPE" in options,
        remove_quotes="REMOVEQUOTES" in options,
        fill_record="FILLRECORD" in options,
        ignore_blank_lines="IGNOREBLANKLINES" in options,
    )
    _check(found, fixed=fixed)
    if name == "CSV":
        _check_quote(found)
    return found


def check_widths(found: TextFormat, columns: int) -> None:
    """Refuse a FIXEDWIDTH that does not name as many columns as are to be filled."""
    if found.widths and len(found.widths) != columns:
        raise RedshiftError(
            f"FIXEDWIDTH names {len(found.widths)} columns, but the table or column list has {columns}",
            hint="Its label:width pairs follow the columns one by one; a label need not be a column's name.",
        )


def _check(found: TextFormat, *, fixed: bool) -> None:
    if not fixed and not found.delimiter:
        raise InvalidParameterValue("COPY delimiter must not be empty")
    if _LINE_ENDS.search(found.delimiter) or "\0" in found.delimiter:
        raise InvalidParameterValue("COPY delimiter cannot be newline, carriage return or NUL")
    if found.escape and "\\" in found.delimiter:
        raise InvalidParameterValue("COPY delimiter cannot be a backslash with ESCAPE")
    if _LINE_ENDS.search(found.null) or found.null in {r"\n", r"\r"}:
        raise InvalidParameterValue("COPY null representation cannot use newline or carriage return")
    if found.delimiter and found.delimiter in found.null and found.null != _DEFAULT_NULL:
        raise InvalidParameterValue("COPY delimiter must not appear in the NULL specification")


def _check_quote(found: TextFormat) -> None:
    if len(found.quote) != 1 or not found.quote.isascii() or found.quote in "\r\n\0 ":
        raise InvalidParameterValue("COPY quote must be a single one-byte character")
    if found.quote in found.delimiter:
        raise InvalidParameterValue("COPY delimiter and quote must be different")
    if found.quote in found.null and found.null != _DEFAULT_NULL:
        raise InvalidParameterValue("CSV quote character must not appear in the NULL specification")


def unescaped(text: str) -> str:
    r"""A delimiter with its escapes read: ``\t`` and octal code units such as ``\036``.

    >>> unescaped(r"\t"), unescaped(r"\174~\174"), unescaped("|")
    ('\t', '|~|', '|')
    """
    units = re.sub(rb"\\([0-7]{1,3}|.)", _unit, text.encode())
    try:
        return units.decode()
    except UnicodeDecodeError:
        raise InvalidParameterValue(f"DELIMITER '{text}' is not UTF-8") from None


def _unit(match: re.Match[bytes]) -> bytes:
    code = match[1].decode("latin-1")
    if code[0] in "01234567":
        return bytes([int(code, 8) & 0xFF])
    return _ESCAPES.get(code, code).encode("latin-1")


def _null_string(text: str) -> str:
    """NULL AS: NUL is written '\\0' or '\\000', other strings stand for themselves."""
    return "\0" if re.fullmatch(r"\\0{1,3}", text) else text


def _widths(text: str) -> tuple[int, ...]:
    """The widths of ``'label:width, ...'``, in characters."""
    parts = [_WIDTH.fullmatch(part) for part in text.split(",")]
    widths = tuple(int(part[2]) for part in parts if part)
    if len(widths) != len(parts) or not all(widths):
        raise InvalidParameterValue(
            f"FIXEDWIDTH '{text}' is no specification of widths",
            hint="It reads 'label:width, label:width, ...', for instance 'id:3,name:25'; widths count characters.",
        )
    return widths
