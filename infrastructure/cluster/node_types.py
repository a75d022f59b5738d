"""Node types: which AWS still makes, what takes the place of the retired ones, and the consent to that.

AWS makes no new dc1, ds2 and dc2 nodes: CreateCluster answers "Invalid node type: dc2.large". The replacement has the
size from which AWS recommends to start, "Upgrading to RA3 node types" in
https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-clusters.html (its older editions for ds2; dc1 is as dc2,
which took its place one for one). It is a size like the old one's, not a price like the old one's: hence the consent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from infrastructure.errors import AwsFailed, Refused, doing
from infrastructure.prices import HOURS_A_MONTH, TABLE
from infrastructure.stack import money
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from decimal import Decimal

    from infrastructure.compute import Agree
    from infrastructure.prices import Prices
    from infrastructure.stack import Stack


@dataclass(frozen=True)
class Nodes:
    """What a cluster is made of."""

    type: str
    count: int

    def __str__(self) -> str:
        return f"{self.count} x {self.type}"

    def per_hour(self, prices: Prices) -> Decimal | None:
        return prices.cluster(self.type, self.count)


class Upgrade(NamedTuple):
    """``new`` nodes of ``type`` for every ``old`` nodes, in clusters of up to ``most`` old nodes."""

    most: int
    type: str
    new: int
    old: int


_LARGE = (
    Upgrade(3, "ra3.large", 1, 1),
    Upgrade(4, "ra3.large", 3, 4),
    Upgrade(15, "ra3.xlplus", 3, 8),
    Upgrade(128, "ra3.4xlarge", 1, 8),
)
_8XLARGE = (Upgrade(15, "ra3.4xlarge", 2, 1), Upgrade(128, "ra3.16xlarge", 1, 2))
UPGRADES = {
    "dc1.large": _LARGE,
    "dc1.8xlarge": _8XLARGE,
    "dc2.large": _LARGE,
    "dc2.8xlarge": _8XLARGE,
    "ds2.xlarge": (Upgrade(7, "ra3.xlplus", 2, 3), Upgrade(128, "ra3.4xlarge", 1, 4)),
    "ds2.8xlarge": _8XLARGE,
}

# Larger types have no single-node clusters; how many nodes there may be is a matter of the account's quotas.
FEWEST = {"ra3.4xlarge": 2, "ra3.16xlarge": 2, "rg.4xlarge": 2, "rg.12xlarge": 2}

_NOT_MADE = re.compile(r"invalid node type|access to node type", re.IGNORECASE)


def successor(nodes: Nodes) -> Nodes | None:
    """What takes the place of a retired type; None where the type is none of those.

    >>> str(successor(Nodes("dc2.large", 4))), str(successor(Nodes("dc2.8xlarge", 2)))
    ('3 x ra3.large', '4 x ra3.4xlarge')
    >>> successor(Nodes("ra3.large", 2))
    """
    for upgrade in UPGRADES.get(nodes.type, ()):
        if nodes.count <= upgrade.most:
            rounded_up = -(-nodes.count * upgrade.new // upgrade.old)
            return Nodes(upgrade.type, max(rounded_up, FEWEST.get(upgrade.type, 1)))
    return None


def wanted(stack: Stack) -> Nodes:
    """What dwh.cfg asks for. Raises ConfigError where there is no such cluster."""
    nodes = Nodes(stack.settings.node_type, stack.settings.nodes)
    fewest = FEWEST.get(nodes.type, 1)
    if nodes.count < fewest:
        raise ConfigError(
            f"{stack.settings.file}: {nodes.type} comes in clusters of {fewest} nodes and more, and dwh.cfg has 1.",
            f"Set CLUSTER_TYPE = multi-node and CLUSTER_NUM_NODES = {fewest}; ra3.large and ra3.xlplus can be alone.",
        )
    return nodes


def choose(stack: Stack, agree: Agree) -> Nodes:
    """What is to be made: what dwh.cfg asks for, or its successor after consent where AWS does not offer that.

    Raises ConfigError for a type that nobody knows, Refused where nobody consents.
    """
    nodes = wanted(stack)
    return nodes if _offered(stack, nodes.type) else replace(stack, nodes, agree)


def replace(stack: Stack, nodes: Nodes, agree: Agree) -> Nodes:
    """The successor of what AWS does not make, after consent: REPLACE_RETIRED_NODES, or an answer to ``agree``.

    Raises ConfigError where there is none, Refused where nobody consents.
    """
    new = successor(nodes)
    if new is None:
        raise ConfigError(
            f"{stack.settings.file}: CLUSTER_NODE_TYPE is {nodes.type}, which AWS does not offer in "
            f"{stack.account.region}.",
            f"It offers {', '.join(_all_offered(stack))}.",
        )
    if stack.settings.replace_retired:
        return new
    try:
        agree(f"{explanation(stack, nodes, new)}\n{_otherwise(stack, nodes, new)}\nShall it be {new}?")
    except Refused:
        raise Refused(
            f"AWS makes no new {nodes.type} nodes, and nobody agreed to {new} ({_priced(stack, new)}) in place of "
            f"{nodes}. No cluster was made.",
            f"To agree, write REPLACE_RETIRED_NODES = yes into [CLUSTER] of {stack.settings.file}. "
            f"Or write there what you want, such as\n{_lines(_cheaper(stack, nodes, new) or new)}",
        ) from None
    return new


def is_not_made(error: AwsFailed) -> bool:
    """Whether CreateCluster refused the node type itself, not its number."""
    return bool(_NOT_MADE.search(error.message))


def explanation(stack: Stack, old: Nodes, new: Nodes) -> str:
    """Why it is not what dwh.cfg asks for, with both prices."""
    return (
        f"AWS makes no new {old.type.split('.')[0]} nodes: {new} ({_priced(stack, new, month=True)}) instead of {old} "
        f"({_priced(stack, old)}), the size that AWS recommends to start from."
    )


def _otherwise(stack: Stack, old: Nodes, new: Nodes) -> str:
    cheaper = _cheaper(stack, old, new)
    nearer = f"{cheaper} would be nearer to the old price ({_priced(stack, cheaper)}); " if cheaper else ""
    return f"{nearer}CLUSTER_NODE_TYPE and CLUSTER_NUM_NODES in dwh.cfg choose, and --serverless is another way."


def _cheaper(stack: Stack, old: Nodes, new: Nodes) -> Nodes | None:
    """As many nodes of the new type as cost what the old ones did, where that is another number."""
    before, one = old.per_hour(stack.prices), stack.prices.of(new.type)
    if before is None or not one:
        return None
    count = max(round(before / one), FEWEST.get(new.type, 1))
    return Nodes(new.type, count) if count < new.count else None


def _priced(stack: Stack, nodes: Nodes, *, month: bool = False) -> str:
    price = nodes.per_hour(stack.prices)
    if price is None:
        return "no price known"
    return f"{money(price)} an hour" + (f", {money(price * HOURS_A_MONTH)} a month" if month else "")


def _lines(nodes: Nodes) -> str:
    kind = "single-node" if nodes.count == 1 else "multi-node"
    return f"CLUSTER_TYPE = {kind}\nCLUSTER_NODE_TYPE = {nodes.type}\nCLUSTER_NUM_NODES = {nodes.count}"


def _offered(stack: Stack, node_type: str) -> bool:
    """Whether AWS lists the type as orderable; where it does not tell, CreateCluster will.

    https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeOrderableClusterOptions.html
    """
    try:
        return bool(_orderable(stack, NodeType=node_type))
    except AwsFailed as error:
        if is_not_made(error):
            return False
        stack.report.say(f"Whether AWS offers {node_type} is not known before it is ordered: {error.message}", "yellow")
        return True


def _all_offered(stack: Stack) -> list[str]:
    try:
        return _orderable(stack)
    except AwsFailed:
        return [name for name in TABLE if "." in name and name not in UPGRADES]


def _orderable(stack: Stack, **only: str) -> list[str]:
    with doing("asking which node types AWS offers"):
        pages = stack.account.client("redshift").get_paginator("describe_orderable_cluster_options").paginate(**only)
        return sorted({option["NodeType"] for page in pages for option in page["OrderableClusterOptions"]})
