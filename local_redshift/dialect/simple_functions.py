"""The functions that are one DuckDB expression: a table, nothing else.

https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html
"""

from __future__ import annotations

MANY = 1600  # as many arguments as a table has columns

# date_cmp, timestamp_cmp_date, ...: -1, 0 or 1; what has a time is compared with what has none as midnight.
_COMPARED = {"date": "DATE", "timestamp": "TIMESTAMP", "timestamptz": "TIMESTAMPTZ"}
_COMPARISONS: dict[str, tuple[int, int, str]] = {
    f"{left}_cmp{'' if left == right else '_' + right}": (
        2,
        2,
        f"rs.compare(CAST({{0}} AS {_COMPARED[left]}), CAST({{1}} AS {_COMPARED[right]}))",
    )
    for left in _COMPARED
    for right in _COMPARED
}

# Functions of dates, to which a string is a date in any of Redshift's spellings.
OF_DATES = frozenset({
    *_COMPARISONS, "add_months", "date", "date_part_year", "last_day", "months_between", "next_day",
})  # fmt: skip

# name -> (fewest arguments, most, DuckDB text). {*} stands for all the arguments.
TEMPLATES: dict[str, tuple[int, int, str]] = {
    # conditions
    "coalesce": (1, MANY, "coalesce({*})"),
    "nvl": (1, MANY, "coalesce({*})"),
    "nvl2": (3, 3, "(CASE WHEN {0} IS NOT NULL THEN {1} ELSE {2} END)"),
    "nullif": (2, 2, "nullif({0}, {1})"),
    "greatest": (1, MANY, "greatest({*})"),
    "least": (1, MANY, "least({*})"),
    # strings
    "ascii": (1, 1, "ascii({0})"),
    "btrim": (1, 2, "rs.trim({*})"),
    "char_length": (1, 1, "CAST(length(CAST({0} AS VARCHAR)) AS INTEGER)"),
    "character_length": (1, 1, "CAST(length(CAST({0} AS VARCHAR)) AS INTEGER)"),
    "charindex": (2, 2, "CAST(strpos(CAST({1} AS VARCHAR), {0}) AS INTEGER)"),
    "chr": (1, 1, "chr({0})"),
    "concat": (2, 2, "({0} || {1})"),
    "initcap": (1, 1, "rs.initcap(CAST({0} AS VARCHAR))"),
    "left": (2, 2, "left(CAST({0} AS VARCHAR), {1})"),
    "len": (1, 1, "CAST(length(CAST({0} AS VARCHAR)) AS INTEGER)"),
    "length": (1, 1, "CAST(length(CAST({0} AS VARCHAR)) AS INTEGER)"),
    "lower": (1, 1, "lower(CAST({0} AS VARCHAR))"),
    "lpad": (2, 3, "rs.lpad({*})"),
    "ltrim": (1, 2, "rs.ltrim({*})"),
    "md5": (1, 1, "md5(CAST({0} AS VARCHAR))"),
    "octet_length": (1, 1, "CAST(strlen(CAST({0} AS VARCHAR)) AS INTEGER)"),
    "quote_ident": (1, 1, "rs.quote_ident({0})"),
    "quote_literal": (1, 1, "rs.quote_literal({0})"),
    "repeat": (2, 2, "repeat(CAST({0} AS VARCHAR), {1})"),
    "replace": (3, 3, "replace(CAST({0} AS VARCHAR), {1}, {2})"),
    "replicate": (2, 2, "repeat(CAST({0} AS VARCHAR), {1})"),
    "reverse": (1, 1, "reverse(CAST({0} AS VARCHAR))"),
    "right": (2, 2, "right(CAST({0} AS VARCHAR), {1})"),
    "rpad": (2, 3, "rs.rpad({*})"),
    "rtrim": (1, 2, "rs.rtrim({*})"),
    "sha": (1, 1, "sha1(CAST({0} AS VARCHAR))"),
    "sha1": (1, 1, "sha1(CAST({0} AS VARCHAR))"),
    "func_sha1": (1, 1, "sha1(CAST({0} AS VARCHAR))"),
    "soundex": (1, 1, "rs.soundex(CAST({0} AS VARCHAR))"),
    "split_part": (3, 3, "split_part(CAST({0} AS VARCHAR), {1}, {2})"),
    "strpos": (2, 2, "CAST(strpos(CAST({0} AS VARCHAR), {1}) AS INTEGER)"),
    "strtol": (2, 2, "rs.strtol({0}, {1})"),
    "substr": (2, 3, "rs.substring({*})"),
    "substring": (2, 3, "rs.substring({*})"),
    "textlen": (1, 1, "CAST(length(CAST({0} AS VARCHAR)) AS INTEGER)"),
    "to_hex": (1, 1, "lower(hex({0}))"),
    "translate": (3, 3, "translate(CAST({0} AS VARCHAR), {1}, {2})"),
    "upper": (1, 1, "upper(CAST({0} AS VARCHAR))"),
    # grouping sets
    "grouping": (1, 1, "grouping({0})"),
    # numbers
    "abs": (1, 1, "abs({0})"),
    "acos": (1, 1, "acos({0})"),
    "asin": (1, 1, "asin({0})"),
    "atan": (1, 1, "atan({0})"),
    "atan2": (2, 2, "atan2({0}, {1})"),
    "cbrt": (1, 1, "cbrt({0})"),
    "ceil": (1, 1, "ceil({0})"),
    "ceiling": (1, 1, "ceil({0})"),
    "cos": (1, 1, "cos({0})"),
    "cot": (1, 1, "cot({0})"),
    "degrees": (1, 1, "degrees({0})"),
    "dexp": (1, 1, "exp({0})"),
    "dlog1": (1, 1, "ln({0})"),
    "dlog10": (1, 1, "log10({0})"),
    "dpow": (2, 2, "pow({0}, {1})"),
    "dround": (1, 2, "round({*})"),
    "dsqrt": (1, 1, "sqrt({0})"),
    "exp": (1, 1, "exp({0})"),
    "floor": (1, 1, "floor({0})"),
    "ln": (1, 1, "ln({0})"),
    "log": (1, 1, "log10({0})"),
    "mod": (2, 2, "({0} % {1})"),
    "pi": (0, 0, "pi()"),
    "pow": (2, 2, "pow({0}, {1})"),
    "power": (2, 2, "pow({0}, {1})"),
    "radians": (1, 1, "radians({0})"),
    "random": (0, 0, "random()"),
    "round": (1, 2, "round({*})"),
    "sign": (1, 1, "sign({0})"),
    "sin": (1, 1, "sin({0})"),
    "sqrt": (1, 1, "sqrt({0})"),
    "tan": (1, 1, "tan({0})"),
    # dates
    "add_months": (2, 2, "rs.add_months({0}, {1})"),
    "date": (1, 1, "CAST({0} AS DATE)"),
    "date_part_year": (1, 1, "CAST(date_part('year', CAST({0} AS DATE)) AS INTEGER)"),
    "last_day": (1, 1, "last_day(CAST({0} AS TIMESTAMP))"),
    "months_between": (2, 2, "rs.months_between({0}, {1})"),
    "next_day": (2, 2, "rs.next_day({0}, {1})"),
    "now": (0, 0, "now()"),
    "timeofday": (0, 0, "strftime(timezone('UTC', now()), '%a %b %d %H:%M:%S.%f %Y UTC')"),
    **_COMPARISONS,
    # JSON
    "can_json_parse": (1, 1, "json_valid({0})"),
    "is_valid_json": (1, 1, "rs.is_json({0}, 'OBJECT')"),
    "is_valid_json_array": (1, 1, "rs.is_json({0}, 'ARRAY')"),
    "json_array_length": (1, 2, "rs.json_array_length({*})"),
    "json_extract_array_element_text": (2, 3, "rs.json_element({*})"),
    "json_parse": (1, 1, "CAST({0} AS JSON)"),
    "json_serialize": (1, 1, "CAST({0} AS VARCHAR)"),
    "json_typeof": (1, 1, "rs.json_typeof({0})"),
    # the catalog
    "has_database_privilege": (2, 3, "true"),
    "has_schema_privilege": (2, 3, "true"),
    "has_table_privilege": (2, 3, "true"),
}
