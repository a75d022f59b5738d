"""A line of JSON -> the columns of a staging table, by the rules of Redshift's COPY; or the reason why not.

Every value is read as text, so that a wrong one can be told from a missing one, and then taken to its type. A number
that fills a text column comes out as Java writes it (1.50 as 1.5); COPY keeps its digits.

https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-json.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from data_lake.job.plan import Column

NOT_JSON = "not one JSON object"
# Milliseconds since 1970 of the years 1 to 9999.
_FIRST, _LAST = -62_135_596_800_000, 253_402_300_799_999
_FLOAT = r"^\\s*[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?\\s*$"
_KINDS = {
    "DOUBLE": "a number",
    "TIMESTAMP": "a time in milliseconds since 1970",
    "SMALLINT": "a whole number of two bytes",
    "INT": "a whole number of four bytes",
    "BIGINT": "a whole number of eight bytes",
}


def typed(lines: DataFrame, columns: tuple[Column, ...]) -> DataFrame:
    """The columns, and of what is not a record ``rejected`` (why), ``file`` and ``record`` (the line).

    Between brackets a line is a list of one object: what follows the object on the same line cannot get lost so.
    """
    fields = ", ".join(f"`{column.key}`: STRING" for column in columns)
    parsed = lines.selectExpr("*", f"from_json(concat('[', value, ']'), 'ARRAY<STRUCT<{fields}>>') AS objects")
    texts = parsed.selectExpr("file", "value", "readable", "explode_outer(objects) AS texts")
    numbers = texts.selectExpr(
        "*", *(f"{number(column)} AS `#{column.name}`" for column in columns if _numeric(column))
    )
    values = numbers.selectExpr("*", *(f"{value(column)} AS `{column.name}`" for column in columns))
    judged = values.selectExpr("*", f"{reason(columns)} AS rejected")
    return judged.selectExpr(
        *(f"`{column.name}`" for column in columns),
        "rejected",
        "if(rejected IS NULL, NULL, file) AS file",
        "if(rejected IS NULL, NULL, value) AS record",
    )


def number(column: Column) -> str:
    """The expression that takes a text to a number: exactly, but for the columns that are floats anyway."""
    text = _text(column)
    if column.type == "DOUBLE":
        return f"if({text} RLIKE '{_FLOAT}', try_cast({text} AS DOUBLE), NULL)"
    return f"try_cast({text} AS DECIMAL(38, 9))"


def value(column: Column) -> str:
    """The expression that takes a text, or its number, to the column's type; NULL where it does not fit."""
    text, digits = _text(column), f"`#{column.name}`"
    if column.type == "STRING":
        before = f"substring_index({text}, char(0), 1)"  # COPY takes what is before a zero byte
        return f"if(octet_length({before}) > {column.size}, NULL, {before})" if column.size else before
    if column.type == "DOUBLE":
        return f"if(abs({digits}) = double('infinity'), NULL, {digits})"
    if column.type == "TIMESTAMP":
        fits = f"{digits} = floor({digits}) AND {digits} BETWEEN {_FIRST} AND {_LAST}"
        return f"if({fits}, timestamp_millis(try_cast({digits} AS BIGINT)), NULL)"
    return f"if({digits} = floor({digits}), try_cast({digits} AS {column.type}), NULL)"


def reason(columns: tuple[Column, ...]) -> str:
    """The expression that says why a line is rejected: the first thing that is wrong with it, else NULL."""
    branches = ["WHEN NOT readable THEN 'not UTF-8'", f"WHEN texts IS NULL THEN '{NOT_JSON}'"]
    for column in columns:
        text = _text(column)
        filled = f"trim({text}) <> ''" if _numeric(column) else f"{text} IS NOT NULL"
        kind = _KINDS.get(column.type, f"a text of at most {column.size} bytes")
        told = f"concat('{column.key}: ', {_shown(text)}, ' is not {kind}')"
        branches.append(f"WHEN `{column.name}` IS NULL AND {filled} THEN {told}")
        if column.required:
            branches.append(f"WHEN `{column.name}` IS NULL THEN '{column.key}: missing'")
    return f"CASE {' '.join(branches)} END"


def _numeric(column: Column) -> bool:
    return column.type != "STRING"


def _text(column: Column) -> str:
    return f"texts.`{column.key}`"


def _shown(text: str) -> str:
    return f"if(length({text}) > 60, concat(substring({text}, 1, 60), '...'), {text})"
