"""One walk over a tree: Redshift's nodes become DuckDB's, and what is not listed is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.dialect import aggregates, casts, dates, patterns, relations
from local_redshift.dialect.functions import current_schema, function, places, text_literal
from local_redshift.dialect.grammar import Template, template, too_deep
from local_redshift.dialect.names import output_name
from local_redshift.errors import FeatureNotSupported, SyntaxError_
from local_redshift.schema import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_redshift.dialect.scope import Scope

    Rule = Callable[[exp.Expr, Scope], exp.Expr]


def rewrite(tree: exp.Expr, scope: Scope) -> exp.Expr:
    """Rewrite ``tree`` in place and return its new root."""
    try:
        rewritten = _walk(tree, scope)
    except RecursionError as error:
        raise too_deep() from error
    scope.check_nodes()
    return rewritten


def _walk(node: exp.Expr, scope: Scope) -> exp.Expr:
    kind = type(node)
    prepare = _BEFORE.get(kind)
    if prepare is not None:
        prepare(node, scope)
    for key, value in list(node.args.items()):
        if isinstance(value, exp.Expr):
            new = _walk(value, scope)
            if new is not value:
                node.set(key, new)
        elif isinstance(value, list):
            _walk_list(node, key, value, scope)
    rule = _AFTER.get(kind)
    if rule is not None:
        return rule(node, scope)
    if kind in _PLAIN:
        return node
    raise _refusal(node)


def _walk_list(node: exp.Expr, key: str, items: list[object], scope: Scope) -> None:
    changed = False
    new_items: list[object] = []
    for item in items:
        new = _walk(item, scope) if isinstance(item, exp.Expr) else item
        changed = changed or new is not item
        new_items.append(new)
    if changed:
        node.set(key, new_items)


# --- names and tables -------------------------------------------------------------------------------------------


def _identifier(node: exp.Expr, _scope: Scope) -> exp.Expr:
    """Every identifier is lower case, quoted ones too: "MixedCase" is mixedcase.

    https://docs.aws.amazon.com/redshift/latest/dg/r_names.html
    """
    name = node.this
    if not name.islower():
        node.set("this", name.lower())
    return node


def _column(node: exp.Expr, _scope: Scope) -> exp.Expr:
    if node.args.get("join_mark"):
        raise FeatureNotSupported("the (+) join operator is not supported by the local warehouse")
    node.set("db", None)  # schema.table.column: the table's name is enough, and it may have become a view's alias
    node.set("catalog", None)
    return node


# --- SELECT -----------------------------------------------------------------------------------------------------


def _select(node: exp.Expr, _scope: Scope) -> None:
    """Name what the select list leaves unnamed, before the functions in it are rewritten."""
    if not node.expressions:
        raise SyntaxError_('syntax error at or near "FROM"')
    named: list[exp.Expr] = []
    aliases = {item.alias.lower() for item in node.expressions if isinstance(item, exp.Alias)}
    for item in node.expressions:
        name = output_name(item)
        if name in aliases:  # ``a + 1 AS t, t::date``: both are called t, and a later t means the alias
            name += UNSEEN
        named.append(exp.Alias(this=item, alias=exp.to_identifier(name, quoted=True)) if name else item)
    node.set("expressions", named)


_REFUSED_SELECT_PARTS = {
    "hint": "optimizer hints",
    "locks": "FOR UPDATE",
    "sample": "TABLESAMPLE",
    "laterals": "LATERAL",
    "distribute": "DISTRIBUTE BY",
    "cluster": "CLUSTER BY",
    "sort": "SORT BY",
    "match": "MATCH_RECOGNIZE",
    "windows": "the WINDOW clause",
    "kind": "SELECT AS",
    "connect": "CONNECT BY",
    "pivots": "PIVOT",
}


def _checked_select(node: exp.Expr, _scope: Scope) -> exp.Expr:
    for part, feature in _REFUSED_SELECT_PARTS.items():
        if node.args.get(part):
            raise FeatureNotSupported(f"{feature} is not supported")
    return node


def _distinct(node: exp.Expr, _scope: Scope) -> exp.Expr:
    if node.args.get("on") is not None:
        raise FeatureNotSupported("SELECT DISTINCT ON is not supported")
    return node


def _window(node: exp.Expr, scope: Scope) -> exp.Expr:
    return aggregates.wrapped(node, scope)


def _join(node: exp.Expr, _scope: Scope) -> exp.Expr:
    kind, method = (str(node.args.get(part) or "").upper() for part in ("kind", "method"))
    if kind not in {"", "INNER", "OUTER", "CROSS"} or method not in {"", "NATURAL"}:
        raise SyntaxError_(f'syntax error at or near "{kind or method}"')
    return node


def _set_operation(node: exp.Expr, _scope: Scope) -> exp.Expr:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_UNION.html: INTERSECT ALL and EXCEPT ALL do not exist."""
    if not isinstance(node, exp.Union) and not node.args.get("distinct"):
        raise FeatureNotSupported(f"{node.key.upper()} ALL is not supported")
    return node


# --- expressions ------------------------------------------------------------------------------------------------


def _anonymous(node: exp.Expr, scope: Scope) -> exp.Expr:
    assert isinstance(node, exp.Anonymous)  # noqa: S101 - narrows the type for the rules below
    return function(node, scope)


def _interval(node: exp.Expr, _scope: Scope) -> exp.Expr:
    unit = node.args.get("unit")
    return dates.interval_literal(node.this.name, unit.name.lower() if unit is not None else None)


def _current_timestamp(node: exp.Expr, scope: Scope) -> exp.Expr:
    """SYSDATE is the start of the transaction, a TIMESTAMP; CURRENT_TIMESTAMP is the leader node's."""
    if node.args.get("sysdate"):
        return template("timezone('UTC', now())")
    scope.leader_functions.add("current_timestamp")
    return template("now()")


def _current_user(_node: exp.Expr, scope: Scope) -> exp.Expr:
    return template(text_literal(scope.catalog.user))


def _trim(node: exp.Expr, _scope: Scope) -> exp.Expr:
    name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(node.args.get("position") or "", "trim")
    characters = node.args.get("expression")
    if characters is None:
        return template(f"{name}(CAST({{0}} AS VARCHAR))", node.this)
    return template(f"{name}(CAST({{0}} AS VARCHAR), {{1}})", node.this, characters)


def _substring(node: exp.Expr, _scope: Scope) -> exp.Expr:
    operands = [node.args[key] for key in ("this", "start", "length") if node.args.get(key) is not None]
    return template(f"rs.substring({places(len(operands))})", *operands)


def _dot(node: exp.Expr, _scope: Scope) -> exp.Expr:
    """pg_catalog.version() is version()."""
    function_call: exp.Expr = node.expression
    if isinstance(node.this, exp.Identifier) and node.this.name == "pg_catalog":
        return function_call
    raise _refusal(node)


def _star(node: exp.Expr, _scope: Scope) -> exp.Expr:
    for part in ("replace", "rename", "ilike"):
        if node.args.get(part):
            raise SyntaxError_(f'syntax error at or near "{part.upper()}"')
    return node


def _adjacent_literals(node: exp.Expr, _scope: Scope) -> exp.Expr:
    """'a' and 'b' on the next line are one literal."""
    if not all(part.is_string for part in node.expressions):
        raise _refusal(node)
    return exp.Literal.string("".join(part.name for part in node.expressions))


def _position(node: exp.Expr, _scope: Scope) -> exp.Expr:
    return template("strpos(CAST({0} AS VARCHAR), {1})", node.this, node.args["substr"])


def _at_time_zone(node: exp.Expr, _scope: Scope) -> exp.Expr:
    return template("timezone({1}, {0})", dates.moment(node.this), dates.time_zone(node.args["zone"]))


def _parameter(node: exp.Expr, scope: Scope) -> exp.Expr:
    number = node.this.name
    if not number.isdigit():
        raise SyntaxError_(f'syntax error at or near "{node.sql("redshift")}"')
    scope.parameters = max(scope.parameters, int(number))
    return template(f"${number}")


def _power(node: exp.Expr, _scope: Scope) -> exp.Expr:
    return template("pow({0}, {1})", node.this, node.expression)


def _product(node: exp.Expr, _scope: Scope) -> exp.Expr:
    return dates.multiplied(node)


def _quotient(node: exp.Expr, _scope: Scope) -> exp.Expr:
    return dates.divided(node)


_BEFORE: dict[type[exp.Expr], Callable[[exp.Expr, Scope], None]] = {
    exp.Select: _select,
}
_AFTER: dict[type[exp.Expr], Rule] = {
    exp.Anonymous: _anonymous,
    exp.AtTimeZone: _at_time_zone,
    exp.Cast: casts.cast,
    exp.Column: _column,
    exp.Concat: _adjacent_literals,
    exp.CurrentSchema: current_schema,
    exp.CurrentTimestamp: _current_timestamp,
    exp.CurrentUser: _current_user,
    exp.Div: _quotient,
    exp.Distinct: _distinct,
    exp.Dot: _dot,
    exp.Except: _set_operation,
    exp.Extract: dates.extract,
    exp.Filter: _window,
    exp.Identifier: _identifier,
    exp.IgnoreNulls: _window,
    exp.ILike: patterns.like,
    exp.Intersect: _set_operation,
    exp.Interval: _interval,
    exp.Join: _join,
    exp.Like: patterns.like,
    exp.Mul: _product,
    exp.Parameter: _parameter,
    exp.Pow: _power,
    exp.RegexpLike: patterns.posix_match,
    exp.RespectNulls: _window,
    exp.Select: _checked_select,
    exp.SessionUser: _current_user,
    exp.SimilarTo: patterns.similar_to,
    exp.Star: _star,
    exp.StrPosition: _position,
    exp.Substring: _substring,
    exp.Table: relations.table,
    exp.Trim: _trim,
    exp.Union: _set_operation,
    exp.Window: _window,
    exp.WithinGroup: _window,
}
_PLAIN: frozenset[type[exp.Expr]] = frozenset({
    exp.Add, exp.Alias, exp.All, exp.And, exp.Any, exp.Between, exp.BitwiseAnd, exp.BitwiseLeftShift,
    exp.BitwiseNot, exp.BitwiseOr, exp.BitwiseRightShift, exp.BitwiseXor, exp.Boolean, exp.CTE, exp.Case, exp.Cube,
    exp.CurrentDate, exp.DPipe, exp.DataType, exp.DataTypeParam, exp.Delete, exp.EQ, exp.Escape,
    exp.Exists, exp.From, exp.GT, exp.GTE, exp.Group, exp.GroupingSets, exp.Having, exp.If, exp.In, exp.Insert,
    exp.Is, exp.LT, exp.LTE, exp.Limit, exp.Literal, exp.Merge, exp.Mod, exp.NEQ, exp.Neg, exp.Not, exp.Null,
    exp.ObjectIdentifier, exp.Offset, exp.Or, exp.Order, exp.Ordered, exp.Paren, exp.Qualify, exp.Rollup,
    exp.Sub, exp.Subquery, exp.TableAlias, exp.Tuple, exp.Update, exp.Var, exp.When, exp.Whens, exp.Where,
    exp.WindowSpec, exp.With, Template,
})  # fmt: skip

_FEATURES: dict[type[exp.Expr], str] = {
    exp.Array: "ARRAY",
    exp.Bracket: "navigation into arrays and SUPER values with [ ]",
    exp.Dot: "navigation into SUPER values",
    exp.JSONExtract: "the -> operator",
    exp.JSONExtractScalar: "the ->> operator",
    exp.Lateral: "LATERAL",
    exp.LimitOptions: "FETCH FIRST",
    exp.Lock: "FOR UPDATE",
    exp.NullSafeEQ: "IS NOT DISTINCT FROM",
    exp.NullSafeNEQ: "IS DISTINCT FROM",
    exp.Pivot: "PIVOT and UNPIVOT",
    exp.RegexpILike: "the ~* operator",
    exp.TableSample: "TABLESAMPLE",
    exp.Unnest: "UNNEST",
}


def _refusal(node: exp.Expr) -> FeatureNotSupported | SyntaxError_:
    if isinstance(node, exp.Values):
        return SyntaxError_('syntax error at or near "VALUES"', hint="Redshift has no VALUES as a table.")
    if isinstance(node, exp.Placeholder):
        return SyntaxError_(f'syntax error at or near "{node.sql()}"')
    if isinstance(node, exp.Command):
        return SyntaxError_(f'syntax error at or near "{node.this}"')
    feature = _FEATURES.get(type(node), type(node).__name__)
    return FeatureNotSupported(f"{feature} is not supported")
