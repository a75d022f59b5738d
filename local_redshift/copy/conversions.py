"""From the text of a JSON value to a column's type, as SQL: the value, or what is wrong with it.

Each conversion is written once. A load takes ``quick_value`` where ``quick`` holds, else ``value`` unless ``bad``
holds; the explanation of a failed load reads ``fault`` where ``bad`` holds. So both see every value alike.

The text comes in one of two forms. Numeric columns get JSON text, which tells the number 1.0 from the string "1.0";
the others get the text of the scalar itself.

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
    from local_redshift.schema import RedshiftType

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
_BOOLEANS = {"true": "('t', 'true', 'y', 'yes', '1')", "false": "('f', 'false', 'n', 'no', '0')"}


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


def convert(column_type: RedshiftType, options: Values, r: str, d: str) -> Conversion:
    """The conversion of the text ``r`` to a column type under a COPY's options; ``d`` names the derived column.

    Raises FeatureNotSupported for a type that COPY cannot load here, InvalidParameterValue for a bad format.
    """
    if column_type.name in moments.TYPES:
        value, reason, code = moments.read(column_type.name, options, r)
        if "ACCEPTANYDATE" in options and column_type.name in moments.ANY_DATE:
            return Conversion(value)
        return Conversion(value, _unread(value, r), fault(code, reason))
    maker = _MAKERS.get(column_type.name)
    if maker is None:
        raise FeatureNotSupported(f"COPY into a column of type {column_type} is not built in the local warehouse")
    return maker(column_type, options, r, d)


def fault(code: int, reason: str, position: str = "0") -> str:
    """``reason`` and ``position`` are SQL."""
    return f'struct_pack(code := {code}, reason := {reason}, "position" := CAST({position} AS INTEGER))'


def _unquoted(r: str) -> str:
    """The text of a scalar given as JSON, without quotes and blanks around: escapes stay, and suit no number."""
    return f"trim({r}, '\" ')"


def _unread(value: str, r: str) -> str:
    """Neither NULL nor blank, which is NULL for all but strings, and yet without a value."""
    return f"({value}) IS NULL AND {_unquoted(r)} <> ''"


def _invalid_digit(text: str, valid: str, name: str) -> str:
    """Names the first character at which ``text`` stops to match ``valid``."""
    position = f"length(regexp_extract({text}, '^{valid}'))"
    shown = f"substring({text}, {position} + 1, 1)"
    return fault(
        1207, f"'Invalid digit, Value ''' || {shown} || ''', Pos ' || {position} || ', Type: {name}'", position
    )


def _integer(column_type: RedshiftType, _: Values, r: str, d: str) -> Conversion:
    name, most = _INTEGERS[column_type.name]
    text = _unquoted(r)
    # The JSON number 1541105830796.0 is an integer; the string "1.0" is not.
    digits = rf"(regexp_full_match({text}, '[+-]?[0-9]+') OR regexp_full_match({r}, '-?[0-9]+\.0'))"
    value = f"CASE WHEN {digits} THEN TRY_CAST({text} AS {column_type.duckdb}) END"
    overflow = fault(1222, f"'Overflow, Column type: {name}'")
    return Conversion(
        value,
        _unread(value, r),
        f"CASE WHEN {digits} THEN {overflow} ELSE {_invalid_digit(text, '[+-]?[0-9]*', name)} END",
        quick=f"{d} = trunc({d}) AND abs({d}) <= {most}",
        quick_value=f"CAST({d} AS {column_type.duckdb})",
        derived=f"TRY_CAST({r} AS DOUBLE)",
        from_json=True,
    )


def _numeric(column_type: RedshiftType, options: Values, r: str, d: str) -> Conversion:
    scale, text = column_type.scale, _unquoted(r)
    number = f"regexp_full_match({text}, '{_DECIMAL}')"
    # COPY cuts digits that do not fit, unlike INSERT, which rounds them.
    whole = rf"regexp_replace({text}, '^([+-]?)\.', '\10.')"
    kept = whole if "ROUNDEC" in options else rf"regexp_extract({whole}, '^[+-]?[0-9]*\.?[0-9]{{0,{scale}}}')"
    scientific = rf"regexp_full_match({r}, '-?{_UNSIGNED}{_EXPONENT}')"
    value = (
        f"CASE WHEN {number} THEN TRY_CAST({kept} AS {column_type.duckdb}) "
        f"WHEN {scientific} THEN TRY_CAST({r} AS {column_type.duckdb}) END"
    )
    overflow = fault(1204, "'Overflow, Column type: Decimal'")
    invalid = _invalid_digit(text, r"[+-]?[0-9]*\.?[0-9]*", "Decimal")
    fits = f"(NOT contains({r}, '.') OR strlen({r}) - instr({r}, '.') <= {scale})"
    return Conversion(
        value,
        _unread(value, r),
        f"CASE WHEN {number} OR {scientific} THEN {overflow} ELSE {invalid} END",
        quick=f"{d} IS NOT NULL AND {fits}",
        quick_value=d,
        derived=f"TRY_CAST({r} AS {column_type.duckdb})",
        from_json=True,
    )


def _float(column_type: RedshiftType, _: Values, r: str, d: str) -> Conversion:
    text = _unquoted(r)
    read = f"TRY_CAST({text} AS {column_type.duckdb})"
    value = f"CASE WHEN regexp_full_match({text}, '{_DECIMAL}({_EXPONENT})?') AND isfinite({read}) THEN {read} END"
    return Conversion(
        value,
        _unread(value, r),
        fault(1208, literal("Invalid float value or format")),
        quick=f"isfinite({d})",
        quick_value=d,
        derived=f"TRY_CAST({r} AS {column_type.duckdb})",
        from_json=True,
    )


def _boolean(_: RedshiftType, __: Values, r: str, ___: str) -> Conversion:
    text = f"lower(trim({r}, ' '))"
    value = f"CASE WHEN {text} IN {_BOOLEANS['true']} THEN true WHEN {text} IN {_BOOLEANS['false']} THEN false END"
    return Conversion(value, _unread(value, r), fault(1210, "'Unknown boolean format'"))


def _varchar(column_type: RedshiftType, options: Values, r: str, _: str) -> Conversion:
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


def _character(column_type: RedshiftType, options: Values, r: str, _: str) -> Conversion:
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


def _super(_: RedshiftType, __: Values, r: str, ___: str) -> Conversion:
    return Conversion(f"CAST({r} AS JSON)", from_json=True)


def _varbyte(_: RedshiftType, __: Values, r: str, ___: str) -> Conversion:
    value = f"CASE WHEN regexp_full_match({r}, '([0-9A-Fa-f]{{2}})+') THEN unhex({r}) END"
    return Conversion(value, _unread(value, r), fault(1223, "'Invalid hexadecimal digits for VARBYTE'"))


_MAKERS: dict[str, Callable[[RedshiftType, Values, str, str], Conversion]] = {
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
