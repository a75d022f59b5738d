"""UPDATE, DELETE, MERGE and TRUNCATE.

https://docs.aws.amazon.com/redshift/latest/dg/r_UPDATE.html
https://docs.aws.amazon.com/redshift/latest/dg/r_DELETE.html
https://docs.aws.amazon.com/redshift/latest/dg/r_MERGE.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.dialect.grammar import parse, to_duckdb
from local_redshift.dialect.rewrite import rewrite
from local_redshift.dialect.scope import Scope
from local_redshift.dialect.statements import Truncate, Write
from local_redshift.dialect.tables import target_table
from local_redshift.dialect.tokens import TokenReader, qualified
from local_redshift.errors import FeatureNotSupported, RedshiftError, SyntaxError_, UndefinedColumn

if TYPE_CHECKING:
    from local_redshift.dialect.statements import Catalog
    from local_redshift.schema import Table, TableName


def change(source: str, catalog: Catalog) -> Write:
    """UPDATE and DELETE, with a WITH clause or without."""
    tree = parse(_with_from(source))
    if isinstance(tree, exp.Update):
        return update(source, tree, catalog)
    if isinstance(tree, exp.Delete):
        return delete(source, tree, catalog)
    raise TokenReader(source).error()


_BARE_DELETE = re.compile(r"(\s*DELETE\s+)(?!FROM\b)", re.IGNORECASE)


def _with_from(source: str) -> str:
    """DELETE t is DELETE FROM t."""
    return _BARE_DELETE.sub(r"\1FROM ", source, count=1) if _BARE_DELETE.match(source) else source


def table_name(node: exp.Expr, catalog: Catalog) -> TableName:
    if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier):
        raise SyntaxError_(f'syntax error at or near "{_shown(node)}"')
    return qualified([part.name.lower() for part in node.parts], catalog.database, node.this.meta.get("start", 0))


def _shown(node: object) -> str:
    """The parser leaves other things than trees where a statement breaks off."""
    return node.sql("redshift") if isinstance(node, exp.Expr) else ""


def _target(node: exp.Expr, catalog: Catalog) -> Table:
    return target_table(table_name(node, catalog), catalog, node.this.meta.get("start", 0))


def update(source: str, tree: exp.Update, catalog: Catalog) -> Write:
    table = _target(tree.this, catalog)
    _refuse_parts(tree, ("returning", "order", "limit", "hint"))
    for assignment in tree.expressions:
        column = assignment.this
        if not isinstance(assignment, exp.EQ) or not isinstance(column, exp.Column):
            raise SyntaxError_(f'syntax error at or near "{_shown(column)}"')
        _check_assigned(table, column)
        if assignment.expression.name.upper() == "DEFAULT" and isinstance(assignment.expression, exp.Column):
            assignment.set("expression", exp.var("DEFAULT"))
    return _write("UPDATE", source, tree, table, catalog)


def _check_assigned(table: Table, column: exp.Column) -> None:
    name = (column.table or column.name).lower()
    found = next((known for known in table.columns if known.name == name), None)
    if column.table or found is None:
        raise UndefinedColumn(f'column "{name}" of relation "{table.name.name}" does not exist')
    if found.identity and found.identity.always:
        raise FeatureNotSupported("cannot set an identity column to a value")


def delete(source: str, tree: exp.Delete, catalog: Catalog) -> Write:
    table = _target(tree.this, catalog)
    _refuse_parts(tree, ("returning", "order", "limit", "tables"))
    _drop_self_reference(tree, table, catalog)
    return _write("DELETE", source, tree, table, catalog)


def _drop_self_reference(tree: exp.Delete, table: Table, catalog: Catalog) -> None:
    """DELETE FROM t USING t, s: the target named again is the target itself."""
    using = tree.args.get("using") or []
    kept = [
        source
        for source in using
        if not isinstance(source, exp.Table)
        or source.alias not in {"", table.name.name}
        or table_name(source, catalog).name != table.name.name
    ]
    tree.set("using", kept or None)


def _refuse_parts(tree: exp.Expr, parts: tuple[str, ...]) -> None:
    for part in parts:
        if tree.args.get(part):
            raise SyntaxError_(f'syntax error at or near "{part.upper()}"')


def _write(verb: str, source: str, tree: exp.Expr, table: Table, catalog: Catalog) -> Write:
    scope = Scope(catalog)
    sql = to_duckdb(rewrite(tree, scope))
    return Write(source=source, tag=verb, sql=sql, table=table.name, parameters=scope.parameters)


_REMOVE_DUPLICATES = re.compile(r"\bREMOVE\s+DUPLICATES\s*$", re.IGNORECASE)


def merge(source: str, catalog: Catalog) -> Write:
    """MERGE INTO target USING source ON ... with one WHEN of each kind, or REMOVE DUPLICATES."""
    simplified = _REMOVE_DUPLICATES.sub("WHEN MATCHED THEN DELETE", source)
    tree = parse(simplified)
    if not isinstance(tree, exp.Merge):
        raise TokenReader(source).error()
    table = _target(tree.this, catalog)
    if tree.this.alias:
        raise SyntaxError_(f'syntax error at or near "{tree.this.alias}"', hint="The target of MERGE has no alias.")
    _check_source(tree.args["using"], table, catalog)
    if simplified != source:
        return _remove_duplicates(source, tree, table, catalog)
    _check_whens(tree)
    return _write("MERGE", source, tree, table, catalog)


def _check_source(using: exp.Expr, table: Table, catalog: Catalog) -> None:
    if not isinstance(using, exp.Table):
        raise FeatureNotSupported("the source of MERGE must be a table, not a view or a subquery")
    source = target_table(table_name(using, catalog), catalog, using.this.meta.get("start", 0))
    if source.name == table.name:
        raise RedshiftError("the source and the target of MERGE must be different tables")


def _check_whens(tree: exp.Merge) -> None:
    whens = tree.args["whens"].expressions
    if any(when.args.get("condition") or when.args.get("source") for when in whens):
        raise SyntaxError_("syntax error: WHEN [NOT] MATCHED takes no further condition in MERGE")
    if sorted(bool(when.args.get("matched")) for when in whens) != [False, True]:
        raise SyntaxError_("syntax error: MERGE needs exactly one WHEN MATCHED and one WHEN NOT MATCHED")
    for when in whens:
        then = when.args["then"]
        allowed = (exp.Update, exp.Var) if when.args.get("matched") else (exp.Insert,)
        if not isinstance(then, allowed) or (isinstance(then, exp.Var) and then.name.upper() != "DELETE"):
            raise SyntaxError_(f'syntax error at or near "{then.sql("redshift")}"')


def _remove_duplicates(source: str, tree: exp.Merge, table: Table, catalog: Catalog) -> Write:
    """Matching target rows go, then every distinct source row comes in."""
    scope = Scope(catalog)
    using = to_duckdb(rewrite(tree.args["using"], scope))
    condition = to_duckdb(rewrite(tree.args["on"], scope))
    target = table.name.sql
    sql = f"DELETE FROM {target} USING {using} WHERE {condition}; INSERT INTO {target} SELECT DISTINCT * FROM {using}"
    return Write(source=source, tag="MERGE", sql=sql, table=table.name, parameters=scope.parameters)


def truncate(source: str, catalog: Catalog) -> Truncate:
    reader = TokenReader(source)
    reader.expect("TRUNCATE")
    reader.accept("TABLE")
    start = reader.position
    name = reader.table_name(catalog.database)
    reader.finish()
    return Truncate(source=source, tag="TRUNCATE TABLE", table=target_table(name, catalog, start).name)
