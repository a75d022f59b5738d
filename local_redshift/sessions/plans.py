"""EXPLAIN: the engine's plan, told in the words of Redshift's.

https://docs.aws.amazon.com/redshift/latest/dg/c-the-query-plan.html. The steps are those that the engine really
takes, and ``rows`` is its estimate; it knows no costs or widths, so that none are told.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMN = "QUERY PLAN"


@dataclass(frozen=True)
class Step:
    """What Redshift calls a step of the engine, and the facts to tell below it: (label, the engine's key)."""

    name: str
    details: tuple[tuple[str, str], ...] = ()


_SORT = Step("XN Sort", (("Sort Key", "Order By"),))
_HASH_AGGREGATE = Step("XN HashAggregate", (("Filter", "Filters"),))
_NESTED_LOOP = Step("XN Nested Loop{join} DS_DIST_NONE", (("Join Filter", "Conditions"),))
_STEPS = {
    "SEQ_SCAN": Step("XN Seq Scan on {table}", (("Filter", "Filters"),)),
    "COLUMN_DATA_SCAN": Step("Result"),
    "DUMMY_SCAN": Step("Result"),
    "EMPTY_RESULT": Step("Result"),
    "FILTER": Step("XN Subquery Scan", (("Filter", "Expression"),)),
    "HASH_JOIN": Step("XN Hash{join} DS_DIST_NONE", (("Hash Cond", "Conditions"),)),
    "PIECEWISE_MERGE_JOIN": Step("XN Merge{join} DS_DIST_NONE", (("Merge Cond", "Conditions"),)),
    "IE_JOIN": Step("XN Merge{join} DS_DIST_NONE", (("Merge Cond", "Conditions"),)),
    "NESTED_LOOP_JOIN": _NESTED_LOOP,
    "BLOCKWISE_NL_JOIN": _NESTED_LOOP,
    "CROSS_PRODUCT": _NESTED_LOOP,
    "HASH_GROUP_BY": _HASH_AGGREGATE,
    "PERFECT_HASH_GROUP_BY": _HASH_AGGREGATE,
    "PARTITIONED_AGGREGATE": _HASH_AGGREGATE,
    "UNGROUPED_AGGREGATE": Step("XN Aggregate"),
    "ORDER_BY": _SORT,
    "TOP_N": Step("XN Limit", (("Sort Key", "Order By"),)),
    "LIMIT": Step("XN Limit"),
    "STREAMING_LIMIT": Step("XN Limit"),
    "WINDOW": Step("XN Window", (("Function", "Projections"),)),
    "STREAMING_WINDOW": Step("XN Window", (("Function", "Projections"),)),
    "UNION": Step("XN Append"),
}
# Steps that Redshift's plans do not show: what is computed for a row, and the writing itself.
_TRANSPARENT = frozenset({
    "BATCH_CREATE_TABLE_AS", "BATCH_INSERT", "CREATE_TABLE_AS", "DELETE", "INSERT", "PROJECTION", "UPDATE",
})  # fmt: skip
_JOINS = {"INNER": " Join", "LEFT": " Left Join", "RIGHT": " Right Join", "OUTER": " Full Join", "MARK": " NOT IN Join"}


def plan_lines(plan: str) -> list[str]:
    """The lines of the plan, the outermost step first; ``plan`` is the engine's, as JSON."""
    return [line for node in json.loads(plan) for line in _lines(node, 0)]


def _lines(node: dict[str, Any], depth: int) -> Iterator[str]:
    name = node["name"].strip()
    if name in _TRANSPARENT and node["children"]:
        for child in node["children"]:
            yield from _lines(child, depth)
        return
    step, facts = _STEPS.get(name, Step(f"XN {name.replace('_', ' ').title()}")), node["extra_info"]
    yield _indented(_title(step, facts), depth, arrow=True)
    for label, key in step.details:
        if shown := _shown(facts.get(key)):
            yield _indented(f"{label}: {shown}", depth, arrow=False)
    for index, child in enumerate(node["children"]):
        if name == "HASH_JOIN" and index == 1:
            yield _indented(f"XN Hash{_rows(child['extra_info'])}", depth + 1, arrow=True)
            yield from _lines(child, depth + 2)
        else:
            yield from _lines(child, depth + 1)


def _title(step: Step, facts: dict[str, Any]) -> str:
    table = str(facts.get("Table", "")).rpartition(".")[2].strip('"')
    join = _JOINS.get(str(facts.get("Join Type", "")), " Join" if "Join Type" in facts else "")
    return step.name.format(table=table, join=join) + _rows(facts)


def _rows(facts: dict[str, Any]) -> str:
    return f"  (rows={facts['Estimated Cardinality']})" if "Estimated Cardinality" in facts else ""


def _shown(fact: object) -> str:
    """A fact as text; none where it is in terms that only the engine has."""
    text = ", ".join(map(str, fact)) if isinstance(fact, list) else str(fact or "")
    if "#" in text or "__internal" in text:
        return ""
    return text if text.startswith("(") or " = " not in text else f"({text})"


def _indented(text: str, depth: int, *, arrow: bool) -> str:
    """Each step stands six columns further in than the one that reads it, as in PostgreSQL's plans."""
    if depth == 0:
        return text if arrow else f"  {text}"
    return " " * (6 * depth - 4) + ("->  " if arrow else "      ") + text
