"""What the grammar reads and nothing here carries out: always refused by name."""

from __future__ import annotations

from sqlglot import exp

from local_redshift.errors import FeatureNotSupported, SyntaxError_

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
    exp.PropertyEQ: "a struct or a named argument",
    exp.RegexpILike: "the ~* operator",
    exp.TableSample: "TABLESAMPLE",
    exp.Unnest: "UNNEST",
}


def refusal(node: exp.Expr) -> FeatureNotSupported | SyntaxError_:
    if isinstance(node, exp.Values):
        return SyntaxError_('syntax error at or near "VALUES"', hint="Redshift has no VALUES as a table.")
    if isinstance(node, exp.Placeholder):
        return SyntaxError_(f'syntax error at or near "{_placeholder_sign(node)}"')
    if isinstance(node, exp.Command):
        return SyntaxError_(f'syntax error at or near "{node.this}"')
    feature = _FEATURES.get(type(node), type(node).__name__)
    return FeatureNotSupported(f"{feature} is not supported")


def _placeholder_sign(node: exp.Placeholder) -> str:
    """``?``, ``:name``, ``%s`` and ``%(name)s``, sent without their values, stop the parser at their first sign."""
    if node.args.get("jdbc"):
        return "?"
    return ":" if isinstance(node.this, str) else "%"
