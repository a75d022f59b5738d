"""What can be told of types before the engine binds a query.

For CREATE TABLE AS the sizes of strings, since the engine forgets the n of VARCHAR(n): of what cannot be longer than it
says, that is plain columns, casts, literals, and what chooses among them. For errors the types of arguments.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from local_redshift.data_types import RedshiftType
from local_redshift.dialect.casts import declared_type
from local_redshift.schema import TableName

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from local_redshift.dialect.statements import Catalog

    Size = RedshiftType | None
    Columns = dict[str, Size]  # of one table, in order
    Sources = dict[str, Columns]  # by the name that the table goes by

_FIRST_BIGINT = 2**31
_CHOOSING = frozenset({"any_value", "coalesce", "first_value", "greatest", "lag", "last_value", "lead", "least", "max",
                       "min", "nullif", "nvl"})  # fmt: skip


def string_sizes(query: exp.Query, catalog: Catalog) -> tuple[Size, ...]:
    """CHAR(n) or VARCHAR(n) for each column of ``query``; None for one of another type, or of a size not known.

    Empty where even the number of columns is not known.
    """
    columns = _columns(query, catalog, {})
    return tuple(columns.values()) if columns is not None else ()


def argument_types(call: exp.Anonymous, catalog: Catalog) -> list[str] | None:
    """The names of a call's argument types, as an error tells them; None where one is not known."""
    select = call.find_ancestor(exp.Select)
    sources = _sources(select, catalog, {}) if select is not None else {}
    names = [_type_name(argument, sources) for argument in call.expressions]
    return [name for name in names if name is not None] if None not in names else None


def _type_name(node: exp.Expr, sources: Sources) -> str | None:
    if isinstance(node, exp.Null) or node.is_string:
        return '"unknown"'
    if isinstance(node, exp.Boolean):
        return "boolean"
    if isinstance(node, exp.Literal):
        return (
            "integer" if node.is_int and abs(int(node.name)) < _FIRST_BIGINT else "bigint" if node.is_int else "numeric"
        )
    found = _any_type(node, sources) if isinstance(node, exp.Column) else None
    return found.name if found is not None else None


def _columns(query: exp.Expr, catalog: Catalog, outer: Sources) -> Columns | None:
    known = dict(outer)
    with_ = query.args.get("with_")
    for cte in with_.expressions if with_ is not None else ():
        known[cte.alias.lower()] = _renamed(_columns(cte.this, catalog, known) or {}, cte)
    if isinstance(query, exp.Subquery | exp.Paren):
        return _columns(query.this, catalog, known)
    if isinstance(query, exp.SetOperation):
        left, right = (_columns(side, catalog, known) for side in (query.this, query.expression))
        if left is None or right is None or len(left) != len(right):
            return None
        return {name: _longest((a, b)) for (name, a), b in zip(left.items(), right.values(), strict=True)}
    return _of_select(query, catalog, known) if isinstance(query, exp.Select) else None


def _of_select(select: exp.Select, catalog: Catalog, known: Sources) -> Columns | None:
    sources = _sources(select, catalog, known)
    result: Columns = {}
    for index, item in enumerate(select.expressions):
        if item.is_star:
            wanted = [sources.get(item.table.lower(), {})] if isinstance(item, exp.Column) else sources.values()
            if not all(wanted) or item.find(exp.Star).args.get("except_"):
                return None
            result.update((f"{index}.{name}", size) for columns in wanted for name, size in columns.items())
        else:
            result[item.alias_or_name.lower() or f"{index}."] = _size(item.unalias(), sources)
    return result


def _sources(select: exp.Select, catalog: Catalog, known: Sources) -> Sources:
    from_ = select.args.get("from_")
    items = [from_.this, *(join.this for join in select.args.get("joins") or ())] if from_ is not None else []
    return {item.alias_or_name.lower(): _source(item, catalog, known) for item in items}


def _source(item: exp.Expr, catalog: Catalog, known: Sources) -> Columns:
    if isinstance(item, exp.Subquery):
        return _renamed(_columns(item, catalog, known) or {}, item)
    if not isinstance(item, exp.Table) or not isinstance(item.this, exp.Identifier):
        return {}
    if not item.db and item.name.lower() in known:
        return known[item.name.lower()]
    table = catalog.table(TableName(item.name.lower(), item.db.lower() or None))
    return {column.name: column.type for column in table.columns} if table is not None else {}


def _renamed(columns: Columns, item: exp.Expr) -> Columns:
    """The columns as the names after an alias call them: ``AS x (a, b)``."""
    alias = item.args.get("alias")
    names = [column.name.lower() for column in alias.columns] if isinstance(alias, exp.TableAlias) else []
    bare = [name.partition(".")[2] or name for name in columns]
    return dict(zip([*names, *bare[len(names) :]], columns.values(), strict=True)) if len(names) <= len(bare) else {}


def _size(node: exp.Expr, sources: Sources) -> Size:
    found = _any_type(node.unnest(), sources)
    return found if found is not None and found.is_string else None


def _any_type(node: exp.Expr, sources: Sources) -> Size:
    if isinstance(node, exp.Column):
        wanted = [sources.get(node.table.lower(), {})] if node.table else list(sources.values())
        held = [columns[node.name.lower()] for columns in wanted if node.name.lower() in columns]
        return held[0] if len(held) == 1 else None
    if isinstance(node, exp.Cast):
        return declared_type(node.to) if node.to.expressions else None
    if isinstance(node, exp.Literal) and node.is_string:
        return RedshiftType("character varying", length=max(len(node.name.encode()), 1))
    choices = list(_choices(node))
    return _longest([_size(choice, sources) for choice in choices]) if choices else None


def _choices(node: exp.Expr) -> Iterator[exp.Expr]:
    """The expressions one of which is the result."""
    if isinstance(node, exp.Case):
        yield from (branch.args["true"] for branch in node.args["ifs"])
        if node.args.get("default") is not None:
            yield node.args["default"]
    elif isinstance(node, exp.Window):
        yield node.this
    elif isinstance(node, exp.Anonymous) and node.name.lower() in _CHOOSING:
        values = node.expressions[:1] if node.name.lower() in {"lag", "lead", "nullif"} else node.expressions
        yield from (value for value in values if not isinstance(value, exp.Null))


def _longest(sizes: Sequence[Size]) -> Size:
    lengths = [size.length or 0 for size in sizes if size is not None]
    if len(lengths) < len(sizes) or not sizes:
        return None
    fixed = all(size is not None and size.name == "character" for size in sizes)
    return replace(RedshiftType("character" if fixed else "character varying"), length=max(lengths))
