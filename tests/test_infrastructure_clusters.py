"""A cluster through its states: ordered, waited for, repaired, paused, resumed, removed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from infrastructure_stack import do, lines, said, stack_on
from moto.redshift.models import Snapshot as MotoSnapshot
from strict_aws.clusters import AVAILABLE, GONE, PAUSED, Cluster, backend
from strict_aws.states import Life, Phase

from infrastructure import cluster
from infrastructure.access import redshift_role, security_group
from infrastructure.cluster import state as cluster_state
from infrastructure.errors import AwsFailed, NotOurs, Refused, StillWaiting, Stuck
from infrastructure.plan import Sign

if TYPE_CHECKING:
    from collections.abc import Callable

    from strict_aws import StrictAws

    from infrastructure.plan import Change
    from infrastructure.stack import Stack

SETTINGS = {
    "node_type": "ra3.large",
    "nodes": 2,
    "cidrs": ("52.95.4.1/32",),
    "password": "Passw0rd-1",
    "wait_minutes": 1,
}
KEPT = ["= cluster sparkify (2 x ra3.large, $1.09 an hour)"]


def never(question: str) -> None:
    pytest.fail(f"asked: {question}")


def plan_up(stack: Stack) -> list[Change]:
    return cluster.plan_up(stack, never)


@pytest.fixture
def make(aws: StrictAws, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Stack]:
    """Stacks whose role and group are there."""

    def one(**settings: Any) -> Stack:
        stack = stack_on(aws, monkeypatch, **{**SETTINGS, **settings})
        do(stack, [*redshift_role.plan_up(stack), *security_group.plan_up(stack, allow_anywhere=False)])
        return stack

    return one


@pytest.fixture
def stack(make: Callable[..., Stack]) -> Stack:
    """One whose cluster is there."""
    made = make()
    do(made, plan_up(made))
    return made


def there(aws: StrictAws) -> Cluster:
    return backend("us-west-2").clusters["sparkify"]  # type: ignore[no-any-return]


def become(aws: StrictAws, *phases: Phase) -> None:
    there(aws).life = Life(aws.clock, *phases)


def asked(aws: StrictAws, operation: str) -> list[dict[str, Any]]:
    return [dict(call.parameters) for call in aws.calls if call.operation == operation]


def test_the_order(aws: StrictAws, make: Callable[..., Stack]) -> None:
    made = make()
    do(made, plan_up(made))
    (order,) = asked(aws, "CreateCluster")
    assert order == {
        "ClusterIdentifier": "sparkify",
        "NodeType": "ra3.large",
        "NumberOfNodes": 2,
        "DBName": "dev",
        "Port": 5439,
        "MasterUsername": "awsuser",
        "MasterUserPassword": "Passw0rd-1",
        "IamRoles": [made.role_arn],
        "DefaultIamRoleArn": made.role_arn,
        "VpcSecurityGroupIds": [made.group_id],
        "PubliclyAccessible": True,
        "Encrypted": True,
        "AutomatedSnapshotRetentionPeriod": 1,
        "Tags": [{"Key": "dwh:stack", "Value": "sparkify"}, {"Key": "dwh:kind", "Value": "cluster"}],
    }
    assert lines(plan_up(made)) == KEPT
    assert "cluster sparkify ($1.09 an hour)" in made.standing()


def test_the_order_of_a_small_private_one(aws: StrictAws, make: Callable[..., Stack]) -> None:
    made = make(nodes=1, cluster_type="single-node", password="", public=False, database="music", port=5440)
    plan = plan_up(made)
    assert "database music on port 5440, administrator awsuser, password: made and kept by AWS" in lines(plan)[1]
    assert lines(plan)[2] == "reached: from within its VPC only"
    do(made, plan)
    (order,) = asked(aws, "CreateCluster")
    assert (order["ClusterType"], order["ManageMasterPassword"], order["PubliclyAccessible"]) == (
        "single-node",
        True,
        False,
    )
    assert not {"NumberOfNodes", "MasterUserPassword"} & order.keys()
    assert cluster.look(made).secret_arn
    assert "password in Secrets Manager goes with it" in lines(cluster.plan_down(made, ""))[-1]
    do(made, cluster.plan_down(made, ""))
    assert aws.snapshot()["secrets"] == []


def test_in_the_vpc_of_a_subnet_group(aws: StrictAws, make: Callable[..., Stack]) -> None:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.1.0/24")["Subnet"]["SubnetId"]
    aws.client("redshift").create_cluster_subnet_group(
        ClusterSubnetGroupName="mine", Description="mine", SubnetIds=[subnet]
    )
    made = make(subnet_group="mine")
    do(made, plan_up(made))
    assert asked(aws, "CreateCluster")[-1]["ClusterSubnetGroupName"] == "mine"
    assert cluster.look(made).available


def test_available_is_not_yet_available(aws: StrictAws, make: Callable[..., Stack]) -> None:
    made = make()
    do(made, plan_up(made))
    assert [line.split(" [")[0].strip() for line in said(made).splitlines() if "elapsed" in line] == [
        "cluster sparkify: creating",
        "cluster sparkify: available, still being changed",
    ]
    for status, availability, available in (
        ("available", "Available", True),
        ("available, resize-cleanup", "Available", True),
        ("available", "Modifying", False),
        ("available", "Unavailable", False),
        ("modifying", "Available", False),
    ):
        become(aws, Phase(status, availability))
        assert cluster.look(made).available is available


def test_the_wait_is_for_the_role_as_well(aws: StrictAws, stack: Stack) -> None:
    become(aws, Phase("available", "Available", 3), AVAILABLE)
    there(aws).adding = frozenset({stack.role_arn})
    aws.calls.clear()
    cluster_state.until_available(stack, "It goes on.")
    assert len(asked(aws, "DescribeClusters")) == 4


def test_redshift_does_not_see_the_role_yet(aws: StrictAws, make: Callable[..., Stack]) -> None:
    aws.propagation = 5
    made = make()
    do(made, plan_up(made))
    assert len(asked(aws, "CreateCluster")) == 6
    assert "waiting until Redshift sees the new role and group" in said(made)


def test_redshift_never_sees_the_role(aws: StrictAws, make: Callable[..., Stack]) -> None:
    aws.propagation = 1000
    made = make()
    with pytest.raises(AwsFailed, match=r"The IAM role .* is not valid"):
        do(made, plan_up(made))
    assert len(asked(aws, "CreateCluster")) == 13


def test_another_error_is_not_waited_for(aws: StrictAws, make: Callable[..., Stack]) -> None:
    made = make()
    aws.fault("redshift", "CreateCluster", "InvalidParameterValue", "The parameter Port is wrong", times=None)
    with pytest.raises(AwsFailed, match="The parameter Port is wrong"):
        do(made, plan_up(made))
    assert len(asked(aws, "CreateCluster")) == 1


def test_no_answer_to_the_order(aws: StrictAws, make: Callable[..., Stack]) -> None:
    made = make()
    aws.fault("redshift", "CreateCluster", "ServiceUnavailable", "Service Unavailable", 503, times=2)
    with pytest.raises(AwsFailed, match="Service Unavailable"):
        do(made, plan_up(made))
    assert "cluster sparkify (perhaps: AWS did not answer; $1.09 an hour" in made.standing()


def hide_once(aws: StrictAws) -> None:
    """The next look finds no cluster: another run makes it between plan and order."""
    aws.fault("redshift", "DescribeClusters", "ClusterNotFound", "Cluster sparkify not found.")


def test_another_run_of_ours_is_quicker(aws: StrictAws, stack: Stack) -> None:
    hide_once(aws)
    (change,) = plan_up(stack)
    assert change.sign is Sign.ADD
    do(stack, [change])
    assert len(aws.snapshot()["clusters"]) == 1
    assert lines(plan_up(stack)) == KEPT


def test_a_stranger_is_quicker(aws: StrictAws, stack: Stack) -> None:
    there(aws).tags = [{"Key": "dwh:stack", "Value": "other"}]
    hide_once(aws)
    with pytest.raises(NotOurs, match="The cluster sparkify belongs to the stack other; it is left alone"):
        do(stack, plan_up(stack))


def test_it_is_not_found_at_once(aws: StrictAws, make: Callable[..., Stack]) -> None:
    made = make()
    plan = plan_up(made)
    aws.fault("redshift", "DescribeClusters", "ClusterNotFound", "Cluster sparkify not found.", times=3)
    do(made, plan)
    assert "cluster sparkify: ordered" in said(made)
    assert cluster.look(made).available


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("paused", "sparkify is paused. It is paused"),
        ("deleting", "sparkify is deleting. It is being removed."),
        ("incompatible-network", "cannot be in its network"),
        ("hardware-failure", "hardware"),
        ("storage-full", "storage is full"),
    ],
)
def test_the_wait_ends_where_it_leads_nowhere(aws: StrictAws, stack: Stack, state: str, says: str) -> None:
    become(aws, Phase("resuming", "Modifying", 2), Phase(state, "Unavailable"))
    with pytest.raises(Stuck, match=says) as stuck:
        cluster_state.until_available(stack, "It goes on.")
    assert stuck.value.hint.endswith(".py")
    assert "cluster sparkify" in stack.standing()


def test_somebody_deletes_it_meanwhile(aws: StrictAws, stack: Stack) -> None:
    become(aws, Phase("modifying", "Modifying", 2), GONE)
    with pytest.raises(Stuck, match="somebody has deleted it meanwhile"):
        cluster_state.until_available(stack, "It goes on.")
    assert "cluster" not in stack.standing()


def test_the_time_is_up(aws: StrictAws, make: Callable[..., Stack]) -> None:
    aws.hold("creating")
    made = make(wait_minutes=0)
    with pytest.raises(StillWaiting) as waiting:
        do(made, plan_up(made))
    assert "is still creating. The cluster goes on being created and costs $1.09 an hour" in waiting.value.message
    assert "WAIT_MINUTES" in waiting.value.hint


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("paused", "~ resume it: it is paused"),
        ("pausing", "~ resume it, once it is paused: it is pausing now"),
        ("modifying", "~ wait until it is available: it is modifying now"),
        ("rebooting", "~ wait until it is available: it is rebooting now"),
    ],
)
def test_states_that_setup_finds(aws: StrictAws, stack: Stack, state: str, step: str) -> None:
    end = PAUSED if "paus" in state else AVAILABLE
    become(aws, end) if state == "paused" else become(aws, Phase(state, "Modifying", 3), end)
    plan = plan_up(stack)
    assert lines(plan) == ["~ cluster sparkify (2 x ra3.large, $1.09 an hour)", step]
    do(stack, plan)
    assert lines(plan_up(stack)) == KEPT


@pytest.mark.parametrize("state", ["deleting", "final-snapshot"])
def test_a_cluster_that_goes_is_not_repaired(aws: StrictAws, stack: Stack, state: str) -> None:
    become(aws, Phase(state, "Unavailable"))
    with pytest.raises(Refused, match="is being deleted"):
        plan_up(stack)


def test_a_broken_cluster_is_not_repaired(aws: StrictAws, stack: Stack) -> None:
    become(aws, Phase("incompatible-network", "Failed"))
    with pytest.raises(Stuck, match="incompatible-network"):
        plan_up(stack)


def test_drift_is_repaired(aws: StrictAws, stack: Stack) -> None:
    mine, theirs = (
        stack.group_id,
        aws.client("ec2").create_security_group(GroupName="theirs", Description="x")["GroupId"],
    )
    there(aws).vpc_security_group_ids = [theirs]
    there(aws).iam_roles_arn, there(aws).default_iam_role_arn = [], None
    there(aws).publicly_accessible = False
    plan = plan_up(stack)
    assert lines(plan) == [
        "~ cluster sparkify (2 x ra3.large, $1.09 an hour)",
        f"+ role {stack.role_arn}",
        "+ security group sparkify-redshift",
        "~ public",
    ]
    do(stack, plan)
    found = aws.snapshot()["clusters"]["sparkify"]
    assert found["vpc_security_group_ids"] == [theirs, mine]
    assert (found["iam_roles_arn"], found["default_iam_role_arn"]) == ([stack.role_arn], stack.role_arn)
    assert found["publicly_accessible"] is True
    assert lines(plan_up(stack)) == KEPT


def test_drift_of_a_paused_one_is_repaired_when_it_is_awake(aws: StrictAws, stack: Stack) -> None:
    there(aws).default_iam_role_arn = None
    become(aws, PAUSED)
    plan = plan_up(stack)
    assert lines(plan)[1:] == ["~ resume it: it is paused", f"~ default role: {stack.role_arn}"]
    do(stack, plan)
    assert there(aws).default_iam_role_arn == stack.role_arn


def test_a_change_waits_for_another(aws: StrictAws, stack: Stack) -> None:
    there(aws).default_iam_role_arn = None
    plan = plan_up(stack)
    busy = "The Cluster is being modified by a concurrent operation."
    aws.fault("redshift", "ModifyClusterIamRoles", "InvalidClusterState", busy, times=3)
    do(stack, plan)
    assert "busy with another change" in said(stack)
    assert there(aws).default_iam_role_arn == stack.role_arn


def test_what_a_repair_would_cost_is_left(aws: StrictAws, stack: Stack, make: Callable[..., Stack]) -> None:
    account = aws.snapshot()
    other = make(node_type="ra3.xlplus", nodes=4, database="music", user="etl")
    assert lines(plan_up(other)) == [
        *KEPT,
        "nodes: dwh.cfg says 4 x ra3.xlplus, the cluster has 2 x ra3.large: left as it is (a resize costs)",
        "database: dwh.cfg says music, the cluster has dev: left as it is",
        "administrator: dwh.cfg says etl, the cluster has awsuser: left as it is",
    ]
    assert aws.snapshot() == account
    assert cluster.costs(other)[0].startswith("2 x ra3.large: $1.09 an hour")


def test_pause_and_resume(aws: StrictAws, stack: Stack) -> None:
    cluster.pause(stack)
    assert cluster.look(stack).status == "paused"
    assert "cluster sparkify (storage only, $0.024 a GB-month)" in stack.standing()
    cluster.pause(stack)
    assert "is paused already" in said(stack)
    cluster.resume(stack)
    assert cluster.look(stack).available
    assert "cluster sparkify ($1.09 an hour)" in stack.standing()
    cluster.resume(stack)
    assert "is running already" in said(stack)
    assert [call.operation for call in aws.calls if call.operation in {"PauseCluster", "ResumeCluster"}] == [
        "PauseCluster",
        "ResumeCluster",
    ]


def test_pause_and_resume_on_the_way(aws: StrictAws, stack: Stack) -> None:
    become(aws, Phase("pausing", "Modifying", 2), PAUSED)
    cluster.pause(stack)
    assert cluster.look(stack).status == "paused"
    become(aws, Phase("pausing", "Modifying", 2), PAUSED)
    cluster.resume(stack)
    assert cluster.look(stack).available
    become(aws, Phase("resuming", "Modifying", 2), AVAILABLE)
    cluster.resume(stack)
    assert cluster.look(stack).available


def test_pause_in_the_wrong_state(aws: StrictAws, stack: Stack) -> None:
    become(aws, Phase("modifying", "Modifying"))
    with pytest.raises(AwsFailed, match=r"While pausing .* concurrent operation.* \(InvalidClusterState\)") as failed:
        cluster.pause(stack)
    assert "Try again" in failed.value.hint


def test_resume_without_free_nodes(aws: StrictAws, stack: Stack) -> None:
    cluster.pause(stack)
    aws.fault("redshift", "ResumeCluster", "InsufficientClusterCapacity", "There are not enough resources")
    with pytest.raises(AwsFailed, match=r"There are not enough .* It stays paused with its data") as failed:
        cluster.resume(stack)
    assert "try again later" in failed.value.hint


def test_pause_and_resume_of_nothing_and_of_a_strangers(
    aws: StrictAws, stack: Stack, make: Callable[..., Stack]
) -> None:
    there(aws).tags = []
    account = aws.snapshot()
    for work in (cluster.pause, cluster.resume, partial(cluster.plan_down, snapshot="")):
        with pytest.raises(NotOurs, match="was not made by this project"):
            work(stack)
    assert aws.snapshot() == account
    become(aws, Phase("deleting", "Unavailable"))
    there(aws).tags = [{"Key": "dwh:stack", "Value": "sparkify"}]
    with pytest.raises(Refused, match="being deleted"):
        cluster.pause(stack)
    nothing = make(identifier="nothing", role_name="nothing")
    for work in (cluster.pause, cluster.resume):
        with pytest.raises(Refused, match="There is no cluster nothing"):
            work(nothing)
    assert cluster.plan_down(nothing, "") == []


@pytest.mark.parametrize("times", [3, None])
def test_deletion_refused_though_it_looks_available(aws: StrictAws, stack: Stack, times: int | None) -> None:
    busy = "There is an operation running on the Cluster. Please try to delete it at a later time."
    aws.fault("redshift", "DeleteCluster", "InvalidClusterState", busy, times=times)
    plan = cluster.plan_down(stack, "")
    if times:
        do(stack, plan)
        assert aws.snapshot()["clusters"] == {}
    else:
        with pytest.raises(Stuck, match=r"operation running .* It is not deleted, and costs \$1.09 an hour"):
            do(stack, plan)
        assert len(asked(aws, "DeleteCluster")) == 12


def test_deleted_by_somebody_else_between_plan_and_order(aws: StrictAws, stack: Stack) -> None:
    plan = cluster.plan_down(stack, "last")
    backend("us-west-2").clusters.pop("sparkify")
    do(stack, plan)
    assert "cluster" not in stack.standing()


def test_resume_without_an_answer(aws: StrictAws, stack: Stack) -> None:
    cluster.pause(stack)
    aws.fault("redshift", "ResumeCluster", "ServiceUnavailable", "Try later", 503, times=2)
    with pytest.raises(AwsFailed) as failed:
        cluster.resume(stack)
    assert "stays paused" not in failed.value.message
    assert "perhaps being resumed: AWS did not answer; then $1.09 an hour" in stack.standing()


@pytest.mark.parametrize("phases", [[Phase("pausing", "Modifying", 2), AVAILABLE], [AVAILABLE]])
def test_a_pause_that_aws_gives_up(
    aws: StrictAws, stack: Stack, monkeypatch: pytest.MonkeyPatch, phases: list[Phase]
) -> None:
    monkeypatch.setattr(Cluster, "enter", lambda *_: become(aws, *phases))
    with pytest.raises(Stuck, match="available again: AWS did not pause it, and it goes on costing money") as stuck:
        cluster.pause(stack)
    assert stuck.value.hint.endswith("pause.py")
    assert "cluster sparkify ($1.09 an hour)" in stack.standing()


def test_paused_is_still_seen_for_a_moment(aws: StrictAws, stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster.pause(stack)
    resuming = (Phase("paused", "Paused", 3), Phase("resuming", "Modifying", 1), AVAILABLE)
    monkeypatch.setattr(Cluster, "enter", lambda *_: become(aws, *resuming))
    cluster.resume(stack)
    assert cluster.look(stack).available


def test_a_broken_one_that_aws_does_not_delete(aws: StrictAws, stack: Stack) -> None:
    plan = cluster.plan_down(stack, "")
    become(aws, Phase("storage-full", "Unavailable"))
    with pytest.raises(Stuck, match="It is not deleted, and costs"):
        do(stack, plan)


def test_the_order_is_taken_and_its_answer_lost(aws: StrictAws, stack: Stack) -> None:
    plan = cluster.plan_down(stack, "last")
    aws.client("redshift").delete_cluster(ClusterIdentifier="sparkify", FinalClusterSnapshotIdentifier="last")
    do(stack, plan)
    assert asked(aws, "DeleteCluster") == []
    assert aws.snapshot()["clusters"] == {}


def test_a_role_of_an_earlier_name_is_told(aws: StrictAws, stack: Stack, make: Callable[..., Stack]) -> None:
    other = make(role_name="other")
    do(other, plan_up(other))
    (change,) = plan_up(other)
    assert change.details == (f"role {stack.role_arn}: attached as well, left as it is",)


def test_paused_without_a_recent_backup(aws: StrictAws, stack: Stack) -> None:
    aws.backups = False
    cluster.pause(stack)
    assert cluster.look(stack).status == "paused"
    (snapshot,) = asked(aws, "CreateClusterSnapshot")
    assert snapshot["ManualSnapshotRetentionPeriod"] == 1
    assert f"has none: the snapshot {snapshot['SnapshotIdentifier']} is made, which AWS deletes after" in said(stack)


def test_a_backup_that_fails(aws: StrictAws, stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    aws.backups = False
    monkeypatch.setattr(MotoSnapshot, "status", property(lambda _: "failed", lambda *_: None), raising=False)
    with pytest.raises(Stuck, match=r"sparkify-pause-\S+ is failed. The cluster is not paused, and costs \$1"):
        cluster.pause(stack)
    assert len(asked(aws, "PauseCluster")) == 1


def test_available_and_not_yet_to_be_paused(aws: StrictAws, stack: Stack) -> None:
    words = "There is an operation running on the Cluster."  # https://github.com/apache/airflow/pull/27276
    aws.fault("redshift", "PauseCluster", "InvalidClusterState", words, times=3)
    cluster.pause(stack)
    assert cluster.look(stack).status == "paused"
    aws.fault("redshift", "ResumeCluster", "InvalidClusterState", words, times=3)
    cluster.resume(stack)
    assert cluster.look(stack).available


@pytest.mark.parametrize("snapshot", ["", "last"])
def test_a_paused_one_is_resumed_to_be_deleted(aws: StrictAws, stack: Stack, snapshot: str) -> None:
    cluster.pause(stack)
    plan = cluster.plan_down(stack, snapshot)
    assert "where AWS does not delete it while it is paused, it is resumed first: $1.09 an hour" in lines(plan)
    do(stack, plan)
    assert not cluster.look(stack).exists
    assert aws.snapshot()["cluster snapshots"] == ([snapshot] if snapshot else [])
    assert "is resumed first." in said(stack)
