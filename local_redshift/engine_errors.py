"""DuckDB's errors in Redshift's words: the message, the SQLSTATE and so the class that psycopg2 raises."""

from __future__ import annotations

import re
from dataclasses import dataclass

from local_redshift import errors
from local_redshift.data_types import from_duckdb as from_duckdb_type
from local_redshift.errors import RedshiftError

_INTEGERS = {"INT8": "smallint", "INT16": "smallint", "INT32": "integer", "INT64": "bigint", "INT128": "bigint"}


# How DuckDB calls the functions behind operators -> the operator.
_OPERATORS = {
    **{sign: sign for sign in ("+", "-", "*", "/", "%", "||", "&", "|", "<<", ">>")},
    **{sign: sign for sign in ("~~", "!~~", "~~*", "!~~*")},
    "//": "/", "like_escape": "~~", "ilike_escape": "~~*", "regexp_matches": "~", "regexp_full_match": "~",
}  # fmt: skip
_REDSHIFT_NAMES = {"strftime": "to_char", "regexp_extract_all": "regexp_substr", "date_part": "pgdate_part"}
_LITERAL_TYPES = {"INTEGER_LITERAL": "integer", "STRING_LITERAL": '"unknown"', '"NULL"': '"unknown"'}
_NO_MATCH = "No function matches the given name and argument types. You may need to add explicit type casts."
_NO_OPERATOR = "No operator matches the given name and argument type(s). You may need to add explicit type casts."


@dataclass(frozen=True)
class Rule:
    """``pattern`` in DuckDB's text -> ``error`` with ``message``; {name} stands for a group of the pattern."""

    pattern: str
    error: type[RedshiftError]
    message: str
    hint: str | None = None


_RULES = (
    Rule(r"Interrupted", errors.QueryCanceled, "Query ({query}) canceled on user's request"),
    # what does not exist, or exists twice
    Rule(r"Table with name \"?(?P<name>[^\s\"]+)\"? does not exist", errors.UndefinedTable, 'relation "{name}" does not exist'),
    Rule(r"Table Function with name \"?(?P<name>[^\s\"]+)\"? does not exist", errors.UndefinedFunction, "function {name}(...) does not exist"),
    Rule(r"View with name \"?(?P<name>[^\s\"]+)\"? does not exist", errors.UndefinedTable, 'view "{name}" does not exist'),
    Rule(r"(?:Scalar|Aggregate|Macro)[\w ]* with name \"?(?P<name>[^\s\"]+)\"? does not exist", errors.UndefinedFunction, "function {name} does not exist"),
    Rule(r"No function matches the given name and argument types '(?P<call>[^']+)'", errors.UndefinedFunction, "{called} does not exist{operands}", _NO_MATCH),
    Rule(r"Could not choose a best candidate function for the function call \"(?P<call>.+?)\"\. In", errors.UndefinedFunction, "{called} is not unique{operands}", _NO_MATCH),
    Rule(r"Macro \"(?P<name>\w+)\"\(\) does not support the supplied arguments", errors.UndefinedFunction, "function {name}(...) does not exist", _NO_MATCH),
    Rule(r"Schema with name \"?(?P<name>[^\s\"]+?)\"? does not exist|schema \"(?P<other>[^\"]+)\" does not exist", errors.InvalidSchemaName, 'schema "{name}" does not exist'),
    Rule(r"Schema with name \"?(?P<name>[^\s\"]+?)\"? already exists", errors.DuplicateSchema, 'Schema "{name}" already exists'),
    Rule(r"(?:Table|View) with name \"?(?P<name>[^\s\"]+?)\"? already exists|Entry with name \"(?P<other>[^\"]+)\"", errors.DuplicateTable, 'Relation "{name}" already exists'),
    Rule(r"Column with name (?P<name>\S+?) already exists", errors.DuplicateColumn, 'column "{name}" specified more than once'),
    Rule(r"Referenced column \"(?P<name>[^\"]+)\" not found in FROM", errors.UndefinedColumn, 'column "{name}" does not exist'),
    Rule(r"Column \"(?P<name>[^\"]+)\" referenced that exists in the SELECT clause - but", errors.UndefinedColumn, 'column "{name}" does not exist'),
    Rule(r"Cannot extract field '(?P<name>.+?)' from expression", errors.UndefinedColumn, 'column "{name}" does not exist'),
    Rule(r"Values were not provided for the following (?:prepared statement )?parameters: (?P<name>\d+)", errors.UndefinedParameter, "there is no parameter ${name}"),
    Rule(r"Referenced column \"(?P<name>[^\"]+)\" was not found", errors.UndefinedColumn, 'column "{name}" does not exist'),
    Rule(r"(?:Table|Values list|View|Subquery) \"(?P<table>[^\"]+)\" does not have a column named \"(?P<name>[^\"]+)\"", errors.UndefinedColumn, "column {table}.{name} does not exist"),
    Rule(r"[Tt]able \"?(?P<table>[^\s\"]+)\"? does not have a column (?:with name|named) \"?(?P<name>[^\s\"]+?)\"?(?:$|[\s!.])", errors.UndefinedColumn, 'column "{name}" of relation "{table}" does not exist'),
    Rule(r"Column with name (?P<name>\S+?) does not exist", errors.UndefinedColumn, 'column "{name}" does not exist'),
    Rule(r"Referenced (?:update )?(?:column|table) \"?(?P<name>[^\s\"]+)\"? not found", errors.UndefinedTable, 'missing FROM-clause entry for table "{name}"'),
    Rule(r"Ambiguous reference to column name \"(?P<name>[^\"]+)\"", errors.AmbiguousColumn, 'column reference "{name}" is ambiguous'),
    Rule(r"Ambiguous reference to table \"(?P<name>[^\"]+)\"|Duplicate alias \"(?P<other>[^\"]+)\"", errors.SyntaxError_, 'table name "{name}" specified more than once'),
    # shapes
    Rule(r"column \"?(?P<name>[^\"]+?)\"? must appear in the GROUP BY", errors.GroupingError, 'column "{name}" must appear in the GROUP BY clause or be used in an aggregate function'),
    Rule(r"(?:GROUP BY|WHERE) clause cannot contain aggregates", errors.GroupingError, "aggregates not allowed in {clause} clause"),
    Rule(r"aggregate function calls cannot be nested", errors.GroupingError, "aggregate function calls may not be nested"),
    Rule(r"has (?P<have>\d+) columns but (?P<given>\d+) values were supplied", errors.SyntaxError_, "INSERT has {compare} expressions than target columns"),
    Rule(r"Set operations can only apply to expressions with the same number of result columns", errors.SyntaxError_, "each UNION query must have the same number of columns"),
    Rule(r"More than one row returned by a subquery", errors.DataError, "more than one row returned by a subquery used as an expression"),
    Rule(r"Subquery returns (?P<have>\d+) columns - expected 1", errors.SyntaxError_, "subquery has too many columns"),
    Rule(r"Cannot compare values of type (?P<source>.+?) and (?:type )?(?P<target>.+?) -", errors.UndefinedFunction, "operator does not exist: {source} = {target}", _NO_MATCH),
    Rule(r"Cannot mix values of type (?P<source>.+?) and (?P<target>\S.*?) in BETWEEN", errors.UndefinedFunction, "operator does not exist: {source} >= {target}", _NO_MATCH),
    Rule(r"Cannot mix values of type (?P<source>.+?) and (?P<target>\S.*?) in (?P<where>\w+)", errors.DatatypeMismatch, "{where} types {source} and {target} cannot be matched"),
    Rule(r"Cannot combine types of (?P<source>.+?) and (?P<target>\S.*?) - ", errors.DatatypeMismatch, "GREATEST or LEAST types {source} and {target} cannot be matched"),
    Rule(r"Could not ORDER BY column \"(?:[^\"]+\.)?(?P<name>[^\".]+)\"", errors.UndefinedColumn, 'column "{name}" does not exist'),
    Rule(r"Column \"(?P<name>[^\"]+)\" does not exist on (?P<side>left|right) side of join", errors.UndefinedColumn, 'column "{name}" specified in USING clause does not exist in {side} table'),
    Rule(r"Column \"(?P<name>[^\"]+)\" in EXCLUDE list not found", errors.UndefinedColumn, 'column "{name}" does not exist'),
    Rule(r"STAR expression is only allowed", errors.SyntaxError_, 'syntax error at or near "*"'),
    Rule(r"Multiple assignments to same column \"(?P<name>[^\"]+)\"", errors.SyntaxError_, 'multiple assignments to same column "{name}"'),
    Rule(r"Frame (?P<end>start|end) cannot be (?P<bound>[A-Z ]+)", errors.WindowingError, "frame {end} cannot be {bound}"),
    Rule(r"LIMIT/OFFSET cannot be negative", errors.InvalidParameterValue, "LIMIT must not be negative"),
    Rule(r"(?P<where>ORDER|GROUP) (?:BY )?term out of range", errors.SyntaxError_, "{where} BY position is not in select list"),
    Rule(r"Window functions are not supported here", errors.SyntaxError_, "window function requires an OVER clause"),
    Rule(r"(?P<where>\w+) clause cannot contain window functions", errors.WindowingError, "window functions not allowed in {where} clause"),
    Rule(r"aggregate functions are not allowed in UPDATE", errors.GroupingError, "cannot use aggregate function in UPDATE"),
    Rule(r"Duplicate CTE name \"(?P<name>[^\"]+)\"", errors.SyntaxError_, 'WITH query name "{name}" specified more than once'),
    Rule(r"table \"(?P<name>[^\"]+)\" has (?P<have>\d+) columns available but (?P<given>\d+) columns specified", errors.SyntaxError_, 'table "{name}" has {have} columns available but {given} columns specified'),
    Rule(r"Existing object \"?(?P<name>[^\"]+?)\"? is of type Table", errors.WrongObjectType, '"{name}" is not a view', "Use DROP TABLE to remove a table."),
    Rule(r"Could not rename .+? to \"(?P<name>[^\"]+)\": another entry", errors.DuplicateTable, 'relation "{name}" already exists'),
    # values
    Rule(r"CHECK constraint failed on table .+? with expression CHECK\(CASE +WHEN \(\(strlen\((?P<column>.+?)\) (?P<compared><=|>) (?P<length>\d+)\)\)", errors.StringTruncation, "value too long for type {declared}({length})"),
    Rule(r"NOT NULL constraint failed: (?:.+\.)?(?P<column>.+)$", RedshiftError, "Cannot insert a NULL value into column {column}"),
    Rule(r"Division by zero", errors.DivisionByZero, "division by zero"),
    Rule(r"Could not convert string '(?P<value>.*?)' to (?P<type>U?INT\d+)", errors.InvalidText, 'invalid input syntax for integer: "{value}"'),
    Rule(r"Could not convert string '(?P<value>.*?)' to (?:DOUBLE|FLOAT)", errors.InvalidText, 'invalid input syntax for type double precision: "{value}"'),
    Rule(r"Could not convert string '(?P<value>.*?)' to BOOL", errors.InvalidText, 'invalid input syntax for type boolean: "{value}"'),
    Rule(r"Could not convert string \"(?P<value>.*?)\" to DECIMAL", errors.InvalidText, 'invalid input syntax for type numeric: "{value}"'),
    Rule(r"(?:date|timestamp|time) field value out of range: \"(?P<value>.*?)\"", errors.InvalidDatetime, 'date/time field value out of range: "{value}"'),
    Rule(r"invalid (?P<type>date|timestamp|time) field format: \"(?P<value>.*?)\"", errors.InvalidDatetime, 'invalid input syntax for type {type}: "{value}"'),
    Rule(r"Could not parse string \"(?P<value>.*?)\" according to format specifier \"(?P<format>.*?)\"", errors.InvalidDatetime, 'invalid value "{value}" for the format "{format}"'),
    Rule(r"value is out of range for the destination type (?P<type>INT\d+)", errors.NumericValueOutOfRange, "{integer} out of range"),
    Rule(r"Overflow in \w+ of (?P<type>INT\d+)", errors.NumericValueOutOfRange, "{integer} out of range"),
    Rule(r"Overflow in \w+ of|DECIMAL.*?(?:out of range|overflow)|out of range.*?DECIMAL|Could not cast value .* to DECIMAL|Casting value .* to type DECIMAL", errors.NumericValueOutOfRange, "numeric field overflow"),
    Rule(r"Unimplemented type for cast \((?P<source>.+?) -> (?P<target>.+?)\)", errors.CannotCoerce, "cannot cast type {source} to {target}"),
    Rule(r"MERGE INTO command cannot affect the same target row more than once", RedshiftError, "Found multiple matches to update the same tuple."),
    Rule(r"Could not convert string '(?P<value>.*?)' to (?P<type>\w+)", errors.InvalidText, 'invalid input syntax for type {type}: "{value}"'),
    Rule(r"Overflow on abs", errors.NumericValueOutOfRange, "bigint out of range"),
    Rule(r"[Dd]ate out of range|Timestamp out of range", errors.InvalidDatetime, "timestamp out of range"),
    Rule(r"Invalid Input Error: (?P<what>(?:missing|unexpected|no argument for|bad|trailing|invalid (?:escape|character class|repetition)).{0,60}: .*)", errors.InvalidPattern, "invalid regular expression: {what}"),
    Rule(r"invalid perl operator: (?P<name>\S+)", errors.FeatureNotSupported, "{name} in a regular expression is not supported by the local warehouse"),
    # sessions and the machine
    Rule(r"[Cc]onflict on|Transaction conflict|write-write conflict|has been altered|Catalog write-write conflict|Failed to commit", errors.SerializationFailure, "1023", "Another session changed the same rows: roll back and run the transaction again."),
    Rule(r"read-only", errors.ReadOnlyDatabase, "cannot execute this statement: the database is read-only"),
    Rule(r"No space left|[Cc]ould not write|File too large|exceed.*?max_temp_directory_size|failed to offload", errors.DiskFull, "Disk Full", "Free some space where the database file lies. What was committed is still in it."),
    Rule(r"[Oo]ut of [Mm]emory|could not allocate|failed to allocate|failed to pin", errors.OutOfMemory, "Out Of Memory: {first_line}"),
    Rule(r"Cannot drop entry \"(?P<name>[^\"]+)\"", errors.DependentObjectsStillExist, "cannot drop {name} because other objects depend on it", "Use DROP ... CASCADE to drop the dependent objects too."),
    Rule(r"syntax error at or near \"(?P<near>[^\"]*)\"", errors.SyntaxError_, 'syntax error at or near "{near}"'),
    Rule(r"^Not implemented Error", errors.FeatureNotSupported, "{first_line}"),
    Rule(r"\A(?:Parser|Binder|Syntax|Parameter Not Resolved) Error", errors.SyntaxError_, "{first_line}"),
    Rule(r"\ACatalog Error", errors.UndefinedObject, "{first_line}"),
    Rule(r"\A(?:Conversion|Invalid Input) Error", errors.DataError, "{first_line}"),
    Rule(r"\AOut of Range Error", errors.NumericValueOutOfRange, "{first_line}"),
)  # fmt: skip


# Our macros fail by casting a text that says why, its SQLSTATE in front: '22P02 invalid input ...'.
_RAISED = re.compile(
    r"Could not convert string '(?P<state>[0-9]{2}[0-9A-Z]{3}|XX000) (?P<message>.*)' to INT\d+", re.DOTALL
)
_BY_STATE = {
    kind.sqlstate: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, RedshiftError)
}


def from_duckdb(error: Exception, query_id: int, *, literal_values: bool = False) -> RedshiftError:
    """The RedshiftError for an error of the engine, never one with the engine's own wording where a rule knows it.

    ``literal_values`` tells that an INSERT gave VALUES: the leader node checks those itself, with other words.
    """
    text = str(error)
    if raised := _RAISED.search(text):
        return _BY_STATE.get(raised["state"], RedshiftError)(raised["message"])
    for rule in _RULES:
        if match := re.search(rule.pattern, text, re.MULTILINE | re.DOTALL):
            return _build(rule, match, text, query_id, literal_values)
    return RedshiftError(first_line(text))


def _build(rule: Rule, match: re.Match[str], text: str, query_id: int, literal_values: bool) -> RedshiftError:
    found = {name: value for name, value in match.groupdict().items() if value is not None}
    found.setdefault("name", found.get("other", ""))
    types: dict[str, str] = {end: type_name(found[end]) for end in ("source", "target") if end in found}
    words = {
        **found,
        **types,
        **_call_words(found.get("call", "")),
        "query": query_id,
        "first_line": first_line(text),
        "integer": _INTEGERS.get(found.get("type", ""), "integer"),
        "compare": "more" if int(found.get("given", 0)) > int(found.get("have", 0)) else "fewer",
        "clause": match[0].split(" clause")[0] if "clause" in match[0] else "",
        "declared": "character" if found.get("compared") == ">" else "character varying",
    }
    message = rule.message.format(**words)
    if rule.error is errors.StringTruncation and not literal_values:
        context = f"Value too long for type {words['declared']}({words['length']})"
        return RedshiftError(
            "Value too long for character type",
            detail=node_detail("Value too long for character type", context, query_id),
        )
    if rule.error is errors.SerializationFailure:
        return rule.error(message, detail="Serializable isolation violation on table in Redshift.", hint=rule.hint)
    return rule.error(message, hint=_NO_OPERATOR if message.startswith("operator") else rule.hint)


def type_name(engine_type: str) -> str:
    """``VARCHAR`` -> character varying, ``INTEGER_LITERAL`` -> integer, ``DECIMAL(8,2)`` -> numeric."""
    return _LITERAL_TYPES.get(engine_type) or from_duckdb_type(engine_type).name


def _call_words(call: str) -> dict[str, str]:
    """``upper(INTEGER)`` -> function upper(integer); ``+(DATE, DATE)`` -> operator, with its operands after a colon."""
    name, _, inside = call.partition("(")
    types = [type_name(part) for part in inside.removesuffix(")").split(", ") if part]
    if name not in _OPERATORS:
        return {"called": f"function {_REDSHIFT_NAMES.get(name, name)}({', '.join(types)})", "operands": ""}
    signs = [_OPERATORS[name], *types] if len(types) == 1 else [types[0], _OPERATORS[name], *types[1:2]]
    return {"called": "operator", "operands": ": " + " ".join(signs)}


def node_detail(error: str, context: str, query_id: int) -> str:
    """The block that compute nodes add to their errors."""
    line = "-" * 47
    return (
        f"\n  {line}\n  error:  {error}\n  code:      8001\n  context:   {context}\n  query:     {query_id}\n  {line}"
    )


def first_line(text: str) -> str:
    """The engine's first line without the kind of error in front."""
    return re.sub(r"^[A-Z]\w*( \w+){0,3} Error: ", "", text.splitlines()[0] if text else "unknown error of the engine")
