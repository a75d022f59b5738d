"""A line of JSON -> the columns of a staging table, by the rules of Redshift's COPY; or the reason why not.

Every value is read as text, so that a wrong one can be told from a missing one, and then taken to its type. COPY does
otherwise in this: of a number that fills a text column it keeps the digits, where Java writes 1.50 as 1.5; "2e2" is no
whole number, 2e2 is; of a key that comes twice it takes the first value; objects may share a line, or have several.

https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-json.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from data_lake.job.plan import Column

NOT_JSON = "not one JSON object"
_END = "#"
# Milliseconds since 1970 of the years 1 to 9999.
_FIRST, _LAST = -62_135_596_800_000, 253_402_300_799_999
_DIGITS = r"(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
# \ud800 without its other half, which Java makes a question mark; a backslash before it may be escaped itself.
_HIGH, _LOW = r"\\u[dD][89abAB]..", r"\\u[dD][c-fC-F].."
_HALF = rf"(?<!\\)(\\\\)*({_HIGH}(?!{_LOW})|(?<!{_HIGH}){_LOW})"
_KINDS = {
    "DOUBLE": "a number",
    "TIMESTAMP": "a time in milliseconds since 1970",
    "SMALLINT": "a whole number of two bytes",
    "INT": "a whole number of four bytes",
    "BIGINT": "a whole number of eight bytes",
}


def typed(lines: DataFrame, columns: tuple[Column, ...]) -> DataFrame:
    """The columns, and of what is not a record ``rejected`` (why), ``file`` and ``record`` (the line)."""
    return judged(lines, columns).selectExpr(
        *(f"`{column.name}`" for column in columns),
        "rejected",
        "if(rejected IS NULL, NULL, file) AS file",
        "if(rejected IS NULL, NULL, value) AS record",
    )


def judged(lines: DataFrame, columns: tuple[Column, ...]) -> DataFrame:
    """Every line with the columns, and why it is ``rejected``.

    Put into a list with an end of our own, a line must be one object: what else stands on it cannot get lost so.
    """
    fields = ", ".join(f"`{name}`: STRING" for name in [*(column.key for column in columns), _END])
    strict = "map('allowSingleQuotes', 'false')"
    listed = f"""concat('[', value, ',{{"{_END}": ""}}]')"""
    parsed = lines.selectExpr("*", f"from_json({listed}, 'ARRAY<STRUCT<{fields}>>', {strict}) AS objects")
    alone = f"size(objects) = 2 AND try_element_at(objects, 2).`{_END}` IS NOT NULL"
    texts = parsed.selectExpr(
        "file", "value", "readable", f"explode_outer(if({alone}, slice(objects, 1, 1), NULL)) AS texts"
    )
    numbers = texts.selectExpr(
        "*", *(f"{number(column)} AS `#{column.name}`" for column in columns if _numeric(column))
    )
    values = numbers.selectExpr("*", *(f"{value(column)} AS `{column.name}`" for column in columns))
    return values.selectExpr("*", f"{reason(columns)} AS rejected")


def number(column: Column) -> str:
    """The expression that takes a text to a number: exactly, but for the columns that are floats anyway."""
    sign = "-?" if column.type == "TIMESTAMP" else "[+-]?"
    kind = "DOUBLE" if column.type == "DOUBLE" else "DECIMAL(38, 9)"
    fits = _matches(_text(column), rf"^ *{sign}{_DIGITS} *\z")
    return f"if({fits}, try_cast({_text(column)} AS {kind}), NULL)"


def value(column: Column) -> str:
    """The expression that takes a text, or its number, to the column's type; NULL where it does not fit."""
    text, digits = _text(column), f"`#{column.name}`"
    if column.type == "STRING":
        before = f"substring_index({text}, char(0), 1)"  # COPY takes what is before a zero byte
        long = f"octet_length({before}) > {column.size}" if column.size else "false"
        return f"if({long} OR startswith({text}, char(0)), NULL, {before})"
    if column.type == "DOUBLE":
        return f"if(abs({digits}) = double('infinity'), NULL, {digits})"
    if column.type == "TIMESTAMP":
        fits = f"{digits} = floor({digits}) AND {digits} BETWEEN {_FIRST} AND {_LAST}"
        return f"if({fits}, timestamp_millis(try_cast({digits} AS BIGINT)), NULL)"
    return f"if({digits} = floor({digits}), try_cast({digits} AS {column.type}), NULL)"


def reason(columns: tuple[Column, ...]) -> str:
    """The expression that says why a line is rejected: the first thing that is wrong with it, else NULL."""
    half = f"(contains(value, '\\\\ud') OR contains(value, '\\\\uD')) AND {_matches('value', _HALF)}"
    branches = [
        "WHEN NOT readable THEN 'not UTF-8'",
        f"WHEN texts IS NULL THEN '{NOT_JSON}'",
        f"WHEN {half} THEN 'half a character, written as a surrogate'",
    ]
    for column in columns:
        text = _text(column)
        filled = f"trim({text}) <> ''" if _numeric(column) else f"{text} IS NOT NULL"
        kind = _KINDS.get(column.type, f"a text of at most {column.size} bytes that begins with no zero byte")
        told = f"concat('{column.key}: ', {_shown(text)}, ' is not {kind}')"
        branches.append(f"WHEN `{column.name}` IS NULL AND {filled} THEN {told}")
        if column.required:
            branches.append(f"WHEN `{column.name}` IS NULL THEN '{column.key}: missing'")
    return f"CASE {' '.join(branches)} END"


def _matches(text: str, pattern: str) -> str:
    escaped = pattern.replace("\\", "\\\\")
    return f"{text} RLIKE '{escaped}'"


def _numeric(column: Column) -> bool:
    return column.type != "STRING"


def _text(column: Column) -> str:
    return f"texts.`{column.key}`"


def _shown(text: str) -> str:
    return f"if(length({text}) > 60, concat(substring({text}, 1, 60), '...'), {text})"
