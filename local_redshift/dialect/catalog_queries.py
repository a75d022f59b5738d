"""Queries on the catalogs, as clients send them: PostgreSQL's SQL, with what Redshift knows on its leader node alone.

Arrays, object types, ``OPERATOR(pg_catalog.~)`` and the catalog functions are taken here and refused everywhere else:
a query on a user's table is never a catalog query.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.dialect import catalog_casts, expressions, relations, selects
from local_redshift.dialect.catalog_functions import ARRAY_FUNCTIONS, CATALOG_FUNCTIONS, TABLE_FUNCTIONS
from local_redshift.dialect.functions import GENERATE_SERIES, function, places, text_literal, undefined
from local_redshift.dialect.grammar import Template, parse, template, to_duckdb
from local_redshift.dialect.refusals import refusal
from local_redshift.dialect.rewrite import rewrite
from local_redshift.dialect.scope import Scope
from local_redshift.dialect.statements import Query, Setting
from local_redshift.dialect.tokens import qualified, tokenize
from local_redshift.errors import FeatureNotSupported, SyntaxError_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from local_redshift.dialect.statements import Catalog

    Rules = Mapping[type[exp.Expr], Callable[[exp.Expr, Scope], exp.Expr]]

_MENTION = re.compile(
    r"\b(pg_|information_schema\b|st[lv]_|svv?_|svl_|svcs_|sys_|reg(class|type|proc|namespace|role)\b|oid\b|"
    rf"({'|'.join(CATALOG_FUNCTIONS)}|set_config|current_database)\s*\()",
    re.IGNORECASE,
)


def mentions_catalog(sql: str) -> bool:
    return _MENTION.search(sql) is not None


def catalog_query(source: str, catalog: Catalog) -> Query | None:
    """The query, if it is one on the catalogs alone; None leaves it to the ordinary rules.

    Raises what those raise, for what is neither Redshift's nor known from a client.
    """
    if not mentions_catalog(source):
        return None
    try:
        tree = parse(_without_escape_marks(source))
    except SyntaxError_:
        return None  # the ordinary rules tell the place
    if not isinstance(tree, exp.Query) or tree.find(exp.Into) or not _is_on_catalogs(tree, catalog):
        return None
    catalog.open_catalog()
    settings = _settings(tree)
    scope = Scope(catalog, rules=_RULES)
    sql = to_duckdb(rewrite(tree, scope))
    return Query(source=source, tag="SELECT", sql=sql, parameters=scope.parameters, settings=settings)


def catalog_rules(tree: exp.Query, source: str, catalog: Catalog) -> Rules:
    """What a view's query is rewritten with before the common rules: the catalogs' own, where it is on them alone."""
    if not mentions_catalog(source) or not _is_on_catalogs(tree, catalog):
        return {}
    catalog.open_catalog()
    return _RULES


def _without_escape_marks(source: str) -> str:
    """``E'\\n'`` as ``'\\n'``: backslashes escape anyway."""
    pieces, place, mark = [], 0, None
    for token in tokenize(source):
        if mark is not None and token.kind == "string" and token.start == mark.end:
            pieces += [source[place : mark.start], " "]
            place = token.start
        mark = token if token.word == "E" else None
    return "".join([*pieces, source[place:]])


def _is_on_catalogs(tree: exp.Expr, catalog: Catalog) -> bool:
    """Whether every table is a system relation; without tables, whether something in it is the catalogs' own."""
    found = False
    for node in tree.find_all(exp.Table):
        if isinstance(node.this, exp.Identifier):
            name = qualified([part.name for part in node.parts], catalog.database, 0)
            if name.schema is None and relations.is_common_table(node, name.name):
                continue
            if catalog.system_relation(name) is None:
                return False
        found = True
    return found or any(
        isinstance(node, exp.Cast) or (isinstance(node, exp.Anonymous) and node.name.lower() in _CALLED)
        for node in tree.find_all(exp.Cast, exp.Anonymous)
    )


_CALLED = CATALOG_FUNCTIONS.keys() | {"set_config"}


# --- the rules ---------------------------------------------------------------------------------------------------


def _anonymous(node: exp.Expr, scope: Scope) -> exp.Expr:
    assert isinstance(node, exp.Anonymous)  # noqa: S101 - narrows the type for the rules below
    translated = _call(node, scope)
    translated.meta["function"] = node.name.lower()
    return translated


def _call(node: exp.Anonymous, scope: Scope) -> exp.Expr:
    name = node.name.lower()
    if name == "set_config":
        return template("CAST({0} AS VARCHAR)", node.expressions[1])
    if name == "pg_get_indexdef" and len(node.expressions) == 3:
        return template("pg_redshift.index_column({0}, {1})", *node.expressions)
    if name == "pg_get_viewdef" and node.expressions and node.expressions[0].is_string:
        return template("pg_redshift.view_definition(pg_redshift.regclass({0}))", node.expressions[0])
    if name == GENERATE_SERIES:  # in FROM too: the engine's table function takes no subqueries
        return template(f"unnest(generate_series({places(len(node.expressions))}))", *node.expressions)
    known = CATALOG_FUNCTIONS.get(name) or ARRAY_FUNCTIONS.get(name)
    if known is None:
        return node if name in TABLE_FUNCTIONS and isinstance(node.parent, exp.Table) else function(node, scope)
    fewest, most, text = known
    if not fewest <= len(node.expressions) <= most:
        raise undefined(node)
    return template(text.replace("{*}", places(len(node.expressions))), *node.expressions)


def _settings(tree: exp.Expr) -> tuple[Setting, ...]:
    """What ``SELECT set_config(name, value, is_local)`` sets.

    https://docs.aws.amazon.com/redshift/latest/dg/r_SET_CONFIG.html
    """
    calls = [call for call in tree.find_all(exp.Anonymous) if call.name.lower() == "set_config"]
    for call in calls:
        if len(call.expressions) != 3:
            raise undefined(call)
        if tree.args.get("from_") or not all(value.is_string for value in call.expressions[:2]):
            raise FeatureNotSupported("set_config is supported with literals and without a FROM clause")
    return tuple(_setting(*call.expressions) for call in calls)


def _setting(name: exp.Expr, value: exp.Expr, local: exp.Expr) -> Setting:
    is_local = isinstance(local, exp.Boolean) and bool(local.this)
    return Setting(source="", tag="SET", action="SET", name=name.name, value=value.name, local=is_local)


def _dot(node: exp.Expr, scope: Scope) -> exp.Expr:
    """pg_catalog.f(), information_schema._pg_expandarray(), and (x).n: a part of what the latter gives."""
    if isinstance(node.this, exp.Identifier) and node.this.name == "information_schema":
        call: exp.Expr = node.expression
        return call
    if isinstance(node.this, exp.Paren) and isinstance(node.expression, exp.Identifier):
        return template(f"struct_extract({{0}}, {text_literal(node.expression.name)})", node.this.this)
    return expressions.dot(node, scope)


_OPERATORS: dict[str, str] = {
    "~": "regexp_matches({0}, {1})",
    "~*": "regexp_matches({0}, {1}, 'i')",
    "!~": "NOT regexp_matches({0}, {1})",
    "!~*": "NOT regexp_matches({0}, {1}, 'i')",
    "~~": "({0} LIKE {1})",
    "!~~": "({0} NOT LIKE {1})",
    "~~*": "({0} ILIKE {1})",
} | {sign: f"({{0}} {sign} {{1}})" for sign in ("=", "<>", "<", ">", "<=", ">=", "+", "-", "||")}


def _operator(node: exp.Expr, _scope: Scope) -> exp.Expr:
    """``a OPERATOR(pg_catalog.~) b``."""
    sign = node.args["operator"].strip().removeprefix("pg_catalog.").strip()
    if sign not in _OPERATORS:
        raise FeatureNotSupported(f"OPERATOR({sign}) is not supported")
    return template(_OPERATORS[sign], node.this, node.expression)


def _ilike_pattern(node: exp.Expr, _scope: Scope) -> exp.Expr:
    return template(_OPERATORS["~*"], node.this, node.expression)


def _collate(node: exp.Expr, _scope: Scope) -> exp.Expr:
    value: exp.Expr = node.this
    return value


def _array(node: exp.Expr, _scope: Scope) -> exp.Expr:
    return template(f"[{places(len(node.expressions))}]", *node.expressions)


def _bracket(node: exp.Expr, _scope: Scope) -> exp.Expr:
    first = 1 if isinstance(node.this, exp.Column) and node.this.name in catalog_casts.VECTOR_COLUMNS else 0
    if len(node.expressions) != 1 or isinstance(node.expressions[0], exp.Slice):
        raise refusal(node)
    return template(f"({{0}})[CAST({{1}} AS BIGINT) + {first}]", node.this, node.expressions[0])


def _table(node: exp.Expr, scope: Scope) -> exp.Expr:
    """A function in FROM: a set of rows, or one row of one column that is called like the function."""
    call = node.this
    if isinstance(call, exp.Anonymous):
        node.set("this", Template(this=TABLE_FUNCTIONS[call.name.lower()]))
        _forget_column_types(node)
        return node
    if isinstance(call, Template) and not (call.this.startswith("unnest") and call.meta["function"] == "unnest"):
        name = call.meta["function"]
        alias = node.args.get("alias") or exp.TableAlias(this=exp.to_identifier(name, quoted=True))
        return template(f'(SELECT {{0}} AS "{name}") AS {{1}}', call, alias)
    if isinstance(call, Template):
        node.set("db", None)  # pg_catalog.unnest(x) is unnest(x)
        return node
    return relations.table(node, scope)


def _forget_column_types(node: exp.Expr) -> None:
    """``f() AS t(a name, b int)``: the function knows its types."""
    alias = node.args.get("alias")
    for column in alias.args.get("columns") or () if alias is not None else ():
        if isinstance(column, exp.ColumnDef):
            column.replace(column.this)


def _select(node: exp.Expr, scope: Scope) -> exp.Expr:
    if node.parent is None:
        for item in node.expressions:
            value = item.this if isinstance(item, exp.Alias) else item
            if isinstance(value, exp.Column) and value.name in catalog_casts.VECTOR_COLUMNS:
                shown = template("array_to_string({0}, ' ')", value.copy())
                item.replace(exp.Alias(this=shown, alias=exp.to_identifier(item.alias_or_name, quoted=True)))
    return selects.select(node, scope)


def _as_it_is(node: exp.Expr, _scope: Scope) -> exp.Expr:
    return node


_RULES: Rules = {
    exp.Anonymous: _anonymous,
    exp.Array: _array,
    exp.Bracket: _bracket,
    exp.Cast: catalog_casts.cast,
    exp.Collate: _collate,
    exp.ColumnDef: _as_it_is,
    exp.Dot: _dot,
    exp.NullSafeEQ: _as_it_is,
    exp.NullSafeNEQ: _as_it_is,
    exp.Operator: _operator,
    exp.RegexpILike: _ilike_pattern,
    exp.Select: _select,
    exp.Table: _table,
}
