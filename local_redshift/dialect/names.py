"""The column names that Redshift gives to select-list items without an alias.

The rules are those of PostgreSQL 8.0: the name of the column or function underneath, else ``?column?``.
"""

from __future__ import annotations

from sqlglot import exp

# Functions whose result column is called otherwise.
_FUNCTION_NAMES = {
    "nvl": "coalesce",
    "nvl2": "case",
    "decode": "case",
    "dateadd": "date_add",
    "datediff": "date_diff",
    "date_part": "pgdate_part",
    "trim": "btrim",
    "char_length": "length",
    "character_length": "length",
}
_NODE_NAMES: dict[type[exp.Expr], str] = {
    exp.Extract: "date_part",
    exp.StrPosition: "position",
    exp.Substring: "substring",
    exp.CurrentDate: "date",
    exp.CurrentTime: "timetz",
    exp.CurrentUser: "current_user",
    exp.CurrentUserId: "current_user_id",
    exp.SessionUser: "session_user",
    exp.CurrentSchema: "current_schema",
    exp.Boolean: "bool",
    exp.Interval: "interval",
}
_TRIM_NAMES = {"LEADING": "ltrim", "TRAILING": "rtrim"}
_TYPE_NAMES = {
    "SMALLINT": "int2",
    "INT": "int4",
    "BIGINT": "int8",
    "DECIMAL": "numeric",
    "FLOAT": "float4",
    "DOUBLE": "float8",
    "BOOLEAN": "bool",
    "CHAR": "bpchar",
    "NCHAR": "bpchar",
    "NVARCHAR": "varchar",
    "TEXT": "text",
    "TIMESTAMPNTZ": "timestamp",
    "VARBINARY": "varbyte",
}
_TRANSPARENT = (exp.Paren, exp.Window, exp.WithinGroup, exp.IgnoreNulls, exp.RespectNulls)

ANONYMOUS = "?column?"
REAL_DIGITS = 24  # FLOAT(1) to FLOAT(24) are REAL


def output_name(node: exp.Expr) -> str | None:
    """The name to give to a select-list item; None where it has one already.

    ``count(*)`` -> count, ``extract(year from t)`` -> date_part, ``a || b`` -> ?column?
    """
    if isinstance(node, exp.Alias | exp.Column | exp.Star):
        return None
    return _figured(node) or ANONYMOUS


def _figured(node: exp.Expr) -> str | None:
    while isinstance(node, _TRANSPARENT):
        node = node.this
    if isinstance(node, exp.Dot):
        return _figured(node.expression)
    if isinstance(node, exp.Column):
        return str(node.name).lower()
    if isinstance(node, exp.Anonymous):
        return _FUNCTION_NAMES.get(node.name.lower(), node.name.lower())
    if isinstance(node, exp.Cast):
        return _strong(node.this) or _type_name(node.args["to"])
    if isinstance(node, exp.Case):
        default = node.args.get("default")
        return (_strong(default) if default is not None else None) or "case"
    if isinstance(node, exp.Trim):
        return _TRIM_NAMES.get(node.args.get("position") or "", "btrim")
    if isinstance(node, exp.CurrentTimestamp):
        return "timestamp" if node.args.get("sysdate") else "timestamptz"
    return _NODE_NAMES.get(type(node))


def _strong(node: exp.Expr) -> str | None:
    """The name of a column or function; a literal's type is no name for what is around it."""
    while isinstance(node, _TRANSPARENT):
        node = node.this
    if isinstance(node, exp.Boolean | exp.Interval):
        return None
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.Literal):
        return None
    return _figured(node)


def _type_name(data_type: exp.Expr) -> str:
    if not isinstance(data_type, exp.DataType) or isinstance(data_type, exp.ObjectIdentifier):
        return str(data_type.name).lower()
    name = data_type.this.name
    if name == "USERDEFINED":  # pg_catalog.regclass is regclass
        kind = data_type.args["kind"]
        return str(kind.expression.name if isinstance(kind, exp.Dot) else kind.name).lower()
    size = data_type.expressions[0].name if data_type.expressions else ""
    if name == "DOUBLE" and size.isdecimal() and int(size) <= REAL_DIGITS:
        return "float4"
    return _TYPE_NAMES.get(name, str(name).lower())
