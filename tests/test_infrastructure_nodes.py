"""Node types: what takes the place of retired ones, the consent to that, and types that nobody knows."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import pytest
from infrastructure_stack import do, lines, said, stack_on
from strict_aws import rules

from infrastructure import cluster
from infrastructure.access import redshift_role, security_group
from infrastructure.cluster.node_types import UPGRADES, Nodes, successor
from infrastructure.errors import AwsFailed, Refused
from infrastructure.plan import Sign, agree
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from strict_aws import StrictAws

    from infrastructure.stack import Stack

RETIRED = {"node_type": "dc2.large", "nodes": 4}
NETWORK = {"cidrs": ("52.95.4.1/32",), "password": "Passw0rd-1"}
QUESTION = (
    "AWS makes no new dc2 nodes: 3 x ra3.large ($1.63 an hour, $1,189.17 a month) instead of 4 x dc2.large ($1.00 an "
    "hour), the size that AWS recommends to start from.\n2 x ra3.large would be nearer to the old price ($1.09 an hour)"
    "; CLUSTER_NODE_TYPE and CLUSTER_NUM_NODES in dwh.cfg choose, and --serverless is another way.\nShall it be "
    "3 x ra3.large?"
)
DENIED = "User: me is not authorized to perform: redshift:DescribeOrderableClusterOptions"


@pytest.fixture
def make(aws: StrictAws, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Stack]:
    return partial(stack_on, aws, monkeypatch, **NETWORK)


def nobody(question: str) -> None:
    raise Refused(question)


def never(question: str) -> None:
    pytest.fail(f"asked: {question}")


def with_role_and_group(stack: Stack) -> Stack:
    do(stack, [*redshift_role.plan_up(stack), *security_group.plan_up(stack, allow_anywhere=False)])
    return stack


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("dc2.large", 1), ("ra3.large", 1)),
        (("dc2.large", 2), ("ra3.large", 2)),
        (("dc2.large", 4), ("ra3.large", 3)),
        (("dc2.large", 5), ("ra3.xlplus", 2)),
        (("dc2.large", 8), ("ra3.xlplus", 3)),
        (("dc2.large", 16), ("ra3.4xlarge", 2)),
        (("dc2.large", 17), ("ra3.4xlarge", 3)),
        (("dc2.8xlarge", 2), ("ra3.4xlarge", 4)),
        (("dc2.8xlarge", 16), ("ra3.16xlarge", 8)),
        (("ds2.xlarge", 1), ("ra3.xlplus", 1)),
        (("ds2.xlarge", 8), ("ra3.4xlarge", 2)),
        (("ds2.8xlarge", 3), ("ra3.4xlarge", 6)),
        (("dc1.large", 4), ("ra3.large", 3)),
    ],
)
def test_successors(old: tuple[str, int], new: tuple[str, int]) -> None:
    assert successor(Nodes(*old)) == Nodes(*new)


def test_every_successor_can_be_ordered() -> None:
    for old in UPGRADES:
        for count in range(1, 33):
            new = successor(Nodes(old, count))
            assert new is not None
            rules.check_nodes(new.type, *(("single-node", None) if new.count == 1 else (None, new.count)))


def test_what_aws_makes_has_no_successor() -> None:
    assert not [name for name in rules.NODES if successor(Nodes(name, 2))]


def test_the_question_tells_everything(make: Callable[..., Stack]) -> None:
    asked: list[str] = []
    stack = make(**RETIRED)
    (change,) = cluster.plan_up(stack, asked.append)
    assert asked == [QUESTION]
    assert (change.sign, change.what) == (Sign.ADD, "cluster sparkify (3 x ra3.large, $1.63 an hour)")
    assert cluster.costs(stack)[0].startswith("3 x ra3.large: $1.63 an hour")


def test_nobody_to_ask(aws: StrictAws, make: Callable[..., Stack]) -> None:
    stack = make(**RETIRED)
    with pytest.raises(Refused) as refused:
        cluster.plan_up(stack, lambda question: agree(question, stack.report, "a terminal"))
    assert "nobody agreed to 3 x ra3.large" in refused.value.message
    assert refused.value.hint.splitlines() == [
        "To agree, write REPLACE_RETIRED_NODES = yes into [CLUSTER] of dwh.cfg. Or write there what you want, such as",
        "CLUSTER_TYPE = multi-node",
        "CLUSTER_NODE_TYPE = ra3.large",
        "CLUSTER_NUM_NODES = 2",
    ]


def test_agreed_in_advance_it_is_in_the_plan(make: Callable[..., Stack]) -> None:
    plan = lines(cluster.plan_up(make(**RETIRED, replace_retired=True), never))
    assert plan[1].startswith("AWS makes no new dc2 nodes: 3 x ra3.large")
    assert plan[2] == "agreed to by REPLACE_RETIRED_NODES = yes"


def test_no_price_known(make: Callable[..., Stack]) -> None:
    asked: list[str] = []
    stack = make(node_type="ds2.xlarge", nodes=1, cluster_type="single-node")
    cluster.plan_up(stack, asked.append)
    assert "instead of 1 x ds2.xlarge (no price known)" in asked[0]
    stack = make(node_type="ra9.large", nodes=2)
    assert "No price is known for ra9.large: [PRICES] of dwh.cfg can tell one." in cluster.costs(stack)[0]
    stack = make(node_type="ra9.large", nodes=2, prices={"ra9.large": Decimal("0.5")})
    assert cluster.costs(stack)[0].startswith("2 x ra9.large: $1.00 an hour, $24.00 a day")


def test_should_aws_still_make_them(
    aws: StrictAws, make: Callable[..., Stack], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(rules.NODES, "dc2.large", (1, 32))
    stack = with_role_and_group(make(**RETIRED))
    do(stack, cluster.plan_up(stack, never))
    assert aws.snapshot()["clusters"]["sparkify"]["node_type"] == "dc2.large"
    assert cluster.look(stack).size == "4 x dc2.large"


def test_the_list_itself_refuses_the_type(aws: StrictAws, make: Callable[..., Stack]) -> None:
    stack = with_role_and_group(make(**RETIRED, replace_retired=True))
    aws.fault("redshift", "DescribeOrderableClusterOptions", "InvalidParameterValue", "Invalid node type: dc2.large")
    (change,) = cluster.plan_up(stack, never)
    assert change.what.startswith("cluster sparkify (3 x ra3.large")


@pytest.mark.parametrize("listed", [True, False])
def test_a_type_that_nobody_knows(aws: StrictAws, make: Callable[..., Stack], listed: bool) -> None:
    stack = with_role_and_group(make(node_type="ra9.large", nodes=2))
    if listed:
        with pytest.raises(ConfigError) as wrong:
            cluster.plan_up(stack, never)
    else:
        aws.fault("redshift", "DescribeOrderableClusterOptions", "AccessDenied", DENIED, 403, times=None)
        with pytest.raises(ConfigError) as wrong:
            do(stack, cluster.plan_up(stack, never))
    assert wrong.value.message == "dwh.cfg: CLUSTER_NODE_TYPE is ra9.large, which AWS does not offer in us-west-2."
    assert "ra3.large, ra3.xlplus" in wrong.value.hint
    assert "dc2" not in wrong.value.hint
    assert aws.snapshot()["clusters"] == {}


@pytest.mark.parametrize(
    ("node_type", "code", "message"),
    [
        ("dc2.large", "InvalidParameterValue", "Invalid node type: dc2.large"),
        (
            "dc1.large",
            "NumberOfNodesQuotaExceeded",
            "You do not have access to node type dw2.large. Choose another node type",
        ),
    ],
)
def test_create_cluster_refuses_the_type(
    aws: StrictAws, make: Callable[..., Stack], node_type: str, code: str, message: str
) -> None:
    aws.fault("redshift", "DescribeOrderableClusterOptions", "AccessDenied", DENIED, 403, times=None)
    aws.fault("redshift", "CreateCluster", code, message)
    stack = with_role_and_group(make(node_type=node_type, nodes=4))
    asked: list[str] = []
    do(stack, cluster.plan_up(stack, asked.append))
    assert len(asked) == 1
    assert cluster.look(stack).size == "3 x ra3.large"
    assert f"Whether AWS offers {node_type} is not known before it is ordered" in said(stack)


def test_a_quota_is_no_retired_type(aws: StrictAws, make: Callable[..., Stack]) -> None:
    aws.fault("redshift", "CreateCluster", "NumberOfNodesQuotaExceeded", "You have reached your quota of 16 nodes")
    stack = with_role_and_group(make(node_type="ra3.large", nodes=2))
    with pytest.raises(AwsFailed, match="quota of 16 nodes") as failed:
        do(stack, cluster.plan_up(stack, never))
    assert "servicequotas" in failed.value.hint


@pytest.mark.parametrize("node_type", ["ra3.4xlarge", "ra3.16xlarge", "rg.4xlarge", "rg.12xlarge"])
def test_large_nodes_are_not_alone(make: Callable[..., Stack], node_type: str) -> None:
    with pytest.raises(ConfigError, match="comes in clusters of 2 nodes and more"):
        cluster.plan_up(make(node_type=node_type, nodes=1, cluster_type="single-node"), never)


def test_the_replaced_cluster_is_no_drift(aws: StrictAws, make: Callable[..., Stack]) -> None:
    stack = with_role_and_group(make(**RETIRED, replace_retired=True))
    do(stack, cluster.plan_up(stack, never))
    again = make(**RETIRED)
    security_group.plan_up(again, allow_anywhere=False)
    assert lines(cluster.plan_up(again, nobody)) == ["= cluster sparkify (3 x ra3.large, $1.63 an hour)"]
