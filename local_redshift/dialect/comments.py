"""COMMENT ON: what obj_description() and the catalogs show.

https://docs.aws.amazon.com/redshift/latest/dg/r_COMMENT.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_redshift.dialect.statements import Comment, NoOperation, Statement
from local_redshift.dialect.tokens import TokenReader
from local_redshift.errors import SyntaxError_, UndefinedTable
from local_redshift.schema import TableName

if TYPE_CHECKING:
    from local_redshift.dialect.statements import Catalog


def comment(source: str, catalog: Catalog) -> Statement:
    """TABLE, VIEW and COLUMN are remembered; for schemas, databases and constraints the engine has no comments."""
    reader = TokenReader(source)
    reader.expect("COMMENT", "ON")
    kind = reader.accept_any("TABLE", "VIEW", "COLUMN")
    if kind is None:
        return NoOperation(source=source, tag="COMMENT")
    start = reader.position
    parts = [reader.identifier()]
    while reader.accept("."):
        parts.append(reader.identifier())
    reader.expect("IS")
    text = None if reader.accept("NULL") else reader.take("string").value
    reader.finish()
    if kind == "COLUMN" and len(parts) < 2:
        raise SyntaxError_("column name must be qualified", position=start + 1)
    column = parts.pop() if kind == "COLUMN" else None
    name = _view(parts, catalog) if kind == "VIEW" else _table(parts, catalog, start)
    return Comment(source=source, tag="COMMENT", kind=kind, name=name, column=column, text=text)


def _table(parts: list[str], catalog: Catalog, start: int) -> TableName:
    name = TableName(parts[-1], parts[-2] if len(parts) > 1 else None)
    table = catalog.table(name)
    if table is None:
        raise UndefinedTable(f'relation "{name}" does not exist', position=start + 1)
    return table.name


def _view(parts: list[str], catalog: Catalog) -> TableName:
    return TableName(parts[-1], parts[-2] if len(parts) > 1 else next(iter(catalog.search_path), None))
