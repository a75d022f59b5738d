"""Casts in catalog queries: to the object types (regclass, regtype ...), to oid, and to types of pg_catalog.

Object types are numbers that show as names: a name in quotes becomes its number, a number its name, except where the
number is asked for (``'t'::regclass::oid``).
https://www.postgresql.org/docs/8.0/datatype-oid.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.dialect import casts
from local_redshift.dialect.grammar import Template, template
from local_redshift.errors import UndefinedFunction

if TYPE_CHECKING:
    from local_redshift.dialect.scope import Scope

# Object type -> (its number from a name, its name from a number)
_OBJECTS = {
    "regclass": ("pg_redshift.regclass({0})", "pg_redshift.relation_name({0})"),
    "regnamespace": ("pg_redshift.namespace_oid({0})", "pg_redshift.namespace_name({0})"),
    "regrole": ("pg_redshift.user_id({0})", "pg_redshift.user_by_id({0})"),
    "regtype": ("pg_redshift.find_type({0})", "pg_redshift.format_type({0}, NULL)"),
}
_FUNCTION_TYPES = {"regproc", "regprocedure"}
_NUMBERS = {"oid", "xid", "cid", "int2", "int4", "int8", "int", "integer", "smallint", "bigint"}
_TEXTS = {"char", "name", "text", "varchar", "bpchar", "cstring", "aclitem"}
_ELEMENTS = {
    "smallint": "SMALLINT", "int2": "SMALLINT", "int2vector": "SMALLINT", "int": "INTEGER", "int4": "INTEGER",
    "bigint": "BIGINT", "int8": "BIGINT", "oid": "UINTEGER", "oidvector": "UINTEGER",
}  # fmt: skip
_VECTORS = {"int2vector", "oidvector"}
_SPELLINGS = {"int2": "smallint", "int4": "int", "int8": "bigint", "bool": "boolean", "float8": "double"}
# Columns whose text is '1 2', where an array's is '{1,2}'; they count from 0.
VECTOR_COLUMNS = frozenset({"indkey", "indclass", "indoption", "indcollation", "proargtypes"})


def cast(node: exp.Expr, scope: Scope) -> exp.Expr:
    value, target, word = node.this, node.args["to"], _type_name(node.args["to"])
    if word in _OBJECTS:
        return _object(node, word)
    if word in _FUNCTION_TYPES:
        return _function_name(node)
    if word in {"oid", "xid", "cid"}:
        return template("CAST({0} AS UINTEGER)", value)
    if word in _VECTORS or (isinstance(target, exp.DataType) and target.this == exp.DType.ARRAY):
        return _array(value, word)
    if isinstance(value, exp.Column) and value.name in VECTOR_COLUMNS and word in _TEXTS:
        return template("array_to_string({0}, ' ')", value)
    if word in _TEXTS and isinstance(target, exp.DataType) and target.expressions:
        return template("left(CAST({0} AS VARCHAR), {1})", value, target.expressions[0].this)
    if not isinstance(target, exp.DataType) or target.this == exp.DType.USERDEFINED:
        if word in _TEXTS:
            return template("CAST({0} AS VARCHAR)", value)
        node.set("to", exp.DataType.build(_SPELLINGS.get(word, word), dialect="redshift", udt=True))
    return casts.cast(node, scope)


def _type_name(target: exp.Expr) -> str:
    """``regclass`` of regclass and of pg_catalog.regclass, ``smallint`` of smallint[]."""
    if not isinstance(target, exp.DataType) or isinstance(target, exp.ObjectIdentifier):
        return target.name.lower()
    if target.this == exp.DType.USERDEFINED:
        kind = target.args["kind"]
        return str(kind.name if isinstance(kind, exp.Expr) else kind).lower()
    if target.this == exp.DType.ARRAY:
        return _type_name(target.expressions[0])
    return str(target.this.name).lower()


def _object(node: exp.Expr, word: str) -> exp.Expr:
    value = node.this
    to_number, to_name = _OBJECTS[word]
    parent = node.parent
    while isinstance(parent, exp.Paren):
        parent = parent.parent
    wanted = _type_name(parent.args["to"]) if isinstance(parent, exp.Cast) else None
    named = value.is_string or _is_parameter(value)
    number = template(to_number, value) if named else value
    if wanted in _NUMBERS or (named and wanted is None and not isinstance(parent, exp.Alias)):
        return number
    return template(to_name, number)


def _is_parameter(value: exp.Expr) -> bool:
    return isinstance(value, Template) and value.this.startswith("$")


def _function_name(node: exp.Expr) -> exp.Expr:
    """Functions go by their names: no function of a client's has a number."""
    value, parent = node.this, node.parent
    if isinstance(value, exp.Literal) and value.is_string:
        if isinstance(parent, exp.Cast) and _type_name(parent.args["to"]) in _NUMBERS:
            raise UndefinedFunction(f'function "{value.name}" does not exist')
        return exp.Literal.string(value.name.rpartition(".")[2])
    return template("CAST({0} AS VARCHAR)", value)


def _array(value: exp.Expr, word: str) -> exp.Expr:
    kind = _ELEMENTS.get(word, "VARCHAR")
    if isinstance(value, exp.Literal) and value.is_string:  # '{a,b}', as PostgreSQL writes an array
        return template(f"CAST(string_split({{0}}, ',') AS {kind}[])", exp.Literal.string(value.name.strip("{}")))
    return template(f"CAST({{0}} AS {kind}[])", value)
