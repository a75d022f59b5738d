"""The (+) of WHERE clauses: ``FROM a, b WHERE a.id = b.id (+)`` is ``a LEFT JOIN b ON a.id = b.id``.

https://docs.aws.amazon.com/redshift/latest/dg/r_WHERE_oracle_outer.html
"""

from __future__ import annotations

from sqlglot import exp

from local_redshift.errors import FeatureNotSupported, SyntaxError_, UndefinedTable


def join_marked(tree: exp.Expr) -> None:
    """Turn the marks of every SELECT in ``tree`` into joins. Raises SyntaxError_, FeatureNotSupported."""
    for select in list(tree.find_all(exp.Select)):
        where = select.args.get("where")
        if where is not None and _marked(where):
            _rewrite(select, where)


def _marked(node: exp.Expr) -> list[exp.Column]:
    """The marked columns of this query, those of subqueries left out."""
    columns = node.find_all(exp.Column)
    query = node.find_ancestor(exp.Select)
    return [column for column in columns if column.args.get("join_mark") and column.find_ancestor(exp.Select) is query]


def _rewrite(select: exp.Select, where: exp.Where) -> None:
    kept: list[exp.Expr] = []
    conditions: dict[str, list[exp.Expr]] = {}
    for condition in list(where.this.flatten()) if isinstance(where.this, exp.And) else [where.this]:
        marked = _marked(condition)
        if not marked:
            kept.append(condition)
            continue
        conditions.setdefault(_inner_table(marked, condition), []).append(condition)
        for column in marked:
            column.set("join_mark", False)
    _join_bare(conditions)
    _place_joins(select, conditions)
    select.set("where", exp.Where(this=exp.and_(*kept, copy=False)) if kept else None)


def _inner_table(marked: list[exp.Column], condition: exp.Expr) -> str:
    tables = {column.table.lower() for column in marked}
    if len(tables) > 1:
        raise SyntaxError_("A predicate may reference only one outer-joined table.")
    if condition.find(exp.Or, exp.In):
        raise SyntaxError_("Outer join operator (+) not allowed in operand of OR or IN.")
    return tables.pop()


def _join_bare(conditions: dict[str, list[exp.Expr]]) -> None:
    """``eventid(+) = 796`` speaks of the table that other conditions mark."""
    bare = conditions.pop("", [])
    if bare and len(conditions) != 1:
        raise FeatureNotSupported(
            "the (+) operator on a column without its table is supported by the local warehouse beside one marked table"
        )
    for held in conditions.values():
        held += bare


def _place_joins(select: exp.Select, conditions: dict[str, list[exp.Expr]]) -> None:
    joins = select.args.get("joins") or []
    if any(join.args.get(part) for join in joins for part in ("on", "using", "side", "kind", "method")):
        raise SyntaxError_("the (+) operator cannot be used with JOIN in the FROM clause")
    if "from_" not in select.args:
        raise UndefinedTable(f'missing FROM-clause entry for table "{next(iter(conditions))}"')
    sources = {item.alias_or_name.lower(): item for item in (select.args["from_"].this, *(j.this for j in joins))}
    for name, held in conditions.items():
        if name not in sources:
            raise UndefinedTable(f'missing FROM-clause entry for table "{name}"')
        if len(_needed(held, sources) - {name}) > 1:
            raise SyntaxError_("A table may be outer joined to at most one other table.")
    first, *others = [source for name, source in sources.items() if name not in conditions] or [None]
    if first is None:
        raise SyntaxError_("every table of the FROM clause is outer-joined")
    placed = {first.alias_or_name.lower(), *(source.alias_or_name.lower() for source in others)}
    new = [exp.Join(this=source, kind="CROSS") for source in others]
    while waiting := [name for name in conditions if name not in placed]:
        ready = [name for name in waiting if _needed(conditions[name], sources) - {name} <= placed]
        if not ready:
            raise SyntaxError_("two tables cannot be outer-joined to each other")
        name = ready[0]
        new.append(exp.Join(this=sources[name], side="LEFT", on=exp.and_(*conditions[name], copy=False)))
        placed.add(name)
    select.set("from_", exp.From(this=first))
    select.set("joins", new)


def _needed(conditions: list[exp.Expr], sources: dict[str, exp.Expr]) -> set[str]:
    named = {column.table.lower() for condition in conditions for column in condition.find_all(exp.Column)}
    return named & set(sources)
