"""From the text of a JSON value to a column's type, as SQL: the value, or what is wrong with it.

Each conversion is written once. A load takes ``quick_value`` where ``quick`` holds, else ``value`` unless ``bad``
holds; the explanation of a failed load reads ``fault`` where ``bad`` holds. So both see every value alike.

The text comes in one of two forms. From JSON, numeric columns get JSON text, which tells the number 1.0 from the string
"1.0"; the others, and all of them from CSV and its like, get the text of the scalar itself.

https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-conversion.html
https://docs.aws.amazon.com/redshift/latest/dg/r_Load_Error_Reference.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_redshift.copy import moments
from local_redshift.errors import FeatureNotSupported
from local_redshift.schema import literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_redshift.copy.options import Values
    from local_redshift.data_types import RedshiftType

_NUL = "chr(0)"
_WHITE = literal(" \t\n\r\x0b\x0c")
_EXACT = 9_007_199_254_740_991  # up to here a DOUBLE stands for one integer only
_UNSIGNED = r"([0-9]+\.?[0-9]*|\.[0-9]+)"
_DECIMAL = rf"[+-]?{_UNSIGNED}"
_EXPONENT = r"[eE][+-]?[0-9]+"

_RESHAPING = {"TRIMBLANKS", "TRUNCATECOLUMNS", "BLANKSASNULL", "EMPTYASNULL"}
_LEADING_NUL = "struct_pack(code := 1218, reason := 'Invalid null byte - field longer than 1 byte', \"position\" := 0)"

# Type -> its name in Redshift's messages, and the largest value that the quick way takes.
_INTEGERS = {"smallint": ("Short", 32_767), "integer": ("Integer", 2_147_483_647), "bigint": ("Long", _EXACT)}
_BOOLEANS = {"true": ("t", "true", "y", "yes", "1"), "false": ("f", "false", "n", "no", "0")}


@dataclass(frozen=True)
class Conversion:
    """SQL over the text column ``r``; ``derived`` is computed once, as the column ``d``.

    ``bad`` is a condition, ``fault`` a STRUCT(code, reason, position) that is right where it holds. ``quick`` is a
    condition too: a cheap one, under which ``quick_value`` is what ``value`` would be; ``usual`` tells that it holds
    for nearly every good text.
    """

    value: str
    bad: str = "false"
    fault: str = "NULL"
    quick: str | None = None
    quick_value: str = "NULL"
    usual: bool = False
    derived: str | None = None
    from_json: bool = False


@dataclass(frozen=True)
class Text:
    """The SQL names of a text ``r`` and of its derived column ``d``; ``json`` tells that numbers come as JSON."""

    r: str
    d: str
    json: bool

    @property
    def bare(self) -> str:
        """The text without blanks around and, of a scalar given as JSON, quotes: escapes stay, and suit no number."""
        return f"trim({self.r}, '\" ')" if self.json else f"trim({self.r}, ' ')"


def convert(column_type: RedshiftType, options: Values, text: Text) -> Conversion:
    """The conversion of a text to a column type under a COPY's options.

    Raises FeatureNotSupported for a type that COPY cannot load here, InvalidParameterValue for a bad format.
    """
    if column_type.name in moments.TYPES:
        return _moment(column_type, options, text)
    maker = _MAKERS.get(column_type.name)
    if maker is None:
        raise FeatureNotSupported(f"COPY into a column of type {column_type} is not built in the local warehouse")
    return maker(column_type, options, text)


def fault(code: int, reason: str, position: str = "0") -> str:
    """``reason`` and ``position`` are SQL."""
    return f'struct_pack(code := {code}, reason := {reason}, "position" := CAST({position} AS INTEGER))'


def _unread(value: str, text: Text) -> str:
    """Neither NULL nor blank, which is NULL for all but strings, and yet without a value."""
    return f"({value}) IS NULL AND {text.bare} <> ''"


def _invalid_digit(text: str, valid: str, name: str) -> str:
    """Names the first character at which ``text`` stops to match ``valid``."""
    position = f"length(regexp_extract({text}, '^{valid}'))"
    shown = f"substring({text}, {position} + 1, 1)"
    return fault(
        1207, f"'Invalid digit, Value ''' || {shown} || ''', Pos ' || {position} || ', Type: {name}'", position
    )


def _moment(column_type: RedshiftType, options: Values, text: Text) -> Conversion:
    value, reason, code = moments.read(column_type.name, options, text.r)
    bad = "false" if _accepts_any(column_type, options) else _unread(value, text)
    if not moments.reads_usual(column_type.name, options):
        return Conversion(value, bad, fault(code, reason))
    return Conversion(
        value,
        bad,
        fault(code, reason),
        quick=f"CAST({text.d} AS VARCHAR) = {text.r} AND {moments.usual(column_type.name, text.r)}",
        quick_value=text.d,
        derived=f"TRY_CAST({text.r} AS {column_type.duckdb})",
    )


def _accepts_any(column_type: RedshiftType, options: Values) -> bool:
    return "ACCEPTANYDATE" in options and column_type.name in moments.ANY_DATE


def _integer(column_type: RedshiftType, _: Values, text: Text) -> Conversion:
    name, most = _INTEGERS[column_type.name]
    digits = f"regexp_full_match({text.bare}, '[+-]?[0-9]+')"
    if text.json:  # the JSON number 1541105830796.0 is an integer; the string "1.0" is not
        digits = rf"({digits} OR regexp_full_match({text.r}, '-?[0-9]+\.0'))"
    value = f"CASE WHEN {digits} THEN TRY_CAST({text.bare} AS {column_type.duckdb}) END"
    overflow = fault(1222, f"'Overflow, Column type: {name}'")
    d = text.d
    whole = f"{d} = trunc({d}) AND abs({d}) <= {most}"
    return Conversion(
        value,
        _unread(value, text),
        f"CASE WHEN {digits} THEN {overflow} ELSE {_invalid_digit(text.bare, '[+-]?[0-9]*', name)} END",
        quick=whole if text.json else f"CAST({d} AS VARCHAR) = {text.r}",
        quick_value=f"CAST({d} AS {column_type.duckdb})" if text.json else d,
        derived=f"TRY_CAST({text.r} AS {'DOUBLE' if text.json else column_type.duckdb})",
        from_json=text.json,
    )


def _numeric(column_type: RedshiftType, options: Values, text: Text) -> Conversion:
    scale, r, d = column_type.scale, text.r, text.d
    number = f"regexp_full_match({text.bare}, '{_DECIMAL}')"
    # COPY cuts digits that do not fit, unlike INSERT, which rounds them.
    whole = rf"regexp_replace({text.bare}, '^([+-]?)\.', '\10.')"
    kept = whole if "ROUNDEC" in options else rf"regexp_extract({whole}, '^[+-]?[0-9]*\.?[0-9]{{0,{scale}}}')"
    scientific = rf"regexp_full_match({r}, '-?{_UNSIGNED}{_EXPONENT}')" if text.json else "false"
    value = (
        f"CASE WHEN {number} THEN TRY_CAST({kept} AS {column_type.duckdb}) "
        f"WHEN {scientific} THEN TRY_CAST({r} AS {column_type.duckdb}) END"
    )
    overflow = fault(1204, "'Overflow, Column type: Decimal'")
    invalid = _invalid_digit(text.bare, r"[+-]?[0-9]*\.?[0-9]*", "Decimal")
    fits = f"(NOT contains({r}, '.') OR strlen({r}) - instr({r}, '.') <= {scale})"
    plain = rf"regexp_full_match({r}, '-?[0-9]+(\.[0-9]{{0,{scale}}})?')"
    return Conversion(
        value,
        _unread(value, text),
        f"CASE WHEN {number} OR {scientific} THEN {overflow} ELSE {invalid} END",
        quick=f"{d} IS NOT NULL AND {fits if text.json else plain}",
        quick_value=d,
        derived=f"TRY_CAST({r} AS {column_type.duckdb})",
        from_json=text.json,
    )


def _float(column_type: RedshiftType, _: Values, text: Text) -> Conversion:
    read = f"TRY_CAST({text.bare} AS {column_type.duckdb})"
    written = f"'{_DECIMAL}({_EXPONENT})?'"
    value = f"CASE WHEN regexp_full_match({text.bare}, {written}) AND isfinite({read}) THEN {read} END"
    plain = "" if text.json else f" AND regexp_full_match({text.r}, {written})"
    return Conversion(
        value,
        _unread(value, text),
        fault(1208, literal("Invalid float value or format")),
        quick=f"isfinite({text.d}){plain}",
        quick_value=text.d,
        derived=f"TRY_CAST({text.r} AS {column_type.duckdb})",
        from_json=text.json,
    )


def _boolean(_: RedshiftType, __: Values, text: Text) -> Conversion:
    word = f"lower(trim({text.r}, ' '))"
    return Conversion(
        _truth(word),
        _unread(_truth(word), text),
        fault(1210, "'Unknown boolean format'"),
        quick=f"{text.d} IS NOT NULL",
        quick_value=text.d,
        derived=_truth(text.r),
    )


def _truth(word: str) -> str:
    cases = " ".join(f"WHEN '{spelled}' THEN {value}" for value, words in _BOOLEANS.items() for spelled in words)
    return f"CASE {word} {cases} END"


def _varchar(column_type: RedshiftType, options: Values, given: Text) -> Conversion:
    r = given.r
    text = _shaped(r, column_type, options)
    too_long = fault(1204, "'String length exceeds DDL length'")
    return Conversion(
        text,
        f"starts_with({r}, {_NUL}) OR strlen({text}) > {column_type.length}",
        f"CASE WHEN starts_with({r}, {_NUL}) THEN {_LEADING_NUL} ELSE {too_long} END",
        quick=_unchanged(r, column_type, options),
        quick_value=r,
        usual=not options.keys() & _RESHAPING,
    )


def _character(column_type: RedshiftType, options: Values, given: Text) -> Conversion:
    r = given.r
    text = f"rtrim({_shaped(r, column_type, options)}, ' ')"
    reason = "Multibyte character not supported for CHAR (Hint: Try using VARCHAR). Invalid char: "
    multibyte = f"{literal(reason)} || lower(hex(encode(regexp_extract({r}, '[^\\x00-\\x7F]'))))"
    too_long = fault(1204, "'Char length exceeds DDL length'")
    return Conversion(
        text,
        f"starts_with({r}, {_NUL}) OR strlen({r}) <> length({r}) OR strlen({text}) > {column_type.length}",
        f"CASE WHEN starts_with({r}, {_NUL}) THEN {_LEADING_NUL} "
        f"WHEN strlen({r}) <> length({r}) THEN {fault(1220, multibyte)} ELSE {too_long} END",
        quick=f"{_unchanged(r, column_type, options)} AND strlen({r}) = length({r}) AND NOT suffix({r}, ' ')",
        quick_value=r,
        usual=not options.keys() & _RESHAPING,
    )


def _shaped(r: str, column_type: RedshiftType, options: Values) -> str:
    """A string as it is stored: it ends at a NUL, and the options have their say."""
    text = f"CASE WHEN contains({r}, {_NUL}) THEN split_part({r}, {_NUL}, 1) ELSE {r} END"
    if "TRIMBLANKS" in options:
        text = f"rtrim({text}, ' ')"
    if "TRUNCATECOLUMNS" in options:
        text = _truncated(text, column_type.length or 0)
    if "BLANKSASNULL" in options:
        text = f"CASE WHEN ({text}) <> '' AND trim({text}, {_WHITE}) = '' THEN NULL ELSE {text} END"
    if "EMPTYASNULL" in options:
        text = f"nullif({text}, '')"
    return f"({text})"


def _truncated(text: str, length: int) -> str:
    """At most ``length`` bytes of UTF-8, no character split: its last bytes go one by one until the rest decodes."""
    tries = ", ".join(f"TRY(decode(encode({text})[1:{length - less}]))" for less in range(min(4, length)))
    return f"CASE WHEN strlen({text}) > {length} THEN coalesce({tries}, '') ELSE {text} END"


def _unchanged(r: str, column_type: RedshiftType, options: Values) -> str:
    """Holds for a string that is stored as it came."""
    conditions = [f"strlen({r}) <= {column_type.length}", f"NOT contains({r}, {_NUL})"]
    if "TRIMBLANKS" in options:
        conditions.append(f"NOT suffix({r}, ' ')")
    if "BLANKSASNULL" in options:
        conditions.append(f"trim({r}, {_WHITE}) <> ''")
    if "EMPTYASNULL" in options:
        conditions.append(f"{r} <> ''")
    return " AND ".join(conditions)


def _super(_: RedshiftType, __: Values, text: Text) -> Conversion:
    if text.json:
        return Conversion(f"CAST({text.r} AS JSON)", from_json=True)
    value = f"CASE WHEN json_valid({text.r}) THEN CAST({text.r} AS JSON) END"
    return Conversion(value, _unread(value, text), fault(1224, literal("Input data is not well-formed JSON")))


def _varbyte(_: RedshiftType, __: Values, text: Text) -> Conversion:
    value = f"CASE WHEN regexp_full_match({text.r}, '([0-9A-Fa-f]{{2}})+') THEN unhex({text.r}) END"
    return Conversion(value, _unread(value, text), fault(1223, "'Invalid hexadecimal digits for VARBYTE'"))


_MAKERS: dict[str, Callable[[RedshiftType, Values, Text], Conversion]] = {
    "smallint": _integer,
    "integer": _integer,
    "bigint": _integer,
    "numeric": _numeric,
    "real": _float,
    "double precision": _float,
    "boolean": _boolean,
    "character varying": _varchar,
    "character": _character,
    "super": _super,
    "varbyte": _varbyte,
}
