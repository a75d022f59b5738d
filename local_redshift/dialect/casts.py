"""Types and casts: VARCHAR(n) counts bytes and a cast cuts, NUMERIC is (18,0)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.data_types import RedshiftType
from local_redshift.dialect.date_texts import MOMENTS, iso_text, iso_time
from local_redshift.dialect.dates import interval_literal
from local_redshift.dialect.functions import leader_only
from local_redshift.dialect.grammar import Template, template, to_duckdb
from local_redshift.dialect.names import REAL_DIGITS
from local_redshift.errors import CannotCoerce, FeatureNotSupported, UndefinedObject

if TYPE_CHECKING:
    from local_redshift.dialect.scope import Scope

# sqlglot's names for types -> Redshift's.
_SPELLINGS = {
    "SMALLINT": "smallint", "INT": "integer", "BIGINT": "bigint", "DECIMAL": "numeric", "FLOAT": "real",
    "DOUBLE": "double precision", "BOOLEAN": "boolean", "CHAR": "char", "NCHAR": "nchar", "BPCHAR": "bpchar",
    "VARCHAR": "varchar", "NVARCHAR": "nvarchar", "TEXT": "text", "NAME": "text", "DATE": "date", "TIME": "time",
    "TIMETZ": "timetz", "TIMESTAMP": "timestamp", "TIMESTAMPNTZ": "timestamp", "TIMESTAMPTZ": "timestamptz",
    "DATETIME": "timestamp", "SUPER": "super", "VARBINARY": "varbyte", "INTERVAL": "interval",
}  # fmt: skip
_UNLIMITED = {"VARCHAR", "NVARCHAR", "TEXT", "NAME", "VARBINARY"}
_MOMENTS = {"date", "timestamp without time zone", "timestamp with time zone"}
_OBJECT_TYPES = {"REGCLASS", "REGTYPE", "REGPROC", "REGNAMESPACE", "OID"}


def declared_type(node: exp.Expr) -> RedshiftType:
    """The type that a cast names. Raises UndefinedObject for types that Redshift does not have."""
    if not isinstance(node, exp.DataType) or node.this.name not in _SPELLINGS:
        name = node.sql("redshift").lower()
        if isinstance(node, exp.DataType) and node.args.get("nested"):
            raise FeatureNotSupported(f'type "{name}" is not supported on Redshift')
        raise UndefinedObject(f'type "{name}" does not exist')
    sizes = [to_duckdb(parameter.this) for parameter in node.expressions]
    if node.this.name == "DOUBLE" and sizes and sizes[0].isdigit():
        return RedshiftType("real" if int(sizes[0]) <= REAL_DIGITS else "double precision")
    return RedshiftType.parse(_SPELLINGS[node.this.name] + (f"({','.join(sizes)})" if sizes else ""))


def cast(node: exp.Expr, _scope: Scope) -> exp.Expr:
    """CAST(x AS type), x::type, CONVERT(type, x) and typed literals.

    'abcdef'::varchar(3)  -- abc: rs.varchar cuts by bytes and never splits a character

    https://docs.aws.amazon.com/redshift/latest/dg/r_CAST_function.html
    """
    value, target = node.this, node.args["to"]
    if target.name.upper() in _OBJECT_TYPES:
        raise leader_only(target.name.lower())
    declared = declared_type(target)
    if declared.name == "interval" and value.is_string:
        return interval_literal(value.name)
    if declared.name in _MOMENTS and value.is_string:
        value = _moment(value.name)
    if declared.name == "time without time zone" and value.is_string:
        value = exp.Literal.string(iso_time(value.name))
    if (declared.is_string or declared.name in _MOMENTS) and isinstance(
        value.unnest(), exp.Boolean | exp.Predicate | exp.Connector | exp.Not
    ):
        raise CannotCoerce(f"cannot cast type boolean to {declared.name}")
    if declared.is_integer and not _is_parameter(value) and not isinstance(value, exp.Null):
        return template(f"CAST(rs.checked_integer({{0}}) AS {declared.duckdb})", value)
    if declared.is_string and (target.expressions or target.this.name not in _UNLIMITED):
        if declared.name == "character":
            return template(f"rtrim(rs.varchar({{0}}, {declared.length}), ' ')", value)
        return template(f"rs.varchar({{0}}, {declared.length})", value)
    return template(f"CAST({{0}} AS {declared.duckdb})", value)


def try_cast(node: exp.Expr, scope: Scope) -> exp.Expr:
    """TRY_CAST(x AS type): NULL where the value is none of the type.

    The value stands outside of TRY, so that an error in it is told.

    https://docs.aws.amazon.com/redshift/latest/dg/r_TRY_CAST.html
    """
    value: exp.Expr = node.this
    plain = cast(node, scope)  # raises for what can never be cast
    if isinstance(value, exp.Column | exp.Literal):
        return template("TRY({0})", plain)
    node.set("this", template("tried"))
    return template("list_transform([{0}], lambda tried : TRY({1}))[1]", value, cast(node, scope))


def _moment(text: str) -> exp.Expr:
    word = text.strip().lower()
    return template(MOMENTS[word]) if word in MOMENTS else exp.Literal.string(iso_text(text))


def _is_parameter(node: exp.Expr) -> bool:
    """$1::int declares the parameter's type to DuckDB."""
    return isinstance(node, Template) and node.this.startswith("$")
