"""The functions that Redshift has, and what each is in DuckDB. What is not listed does not exist.

https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.dialect import aggregates, dates, formats, number_formats, patterns
from local_redshift.dialect.catalog_functions import CATALOG_FUNCTIONS
from local_redshift.dialect.date_texts import iso_text
from local_redshift.dialect.grammar import template
from local_redshift.dialect.simple_functions import MANY, OF_DATES, TEMPLATES
from local_redshift.errors import FeatureNotSupported, UndefinedFunction
from local_redshift.schema import literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_redshift.dialect.scope import Scope

GENERATE_SERIES = "generate_series"
VERSION = (
    "PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), "
    "Redshift local-duckdb"
)

_PASSED = (
    "any_value", "avg", "bit_and", "bit_or", "bool_and", "bool_or", "count", "cume_dist", "dense_rank", "first_value",
    "lag", "last_value", "lead", "listagg", "max", "median", "min", "nth_value", "ntile", "percent_rank",
    "percentile_cont", "percentile_disc", "rank", "ratio_to_report", "row_number", "stddev", "stddev_pop",
    "stddev_samp", "sum", "var_pop", "var_samp", "variance",
)  # fmt: skip

_LEADER_ONLY = frozenset({
    "age", "current_schema", "generate_series", "timeofday",
    "has_database_privilege", "has_schema_privilege", "has_table_privilege", "now", "set_config", "version",
}) | CATALOG_FUNCTIONS.keys()  # fmt: skip

# Redshift has them, the local warehouse does not.
_NOT_BUILT = frozenset({
    "age", "array", "array_concat", "array_flatten", "checksum", "crc32", "difference", "farmfingerprint64",
    "fnv_hash", "from_varbyte", "get_array_length", "hll", "json_parse_array", "object", "octetindex",
    "regexp_like", "sha2_224", "split_to_array", "st_point", "subarray", "to_varbyte",
})  # fmt: skip


def _decode(call: exp.Anonymous, _scope: Scope) -> exp.Expr:
    """DECODE(x, search, result, ... [, default]): NULL matches NULL.

    https://docs.aws.amazon.com/redshift/latest/dg/r_DECODE_expression.html
    """
    value, *rest = call.expressions
    pairs, default = (rest[:-1], rest[-1]) if len(rest) % 2 else (rest, None)
    if not pairs:
        raise undefined(call)
    whens = "".join(f" WHEN {{0}} IS NOT DISTINCT FROM {{{i + 1}}} THEN {{{i + 2}}}" for i in range(0, len(pairs), 2))
    otherwise = f" ELSE {{{len(pairs) + 1}}}" if default is not None else ""
    operands = [value, *pairs, *([default] if default is not None else [])]
    return template(f"(CASE{whens}{otherwise} END)", *operands)


def _json_path(call: exp.Anonymous, _scope: Scope) -> exp.Expr:
    """JSON_EXTRACT_PATH_TEXT(text, key [, key ...] [, null_if_invalid]): NULL for a missing key.

    https://docs.aws.amazon.com/redshift/latest/dg/JSON_EXTRACT_PATH_TEXT.html
    """
    text, *keys = call.expressions
    lenient = bool(keys) and isinstance(keys[-1], exp.Boolean)
    if lenient and not keys.pop().this:
        lenient = False
    if not 1 <= len(keys) <= 5:
        raise undefined(call)
    path = template(" || ".join(["'$'", *(f"rs.json_key({{{i}}})" for i in range(len(keys)))]), *keys)
    if all(key.is_string for key in keys):
        path = template(
            literal("$" + "".join(_path_step(key.name) for key in keys)).replace("{", "{{").replace("}", "}}")
        )
    return template(f"rs.json_text({{0}}, {{1}}, {'true' if lenient else 'false'})", text, path)


def _path_step(key: str) -> str:
    return '."' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _sha2(call: exp.Anonymous, _scope: Scope) -> exp.Expr:
    text, bits = call.expressions
    if bits.name not in {"0", "256"}:
        raise FeatureNotSupported("SHA2 with other than 256 bits is not supported by the local warehouse")
    return template("sha256({0})", text)


def _trunc(call: exp.Anonymous, _scope: Scope) -> exp.Expr:
    """TRUNC of a number, or of a timestamp to its DATE: rs.trunc's overloads tell them apart.

    Inside a lambda, since DuckDB does not know the type of an aggregate or an alias when it chooses an overload.
    """
    if len(call.expressions) == 1:
        return template("list_transform([{0}], lambda truncated : rs.trunc(truncated))[1]", call.expressions[0])
    return template("trunc({0}, {1})", *call.expressions)


def _getdate(_call: exp.Anonymous, scope: Scope) -> exp.Expr:
    """GETDATE(): the start of the statement, to the second; inside views and defaults, of the transaction."""
    if scope.stored:
        return template("date_trunc('second', timezone('UTC', now()))")
    return template(f"CAST('{scope.catalog.now:%Y-%m-%d %H:%M:%S}' AS TIMESTAMP)")


def _generate_series(call: exp.Anonymous, _scope: Scope) -> exp.Expr:
    """Stands in FROM only, and on the leader node only."""
    if not isinstance(call.parent, exp.Table):
        raise undefined(call)
    return template(f"{GENERATE_SERIES}({places(len(call.expressions))})", *call.expressions)


def places(count: int) -> str:
    """``{0}, {1}``: the places of a Template's operands."""
    return ", ".join(f"{{{i}}}" for i in range(count))


def _session(read: Callable[[Scope], str | int]) -> Callable[[exp.Anonymous, Scope], exp.Expr]:
    def rewrite(_call: exp.Anonymous, scope: Scope) -> exp.Expr:
        value = read(scope)
        return template(str(value) if isinstance(value, int) else text_literal(value))

    return rewrite


def current_schema(_call: exp.Expr, scope: Scope) -> exp.Expr:
    """Where something would be created; NULL where no schema of the search path exists."""
    path = scope.catalog.search_path
    return template(text_literal(path[0]) if path else "CAST(NULL AS VARCHAR)")


def text_literal(text: str) -> str:
    """A string literal for use inside a Template."""
    return literal(text).replace("{", "{{").replace("}", "}}")


def _arguments(
    rewrite: Callable[[list[exp.Expr]], exp.Expr],
) -> Callable[[exp.Anonymous, Scope], exp.Expr]:
    return lambda call, _: rewrite(call.expressions)


_REWRITTEN: dict[str, tuple[int, int, Callable[[exp.Anonymous, Scope], exp.Expr]]] = {
    "convert_timezone": (2, 3, _arguments(dates.convert_timezone)),
    "current_database": (0, 0, _session(lambda scope: scope.catalog.database)),
    "current_schema": (0, 0, current_schema),
    "date_add": (3, 3, _arguments(dates.date_add)),
    "date_diff": (3, 3, _arguments(dates.date_diff)),
    "date_part": (2, 2, _arguments(dates.date_part)),
    "date_trunc": (2, 2, _arguments(dates.date_trunc)),
    "dateadd": (3, 3, _arguments(dates.date_add)),
    "datediff": (3, 3, _arguments(dates.date_diff)),
    "decode": (3, MANY, _decode),
    "generate_series": (2, 3, _generate_series),
    "getdate": (0, 0, _getdate),
    "interval_cmp": (2, 2, _arguments(dates.interval_compare)),
    "json_extract_path_text": (2, 7, _json_path),
    "pg_backend_pid": (0, 0, _session(lambda scope: scope.catalog.session_id)),
    "pg_last_copy_count": (0, 0, _session(lambda scope: scope.catalog.last_copy_count)),
    "pg_last_copy_id": (0, 0, _session(lambda scope: scope.catalog.last_copy_id)),
    "pg_last_query_id": (0, 0, _session(lambda scope: scope.catalog.query_id)),
    "pg_last_unload_count": (0, 0, _session(lambda scope: scope.catalog.last_unload_count)),
    "pg_last_unload_id": (0, 0, _session(lambda scope: scope.catalog.last_unload_id)),
    "pgdate_part": (2, 2, _arguments(dates.date_part)),
    "regexp_count": (2, 4, _arguments(patterns.regexp_count)),
    "regexp_instr": (2, 6, _arguments(patterns.regexp_instr)),
    "regexp_replace": (2, 5, _arguments(patterns.regexp_replace)),
    "regexp_substr": (2, 5, _arguments(patterns.regexp_substr)),
    "sha2": (2, 2, _sha2),
    "timezone": (2, 2, _arguments(dates.timezone)),
    "to_char": (2, 2, _arguments(formats.to_char)),
    "to_date": (2, 3, _arguments(formats.to_date)),
    "to_number": (2, 2, _arguments(number_formats.to_number)),
    "to_timestamp": (2, 3, _arguments(formats.to_timestamp)),
    "trunc": (1, 2, _trunc),
    "version": (0, 0, _session(lambda _: VERSION)),
}


def known_functions() -> frozenset[str]:
    """The functions that are built, in lower case."""
    return frozenset((*aggregates.AGGREGATES, *_PASSED, *TEMPLATES, *_REWRITTEN, *CATALOG_FUNCTIONS, "set_config"))


def refused_functions() -> frozenset[str]:
    """Redshift's functions that are refused by name."""
    return _NOT_BUILT - known_functions()


def function(call: exp.Anonymous, scope: Scope) -> exp.Expr:
    """A function call in DuckDB's terms.

    Raises UndefinedFunction for what Redshift does not have, FeatureNotSupported for what is not built here.
    """
    try:
        return _rewritten(call, scope)
    except UndefinedFunction as error:
        from local_redshift.dialect.sizes import argument_types

        if (types := argument_types(call, scope.catalog)) is not None:
            error.message = error.message.replace("(...)", f"({', '.join(types)})")
        raise


def _rewritten(call: exp.Anonymous, scope: Scope) -> exp.Expr:
    name = call.name.lower()
    if name in _LEADER_ONLY:
        scope.leader_functions.add(name)
    if name in aggregates.AGGREGATES or name in _PASSED:
        call.set("this", name)
        return call if aggregates.is_wrapped(call) else aggregates.aggregate(call, call, scope)
    if name in TEMPLATES:
        fewest, most, text = TEMPLATES[name]
        _check_arguments(call, fewest, most)
        arguments = [_dated(argument) for argument in call.expressions] if name in OF_DATES else call.expressions
        return template(text.replace("{*}", places(len(arguments))), *arguments)
    if name in _REWRITTEN:
        fewest, most, rewrite = _REWRITTEN[name]
        _check_arguments(call, fewest, most)
        return rewrite(call, scope)
    if name in _LEADER_ONLY:  # catalog_queries.py has the rest of them
        raise leader_only(name)
    if name in _NOT_BUILT:
        raise FeatureNotSupported(f"function {name} is not supported by the local warehouse")
    raise undefined(call)


def _dated(argument: exp.Expr) -> exp.Expr:
    return exp.Literal.string(iso_text(argument.name)) if argument.is_string else argument


def _check_arguments(call: exp.Anonymous, fewest: int, most: int) -> None:
    if not fewest <= len(call.expressions) <= most or any(isinstance(x, exp.Distinct) for x in call.expressions):
        raise undefined(call)


def leader_only(*names: str) -> FeatureNotSupported:
    """https://docs.aws.amazon.com/redshift/latest/dg/c_sql-functions-leader-node.html."""
    return FeatureNotSupported(
        "Specified types or functions (one per INFO message) not supported on Redshift tables.",
        detail=f"Leader-node only: {', '.join(sorted(names))}.",
    )


def undefined(call: exp.Anonymous) -> UndefinedFunction:
    start = call.meta.get("start")
    return UndefinedFunction(
        f"function {call.name.lower()}({'...' if call.expressions else ''}) does not exist",
        hint="No function matches the given name and argument types. You may need to add explicit type casts.",
        position=start + 1 if isinstance(start, int) else None,
    )
